"""What is a task's own code, and what only feeds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from hfshell.api import HeadTask, LabelScore, LabelsHead, NumberHead, Role, TaskSpec
from hfshell.session.chosen import ChosenTask
from hfshell.session.contained_head import ContainedHead


@pytest.mark.parametrize("ask", ["select", "answer"])
def test_what_makes_predictions_is_not_blamed_on_who_chooses_among_them(ask: str) -> None:
    """The engine computes while `select` waits for more: an error of its own is no failure of the task's."""
    contained: list[str] = []

    def run(what: str, function: Callable[..., Any], *arguments: Any) -> Any:
        contained.append(what)
        try:
            return function(*arguments)
        finally:
            contained.pop()

    def predictions() -> Iterator[int]:
        for number in range(600):
            assert not contained
            yield number

    def doubled(prediction: int, *_: object) -> int:
        assert contained == [ask]
        return 2 * prediction

    task: Any = SimpleNamespace(select=doubled, answer=doubled)
    chosen = ChosenTask(TaskSpec(name="any", summary="Any", target="x:y"), task, run=run)
    found = chosen.selected(predictions(), None) if ask == "select" else chosen.answers(predictions())
    assert found == [2 * number for number in range(600)]


SCORES = [LabelScore("rude", 0.8), LabelScore("threat", 0.4), LabelScore("spam", 0.1)]


class Kinds(LabelsHead):
    def encode(self, rows: Any, model: Any) -> Any:
        raise NotImplementedError


class Stars(NumberHead):
    def encode(self, rows: Any, model: Any) -> Any:
        raise NotImplementedError


def _both(head: HeadTask) -> Iterator[ChosenTask]:
    """A head of hfshell's own, and the same as a stranger's."""
    spec = TaskSpec(name="any", summary="Any", target="x:y", roles=(Role.text(), Role.labels()))
    contained = ContainedHead(head, lambda _what, function, *given: function(*given), lambda: None)
    for task in (head, contained):
        yield ChosenTask(spec, task)


@pytest.mark.parametrize(
    ("options", "labels"),
    [
        (None, ("rude",)),
        (SimpleNamespace(threshold=0.5), ("rude",)),
        (SimpleNamespace(threshold=0.3), ("rude", "threat")),
        (SimpleNamespace(threshold=0.9), ()),
    ],
)
def test_what_counts_as_a_label_is_the_users_to_say(options: Any, labels: tuple[str, ...]) -> None:
    """What `predict --threshold` gives, `eval --threshold` measures; without it from even odds on."""
    for chosen in _both(Kinds()):
        assert chosen.answers([SCORES], options) == [labels]


def test_heads_that_say_what_they_answer_are_asked() -> None:
    """A threshold is no business of theirs."""
    for chosen in _both(Stars()):
        assert chosen.answers([{"label": "score", "score": 2.5}], SimpleNamespace(threshold=0.3)) == [2.5]
