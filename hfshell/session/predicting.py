"""Predictions of many rows: all at once, or in parts where a killed batch is to go on behind the last one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from hfshell.api.events import Event, Progress
from hfshell.api.task import HeadTask, rows_together
from hfshell.session.checkpointing.rows import KeptPredictions
from hfshell.session.returned import prediction

if TYPE_CHECKING:
    from hfshell.api.context import Row
    from hfshell.session.chosen import ChosenTask
    from hfshell.session.context import CommandContext
    from hfshell.session.warm_model import WarmModel


def predicted(
    chosen: ChosenTask, warm: WarmModel, rows: Sequence[Row], options: Any, context: CommandContext
) -> tuple[Any, ...]:
    """Predict rows, and choose what of each prediction is given.

    Args:
        chosen: the task.
        warm: the model.
        rows: what to predict.
        options: the task's own of `predict`.
        context: the command's surroundings. In a batch with a checkpoint, parts that an earlier life of its
            line predicted are read, not predicted again.

    Raises:
        PluginError: a prediction is no JSON, or there are more or fewer of them than rows.
        Refused: a guard refuses; or the earlier life was of other rows, or another model.
        Interrupted: cancelled.
    """
    progress, head = context.progress, chosen.task
    if progress is None or not isinstance(head, HeadTask):
        return _part(chosen, warm, rows, options, context, 0)
    size = rows_together(head)  # a part is what the engine sorts by length together
    if len(rows) <= size:
        return _part(chosen, warm, rows, options, context, 0)
    identity = {"task": chosen.spec.name, "model": asdict(warm.key), "rows": len(rows), "seed": context.seed}
    kept = KeptPredictions(progress, identity)
    try:
        made = list(kept.predictions)
        context.spoken += kept.guards
        for start in range(len(made), len(rows), size):
            rest = replace(context, emit_event=_counted(context, start, len(rows)), spoken=[])
            some = _part(chosen, warm, rows[start : start + size], options, rest, start)
            kept.add(some, rest.spoken)
            context.spoken += rest.spoken
            made += some
    finally:
        kept.close()
    return tuple(made)


def _part(
    chosen: ChosenTask,
    warm: WarmModel,
    rows: Sequence[Row],
    options: Any,
    context: CommandContext,
    before: int,
) -> tuple[Any, ...]:
    whole = chosen.predict(warm.model, rows, options, context)
    selected = enumerate(chosen.selected(whole, options), before + 1)
    return tuple(prediction(item, row, f"{chosen.title}: select") for row, item in selected)


def _counted(context: CommandContext, before: int, total: int) -> Any:
    """Tell of a part's progress as one of the whole."""

    def told(event: Event) -> None:
        if isinstance(event, Progress) and event.unit == "rows" and event.activity == "predict":
            remaining = None
            done = before + event.done
            if event.rows_per_second:
                remaining = (total - done) / event.rows_per_second
            event = replace(event, done=done, total=total, remaining_seconds=remaining)
        context.emit_event(event)

    return told
