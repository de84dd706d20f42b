"""`expect` compares fields and values, as it says."""

from __future__ import annotations

import pytest

from hfshell import Session
from hfshell.errors import ExpectationFailed, UsageError


@pytest.fixture(scope="module")
def session() -> Session:
    """A session that knows a number and a word."""
    session = Session()
    session.run("let score = 0.876\nlet who = Ada")
    return session


@pytest.mark.parametrize(
    "line",
    [
        "expect $score >= 0.876", "expect $score > 0.5", "expect 2 == 2.0", "expect 1e-3 < 0.01",
        "expect $who == Ada", "expect $who != Bob", "expect $score ~ 0.88", "expect $score ~ 0.9",
        "expect -1 <= 1", "expect 'e.g' == \"e.g\"",
    ],
)  # fmt: skip
def test_holds(session: Session, line: str) -> None:
    """What is true passes."""
    session.run(line)


@pytest.mark.parametrize(
    "line", ["expect $score >= 0.9", "expect $who == ada", "expect $score ~ 0.87", "expect 1 != 1.0"]
)
def test_does_not_hold(session: Session, line: str) -> None:
    """What is false stops the script with exit code 3."""
    with pytest.raises(ExpectationFailed) as caught:
        session.run(line)
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    "line",
    ["expect 1", "expect 1 is 1", "expect $who < Bob", "expect 1 == 1 == 1", "expect nothing.accuracy > 1"],
)
def test_is_no_comparison(session: Session, line: str) -> None:
    """What has no meaning is a usage error, not a failed expectation."""
    with pytest.raises(UsageError):
        session.run(line)
