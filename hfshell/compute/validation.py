"""Measuring a model between epochs, without touching how it trains."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from hfshell.api.features import IGNORED, Feature
from hfshell.api.results import Metric
from hfshell.compute.batching import token_budget_batches
from hfshell.compute.inference import CPU_BUDGET, Forward, Meter, compute_outputs, length_of, without_targets
from hfshell.errors import Interrupted, TrainingError

if TYPE_CHECKING:
    from hfshell.api import CancelToken, Event, LoadedModel


@dataclass(frozen=True)
class Validation:
    """How a model is measured after each epoch.

    Attributes:
        features: encoded rows, with their targets.
        measure: from what the task keeps of the outputs, one tensor a feature, to metrics; the best epoch is
            chosen by the first one. Targets are not shown to the model. None measures the mean loss instead.
        forward: how features become batches, and what is kept; None pads them, and keeps logits.
    """

    features: Sequence[Feature]
    measure: Callable[[Sequence[torch.Tensor]], Sequence[Metric]] | None
    forward: Forward | None = None


def compute_metrics(
    model: LoadedModel, validation: Validation, cancelled: CancelToken, emit: Callable[[Event], None]
) -> Sequence[Metric] | None:
    """Measure a model.

    Args:
        model: its module is left in the mode it was in.
        validation: rows and metrics.
        cancelled: looked at before each batch.
        emit: hears `Progress` of the activity `eval`.

    Returns:
        Metrics, the headline first; None when the token was set.

    Raises:
        Refused: guard `non-finite`: an output is NaN or infinite.
        TrainingError: the loss is.
    """
    forward = validation.forward or Forward.plain(model.processor)
    meter = Meter(emit, len(validation.features), "eval")
    training = model.module.training
    model.module.eval()
    try:
        if validation.measure is None:
            return (_mean_loss(model, validation.features, forward, cancelled, meter),)
        bare = [without_targets(feature) for feature in validation.features]
        outputs = compute_outputs(model, bare, forward, cancelled=cancelled, done=meter.advance)
    except Interrupted:
        if cancelled.is_set:
            return None
        raise
    finally:
        model.module.train(training)
    return validation.measure(outputs)


def _mean_loss(
    model: LoadedModel,
    features: Sequence[Feature],
    forward: Forward,
    cancelled: CancelToken,
    meter: Meter,
) -> Metric:
    """Measure the mean loss of a target: of a token where each has one, else of a feature."""
    total, targets = 0.0, 0
    lengths = [length_of(feature) for feature in features]
    with torch.inference_mode():
        for numbers in token_budget_batches(lengths, CPU_BUDGET):
            cancelled.raise_if_set()
            batch = forward.collate([features[number] for number in numbers])
            batch = {name: value.to(model.device) for name, value in batch.items()}
            count = _targets(batch, is_causal="ForCausalLM" in type(model.module).__name__)
            total += float(_loss(model.module, batch, forward)) * count if count else 0.0
            targets += count
            meter.advance(len(numbers))
    mean = total / targets if targets else math.nan
    if not math.isfinite(mean):
        raise TrainingError("the loss on the validation rows is not finite", hint="a lower --learning-rate")
    return Metric("loss", mean, higher_is_better=False)


def _loss(module: torch.nn.Module, batch: Mapping[str, Any], forward: Forward) -> torch.Tensor:
    if forward.loss is None:
        loss: torch.Tensor = module(**batch).loss
        return loss
    own: torch.Tensor = forward.loss(module(**without_targets(batch)), batch)
    return own


def _targets(batch: Mapping[str, Any], *, is_causal: bool) -> int:
    """Count what the loss of a batch is the mean of; a causal model predicts no row's first token."""
    labels = batch.get("labels")
    if labels is None or labels.is_floating_point() or labels.dim() == 1:
        return len(next(iter(batch.values())))
    return int((labels[:, 1:] if is_causal else labels).ne(IGNORED).sum())
