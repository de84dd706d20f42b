"""What looks on while a Trainer runs: progress, cancellation, checkpoints, validation, early stopping."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from transformers import TrainerCallback

from hfshell.api import Note, Progress
from hfshell.compute.training_history import TrainingHistory, ValidationRecord
from hfshell.compute.validation import Validation, compute_metrics

if TYPE_CHECKING:
    from collections.abc import Callable

    from hfshell.api import CancelToken, Event, LoadedModel

_SECONDS_BETWEEN_EVENTS = 0.2


@dataclass(frozen=True)
class Schedule:
    """How long a run is.

    Attributes:
        epochs: asked for, may be fractional.
        steps_per_epoch, total_steps: optimizer steps.
        save_every: steps between checkpoints within an epoch, None for none.
        patience: epochs without a better headline after which it stops, None for all epochs.
    """

    epochs: float
    steps_per_epoch: int
    total_steps: int
    save_every: int | None
    patience: int | None

    def ends_epoch(self, step: int) -> bool:
        """Whether the model is measured after this step."""
        return step % self.steps_per_epoch == 0 or step == self.total_steps

    def epoch(self, step: int) -> float:
        """Return how many epochs are done after a step."""
        return step / self.steps_per_epoch


class TrainingWatch(TrainerCallback):  # type: ignore[misc]  # transformers is not typed
    """Steers a run from the outside.

    A checkpoint is committed at the end of an epoch *before* the model is measured: a crash in a long
    validation costs no training, and a resumed run measures what was left unmeasured.

    Attributes:
        stopped: why the run ended before its time: None, `interrupted`, `early-stopping`.
    """

    def __init__(
        self,
        schedule: Schedule,
        history: TrainingHistory,
        model: LoadedModel,
        validation: Validation | None,
        *,
        cancelled: CancelToken,
        emit: Callable[[Event], None],
    ) -> None:
        self.schedule = schedule
        self.history = history
        self.stopped: str | None = None
        self._learning_rate: float | None = None
        self._model = model
        self._validation = validation
        self._cancelled = cancelled
        self._emit = emit
        self._committed = -1
        self._first_step = self._first_rows = 0
        self._began = time.monotonic()
        self._seconds_before = history.seconds
        self._last_event = self._aside = 0.0

    # ---- Trainer's events

    def on_train_begin(self, _args: Any, state: Any, _control: Any, **_rest: Any) -> None:
        """Start the clocks, and say which checkpoint to spare: validation may be newer than the state's."""
        self._first_step, self._first_rows = state.global_step, self.history.rows
        self._aside = time.monotonic() - self._began
        self._committed = state.global_step
        self._mark_best(state)

    def on_step_end(self, _args: Any, state: Any, control: Any, **rest: Any) -> None:
        """Count the step, say so, and ask for what is due."""
        step, schedule = state.global_step, self.schedule
        self.history.close_step(step)
        self._count_seconds()
        self._learning_rate = rest["lr_scheduler"].get_last_lr()[0]
        if step == schedule.total_steps or self._is_due():
            self._report(step)
        if self._cancelled.is_set and step < schedule.total_steps:
            self.stopped = "interrupted"
            control.should_training_stop = control.should_save = True
        elif schedule.save_every and step % schedule.save_every == 0:
            control.should_save = not schedule.ends_epoch(step)

    def on_epoch_end(self, _args: Any, state: Any, control: Any, **_rest: Any) -> None:
        """Ask for the epoch's checkpoint; Trainer ends an epoch also when it stops within one."""
        step = state.global_step
        control.should_save = step != self._committed and self.schedule.ends_epoch(step)

    def on_save(self, _args: Any, state: Any, control: Any, **_rest: Any) -> None:
        """Measure the model behind the checkpoint that was just committed."""
        self._committed = state.global_step
        if self.schedule.ends_epoch(state.global_step):
            self.measure(state.global_step)
            self._mark_best(state)
            self._report(state.global_step)
        if self.is_over(state.global_step):
            control.should_training_stop = True

    # ---- also before Trainer starts, on resume

    def measure(self, step: int) -> None:
        """Measure the state after a step, unless it was, or the user interrupts."""
        if self._validation is None or self.history.is_validated(step):
            return
        began = time.monotonic()
        metrics = compute_metrics(self._model, self._validation, self._cancelled, self._emit)
        self._aside += time.monotonic() - began
        self._count_seconds()
        if metrics is None:
            self.stopped = "interrupted"
            return
        self.history.add_validation(step, self.schedule.epoch(step), metrics)
        self._stop_early(step)

    def is_over(self, step: int) -> bool:
        """Whether nothing is left to train: all steps are done, or it was stopped."""
        return self.stopped is not None or step >= self.schedule.total_steps

    def ranked(self) -> list[ValidationRecord]:
        """Return the epochs that were measured, the best first; none without validation rows."""
        return [] if self._validation is None else self.history.ranked()

    def _stop_early(self, step: int) -> None:
        ranked, patience = self.ranked(), self.schedule.patience
        if not ranked or patience is None or step >= self.schedule.total_steps:
            return
        best = ranked[0]
        since = sum(record.step > best.step for record in self.history.validation)
        if since >= patience:
            self.stopped = "early-stopping"
            self._emit(Note(f"no better than epoch {best.epoch:g} for {since} epochs: stopped"))

    def _count_seconds(self) -> None:
        self.history.seconds = self._seconds_before + time.monotonic() - self._began

    # ---- saying so

    def _mark_best(self, state: Any) -> None:
        ranked = self.ranked()
        state.best_global_step = ranked[0].step if ranked else None

    def _is_due(self) -> bool:
        return time.monotonic() - self._last_event >= _SECONDS_BETWEEN_EVENTS

    def _report(self, step: int) -> None:
        self._last_event = time.monotonic()
        seconds = max(self._last_event - self._began - self._aside, 1e-9)
        left = self.schedule.total_steps - step
        self._emit(
            Progress(
                "finetune",
                step,
                self.schedule.total_steps,
                unit="steps",
                rows_per_second=(self.history.rows - self._first_rows) / seconds,
                remaining_seconds=left * seconds / (step - self._first_step),
                epoch=self.schedule.epoch(step),
                epochs=self.schedule.epochs,
                loss=self.history.recent_loss,
                learning_rate=self._learning_rate,
                metrics=self.history.newest_metrics,
            )
        )
