"""What a task says on the way is held against the contract before a socket has to carry it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hfshell import Session
from hfshell.api import Guard, Note, Progress
from hfshell.api.events import SessionEvent
from hfshell.api.requests import RunRequest
from hfshell.api.results import FinetuneResult
from hfshell.errors import PluginError
from hfshell.session.emitted import checked_event, checked_guard
from tests.session.own_tasks.shared import FINETUNE

Untyped: Any = Progress
Noted: Any = Note
Guarded: Any = Guard


def saying(work: Any, monkeypatch: pytest.MonkeyPatch, method: str, *all_said: Any) -> None:
    """Have the task say something before it trains."""
    finetune = work.Bayes.finetune

    def talkative(self: Any, model: Any, data: Any, options: Any, context: Any) -> Any:
        for said in all_said:
            getattr(context, method)(said)
        return finetune(self, model, data, options, context)

    monkeypatch.setattr(work.Bayes, "finetune", talkative)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            Untyped("finetune", 1, 25 / 2, unit="steps"),
            "emit: Progress.total: expected int or None, got float",
        ),
        (Untyped("finetune", 1, loss=object()), "emit: Progress.loss: object is no JSON"),
        (Untyped("finetune", 1, metrics={"f1": "a"}), "emit: Progress.metrics[...]: expected float, got str"),
        ("half way", "emit: expected Progress, Note or Written, got str"),
        (Noted("x", "error"), "emit: Note.severity: invalid enum value 'error'"),
        (Noted("\ud800"), "emit: Note.text: "),
    ],
)
def test_a_wrong_event_is_told_by_its_field(given: Any, said: str) -> None:
    """Its author knows what to mend."""
    with pytest.raises(PluginError) as caught:
        checked_event(given, "emit")
    assert caught.value.message.startswith(said)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("language", "guard: expected Guard, got str"),
        (Guarded("language", "warn", 3), "guard: Guard.message: expected str, got int"),
        (Guarded("language", "error", "so"), "guard: Guard.severity: invalid enum value 'error'"),
    ],
)
def test_a_wrong_guard_is_told_by_its_field(given: Any, said: str) -> None:
    """So that a result with it can be written."""
    with pytest.raises(PluginError) as caught:
        checked_guard(given, "guard")
    assert caught.value.message == said


@pytest.mark.parametrize(("method", "given"), [("emit", "half way"), ("guard", "language")])
def test_nobody_hears_what_is_wrong_and_the_plugin_is_named(
    session: Session, work: Any, monkeypatch: pytest.MonkeyPatch, method: str, given: str
) -> None:
    """No socket breaks on it; the error says whose fault it is."""
    saying(work, monkeypatch, method, given)
    with pytest.raises(PluginError, match=rf"plugin bayes \(hfshell-bayes 0\.1\): {method}: expected"):
        session.run(FINETUNE)


def test_numbers_of_numpy_are_taken(session: Session, work: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An author who counts with numpy is not troubled; what goes out is Python's own, finite or None."""
    metrics = {"a": np.float64(0.5), "b": np.inf}
    saying(work, monkeypatch, "emit", Untyped("f", np.int64(2), loss=np.float32("nan"), metrics=metrics))
    events: list[SessionEvent] = []
    session.execute(RunRequest(FINETUNE), events.append)
    (heard,) = [event for event in events if isinstance(event, Progress) and event.metrics]
    assert heard == Progress("f", 2, metrics={"a": 0.5})
    assert (type(heard.done), type(heard.metrics["a"])) == (int, float)


def test_a_guard_counts_with_numpy(session: Session, work: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The count of a guard reaches the result as an int."""
    saying(work, monkeypatch, "guard", Guarded("language", "warn", "not English", count=np.int64(3)))
    result = session.run(FINETUNE)
    assert isinstance(result, FinetuneResult)
    (guard,) = [guard for guard in result.guards if guard.name == "language"]
    assert (guard.count, type(guard.count)) == (3, int)
