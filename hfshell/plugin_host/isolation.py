"""Running a plugin's code so that its failure stays its own."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Failure:
    """What went wrong inside a plugin, as text: a kept exception would pin whatever its frames hold."""

    summary: str
    traceback: str


@dataclass(frozen=True)
class Contained(Generic[T]):
    """The outcome of a plugin's code: a value, or a failure."""

    value: T | None = None
    failure: Failure | None = None


def contain(action: Callable[[], T]) -> Contained[T]:
    """Run a plugin's code; `sys.exit` is a failure like any other exception."""
    try:
        return Contained(value=action())
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a stranger's code may raise anything
        summary = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return Contained(failure=Failure(summary.splitlines()[0], traceback.format_exc()))
