"""What is a task's own code, and what only feeds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from hfshell.api import TaskSpec
from hfshell.session.chosen import ChosenTask


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
