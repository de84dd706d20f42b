"""Rows that a task graded itself, beside what they say."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from hfshell.api import Graded, Metric, Role, TaskSpec
from hfshell.session.scoring import score

ROLES = (Role("text", "text"), Role("score", "number", target=True))


@pytest.mark.parametrize(("value", "shown"), [(0, "0"), (0.0, "0.0"), ("", ""), (None, "")])
def test_a_row_that_expects_zero_expects_something(value: Any, shown: str) -> None:
    """Of a number 0 is as good as any; only a row without one expects nothing."""
    graded = Graded([Metric("loss", 1.0)], [1.0], higher_is_better=False)
    chosen: Any = SimpleNamespace(
        spec=TaskSpec(name="any", summary="Any", target="any:Any", roles=ROLES),
        has_eval=True,
        options=lambda *_: None,
        evaluate=lambda *_: graded,
    )
    nothing: Any = None
    (worst,) = score(chosen, nothing, [{"text": "a", "score": value}], {}, nothing).report.worst
    assert worst.expected == shown
