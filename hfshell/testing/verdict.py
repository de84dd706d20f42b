"""Checks, and what comes of them. Light: a table of checks is read before anything is checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from hfshell.testing.subject import Subject

State = Literal["passed", "failed", "skipped"]


class Fault(Exception):  # noqa: N818 - names what was found
    """A check found something wrong.

    Args:
        message: what, one line.
        hint: what to do about it.
    """

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class NotApplicable(Exception):  # noqa: N818 - names what was found
    """A check has nothing to look at; the argument says why."""


@dataclass(frozen=True)
class Check:
    """Something that every plugin should hold to.

    Attributes:
        name: as `expected_failures` has it.
        summary: what holds, one line.
        run: looks; raises `Fault` or `NotApplicable`.
        needs: names of checks without which this one means nothing.
    """

    name: str
    summary: str
    run: Callable[[Subject], None]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """What came of a check.

    Attributes:
        check: its name.
        state: `passed`, `failed`, or `skipped` because it does not apply.
        message: what was found, or why it was skipped.
        hint: what to do about it.
        seconds: it took.
    """

    check: str
    state: State
    message: str = ""
    hint: str | None = None
    seconds: float = 0.0
