"""Outputs to predictions, one a row and no more."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from hfshell.api.features import ROW, Feature, Window
from hfshell.compute.encoding import require_one_each
from hfshell.compute.inference import stacked

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    from hfshell.api.context import Row
    from hfshell.api.model_view import ModelView
    from hfshell.api.task import HeadTask


def decode(
    task: HeadTask,
    outputs: Sequence[torch.Tensor],
    features: Sequence[Feature],
    rows: Sequence[Row],
    model: ModelView,
) -> list[Any]:
    """Return a task's whole predictions from what was kept of a model's outputs.

    Args:
        task: the task.
        outputs: what it kept of the model's, one a feature.
        features: of these rows.
        rows: the rows, without their targets.
        model: the model as the task sees it.

    Raises:
        PluginError: the task gave more or fewer predictions than there are rows.
    """
    given: Any = windows_of(outputs, features, model) if task.windowed else stacked(outputs)
    return decoded(task, given, rows, model)


def decoded(task: HeadTask, given: Any, rows: Sequence[Row], model: ModelView) -> list[Any]:
    """Let a task decode. A generator that does not end is read one prediction too far.

    Raises:
        PluginError: the task gave more or fewer predictions than there are rows.
    """
    predictions = list(islice(task.decode(given, rows, model), len(rows) + 1))
    require_one_each(task, "predictions", len(predictions), len(rows))
    return predictions


def windows_of(
    outputs: Sequence[torch.Tensor], features: Sequence[Feature], model: ModelView
) -> list[Window]:
    """Put what a model made of features beside them."""
    left = getattr(model.processor, "padding_side", "right") == "left"
    return [
        Window(feature.get(ROW, number), feature, output, left)
        for number, (feature, output) in enumerate(zip(features, outputs, strict=True))
    ]
