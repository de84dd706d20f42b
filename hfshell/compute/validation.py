"""Measuring a model between epochs, without touching how it trains."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from hfshell.errors import TrainingError

if TYPE_CHECKING:
    from hfshell.api import CancelToken

Feature = Mapping[str, Any]
"""One encoded row: `input_ids` and the like as lists, neither padded nor tensors, and `labels`."""

Collator = Callable[[list[Any]], Mapping[str, torch.Tensor]]
"""Pads features into one batch of tensors."""


@dataclass(frozen=True)
class Validation:
    """How a model is measured after each epoch.

    Attributes:
        features: encoded rows; their `labels` are not shown to the model.
        measure: from logits, float32 on the CPU of shape (rows, …) in the order of `features`, to metrics by
            name. Where rows differ in length, positions past a row's batch hold 0.
        headline: the metric by which the best epoch is chosen.
        higher_is_better: False for a loss or an error.
    """

    features: Sequence[Feature]
    measure: Callable[[torch.Tensor], Mapping[str, float | None]]
    headline: str
    higher_is_better: bool = True


def compute_metrics(
    validation: Validation,
    module: torch.nn.Module,
    collate: Collator,
    *,
    batch_size: int,
    cancelled: CancelToken,
    progress: Callable[[int, int], None],
) -> dict[str, float] | None:
    """Measure a model; metrics that are not defined (None, NaN) are left out.

    Args:
        validation: rows and metrics.
        module: left in the mode it was in.
        collate: pads a batch.
        batch_size: rows at once.
        cancelled: looked at before each batch.
        progress: told rows done and all rows after each batch.

    Returns:
        Metrics by name, or None when the token was set.

    Raises:
        TrainingError: a logit is not finite.
    """
    parts: list[tuple[list[int], torch.Tensor]] = []
    training, done = module.training, 0
    module.eval()
    try:
        for indexes in _batches(validation.features, batch_size):
            if cancelled.is_set:
                return None
            rows = [_without_labels(validation.features[index]) for index in indexes]
            parts.append((indexes, _forward(module, collate(rows))))
            done += len(indexes)
            progress(done, len(validation.features))
    finally:
        module.train(training)
    metrics = validation.measure(_in_order(parts, len(validation.features)))
    return {name: value for name, value in metrics.items() if value is not None and math.isfinite(value)}


def _batches(features: Sequence[Feature], batch_size: int) -> Iterator[list[int]]:
    """Yield batches of row numbers, rows of like length together, the longest first."""
    order = sorted(range(len(features)), key=lambda index: -_length(features[index]))
    for start in range(0, len(order), batch_size):
        yield order[start : start + batch_size]


def _length(feature: Feature) -> int:
    return max((len(value) for value in feature.values() if hasattr(value, "__len__")), default=1)


def _without_labels(feature: Feature) -> dict[str, Any]:
    return {name: value for name, value in feature.items() if name != "labels"}


def _forward(module: torch.nn.Module, batch: Mapping[str, torch.Tensor]) -> torch.Tensor:
    device = next(module.parameters()).device
    with torch.inference_mode():
        outputs = module(**{name: value.to(device) for name, value in batch.items()})
    logits: torch.Tensor = outputs.logits.float().cpu()
    if not torch.isfinite(logits).all():
        raise TrainingError(
            "the model's answers on the validation rows are not finite",
            hint="a lower learning rate helps most often",
        )
    return logits


def _in_order(parts: list[tuple[list[int], torch.Tensor]], rows: int) -> torch.Tensor:
    shapes = [logits.shape[1:] for _, logits in parts]
    ordered = torch.zeros(rows, *(max(sizes) for sizes in zip(*shapes, strict=True)))
    for indexes, logits in parts:
        place: tuple[Any, ...] = (torch.tensor(indexes), *(slice(size) for size in logits.shape[1:]))
        ordered[place] = logits
    return ordered
