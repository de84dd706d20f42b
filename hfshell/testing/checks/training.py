"""Fine-tuning: it says how far it is, leaves the base alone, and stops when it is told to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from hfshell.api.events import Progress
from hfshell.api.requests import RunRequest
from hfshell.errors import Interrupted
from hfshell.testing.likeness import require_same, require_unlike
from hfshell.testing.outcome import Outcome
from hfshell.testing.verdict import Fault, NotApplicable

if TYPE_CHECKING:
    from hfshell.api.events import SessionEvent
    from hfshell.testing.subject import Subject

LONG = "--epochs 200"
"""Training that would take long enough to be stopped."""

_STILL_UNDERWAY = 5
"""Events that may come after Ctrl-C: those of the step that is finished, and of what is kept."""


def trains(subject: Subject) -> None:
    """Train, and listen."""
    heard = _progress(subject.trained.events)
    if not heard:
        raise Fault(
            "it said nothing while it trained",
            'context.emit(Progress("finetune", step, total, unit="steps", loss=loss))',
        )
    for progress in heard:
        if progress.total is not None and progress.done > progress.total:
            raise Fault(f"it said that {progress.done} of {progress.total} {progress.unit} are done")
        if progress.loss is not None and not math.isfinite(progress.loss):
            raise Fault(f"the loss was {progress.loss} after {progress.done} {progress.unit}")
    if any(later.done < earlier.done for earlier, later in pairwise(heard)):
        raise Fault("its progress went back", "`done` counts from the beginning of the whole training")


def leaves_base(subject: Subject) -> None:
    """Train a model that predicts, and see that it predicts as before."""
    _require_training(subject)
    name, _ = subject.model, subject.data
    before = subject.predict()
    subject.run(subject.line("other = finetune", f"{name} all", "finetune"))
    require_same(
        before,
        subject.predict(),
        "the model that was given predicts otherwise after `finetune`",
        "train a copy, and return it",
    )
    require_unlike(before)


def stops(subject: Subject) -> None:
    """Press Ctrl-C in the middle of a training, and go on working."""
    _require_training(subject)
    name, _ = subject.model, subject.data
    options = subject.line("stopped = finetune", f"{name} all", "finetune")
    outcome, before = _interrupted(subject, f"{_without_epochs(options)} {LONG}")
    for error in outcome.errors:
        if not isinstance(error, Interrupted):
            raise Fault(f"after Ctrl-C it failed: {error.message}", error.hint)
    after = len(_progress(outcome.events)) - before
    if after > _STILL_UNDERWAY:
        raise Fault(
            f"it went on after Ctrl-C, and said so {after} times",
            "between two steps: context.cancelled.raise_if_set(), or look at context.cancelled.is_set",
        )
    subject.predict()


def _interrupted(subject: Subject, line: str) -> tuple[Outcome, int]:
    """Run a line, and cancel it as soon as it says how far it is; return how often it had said so by then."""
    events: list[SessionEvent] = []
    pressed = 0

    def watch(event: SessionEvent) -> None:
        nonlocal pressed
        events.append(event)
        if not pressed and _progress([event]):
            pressed = 1
            subject.session.cancel(1)

    with subject.listening():
        code = subject.session.execute(RunRequest(line, "<script>"), watch)
    heard = _progress(events)
    if not heard:
        raise NotApplicable("it says nothing while it trains, so there is no moment to stop it at")
    if heard[0].total is not None and heard[0].done >= heard[0].total:
        raise NotApplicable("it was done before it could be stopped")
    return Outcome(code, tuple(events)), pressed


def _progress(events: Sequence[SessionEvent]) -> list[Progress]:
    return [event for event in events if isinstance(event, Progress) and event.activity == "finetune"]


def _without_epochs(line: str) -> str:
    words = line.split()
    while "--epochs" in words:
        at = words.index("--epochs")
        del words[at : at + 2]
    return " ".join(words)


def _require_training(subject: Subject) -> None:
    if not subject.trains:
        raise NotApplicable(f"{subject.spec.name} has no finetune")
    if "predict" not in subject.spec.capabilities:
        raise NotApplicable(f"{subject.spec.name} has no predict to see it by")
