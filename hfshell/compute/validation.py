"""Measuring a model between epochs, without touching how it trains."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hfshell.compute.inference import Meter, compute_logits
from hfshell.errors import Interrupted

if TYPE_CHECKING:
    import torch

    from hfshell.api import CancelToken, Event, LoadedModel, Metric

Feature = Mapping[str, Any]
"""One encoded row: `input_ids` and the like as lists, neither padded nor tensors, and `labels`."""


@dataclass(frozen=True)
class Validation:
    """How a model is measured after each epoch.

    Attributes:
        features: encoded rows; their `labels` are not shown to the model.
        measure: from logits, as `hfshell.compute.inference.compute_logits` gives them, to metrics. The best
            epoch is chosen by the first one.
    """

    features: Sequence[Feature]
    measure: Callable[[torch.Tensor], Sequence[Metric]]


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
        Refused: guard `non-finite`: a logit is NaN or infinite.
    """
    rows = [{name: feature[name] for name in feature if name != "labels"} for feature in validation.features]
    meter = Meter(emit, len(rows), "eval")
    training = model.module.training
    model.module.eval()
    try:
        logits = compute_logits(model, rows, cancelled=cancelled, done=meter.advance)
    except Interrupted:
        if cancelled.is_set:
            return None
        raise
    finally:
        model.module.train(training)
    return validation.measure(logits)
