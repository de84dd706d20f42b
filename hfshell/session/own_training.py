"""Fine-tuning by a task that makes its models itself: it trains, hfshell takes note, saves and keeps."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hfshell.api.events import Event, Progress
from hfshell.api.guards import Guard
from hfshell.api.results import FinetuneOutcome
from hfshell.models.saving import save_task_model
from hfshell.models.task_model import TaskModel

if TYPE_CHECKING:
    from pathlib import Path

    from hfshell.api.context import TaskData
    from hfshell.session.context import CommandContext
    from hfshell.session.tasks import ChosenTask

STRETCHES = 60
"""Losses are kept as means over so many equal stretches of the training."""


@dataclass
class Course:
    """What a training told on its way."""

    losses: list[float] = field(default_factory=list)
    validation: list[dict[str, float]] = field(default_factory=list)
    epoch: float | None = None
    steps: int = 0

    def listening(self, emit: Callable[[Event], None]) -> Callable[[Event], None]:
        """Return an `emit` that takes note, and passes on."""

        def hear(event: Event) -> None:
            if isinstance(event, Progress):
                self._note(event)
            emit(event)

        return hear

    def outcome(self, model: Any, rows: int, seconds: float, *, cancelled: bool) -> FinetuneOutcome:
        """Describe a training whose task returned the new model alone; one that told nothing was one step."""
        epochs = 1.0 if self.epoch is None else self.epoch
        return FinetuneOutcome(
            model=model,
            folder="",
            epochs=epochs,
            steps=self.steps or 1,
            rows=rows,
            losses=_means(self.losses),
            validation=tuple(self.validation),
            best_epoch=None,
            seconds=seconds,
            rows_per_second=rows * epochs / seconds if seconds else 0.0,
            stopped="interrupted" if cancelled else None,
        )

    def _note(self, progress: Progress) -> None:
        if progress.loss is not None:
            self.losses.append(progress.loss)
        if progress.epoch is not None:
            self.epoch = progress.epoch
        if progress.unit == "steps":
            self.steps = max(self.steps, progress.done)
        newest = self.validation[-1] if self.validation else {}
        if progress.metrics and progress.metrics != newest:
            self.validation.append(dict(progress.metrics))


def train(chosen: ChosenTask, base: TaskModel, data: TaskData, context: CommandContext) -> FinetuneOutcome:
    """Let a task train, and save what came of it into the run's folder.

    Args:
        chosen: the task, which makes its models itself.
        base: the model to begin with.
        data: as the task sees it.
        context: the command's surroundings, with a run, and the fingerprints of the rows that it trains on.

    Returns:
        What the task said of the training, or what is known of it; its model is a `TaskModel`.

    Raises:
        PluginError: the task returned no new model, or something of the wrong type.
        StorageError: the disk refused.
    """
    course = Course()
    hearing = replace(context, emit_event=course.listening(context.emit_event))
    began = time.perf_counter()
    made = chosen.finetune(base, data, chosen.options("finetune", context), hearing)
    seconds = time.perf_counter() - began
    if not isinstance(made, FinetuneOutcome):
        made = course.outcome(made, len(data.train), seconds, cancelled=context.cancelled.is_set)
    assert context.run is not None  # noqa: S101 - `finetune` is always recorded
    model = chosen.keep(made.model, f"run:{context.run.id}")
    model.device, model.trained_on = hearing.place, base.trained_on | context.rows_seen
    if chosen.has_save:
        save(chosen, model, context.run.model_folder, context, replace=True)
        model.folder = context.run.model_folder
    else:
        context.guard(_not_saved(chosen))
    return replace(made, model=model, folder=str(model.folder or ""))


def save(
    chosen: ChosenTask,
    model: TaskModel,
    folder: Path,
    context: CommandContext,
    *,
    replace: bool = False,
) -> None:
    """Write a model that a task made to a folder, whole or not at all.

    Args:
        chosen: the task; it `has_save`.
        model: the model.
        folder: must not exist, unless `replace`.
        context: the command's surroundings.
        replace: an existing folder gives way.

    Raises:
        PluginError: the task wrote nothing, or failed.
        StorageError: the folder exists, or the disk refused.
    """
    write = partial(chosen.save, model, context=context)
    save_task_model(model, write, folder, plugin=chosen.plugin, replace=replace)


def _not_saved(chosen: ChosenTask) -> Guard:
    return Guard(
        "not-saved",
        "warn",
        f"{chosen.spec.name} cannot save its models: this one lives in memory only, and no `run:ID` finds it",
        hint="it is lost when it is unloaded, or its process ends",
    )


def _means(values: list[float]) -> tuple[float, ...]:
    """Return the means over at most `STRETCHES` equal stretches."""
    count = min(STRETCHES, len(values))
    ends = [len(values) * index // count for index in range(count + 1)] if count else []
    return tuple(sum(values[start:end]) / (end - start) for start, end in pairwise(ends))
