"""Logits to predictions, one a row and no more."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from hfshell.compute.encoding import require_one_each

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    from hfshell.api.context import Row
    from hfshell.api.model_view import ModelView
    from hfshell.api.task import HeadTask


def decode(task: HeadTask, logits: torch.Tensor, rows: Sequence[Row], model: ModelView) -> list[Any]:
    """Return a task's whole predictions. A generator that does not end is read one prediction too far.

    Args:
        task: the task.
        logits: float32, shape (rows, …).
        rows: the rows, without their targets.
        model: the model as the task sees it.

    Raises:
        PluginError: the task gave more or fewer predictions than there are rows.
    """
    predictions = list(islice(task.decode(logits, rows, model), len(rows) + 1))
    require_one_each(task, "predictions", len(predictions), len(rows))
    return predictions
