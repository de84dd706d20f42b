"""Running a plugin's code so that its failure stays its own."""

from __future__ import annotations

import importlib
import os
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Any, Generic, TypeVar

from hfshell.errors import HfshellError

T = TypeVar("T")

_LONGEST = 300
_ROAD = (os.path.dirname(__file__), os.path.dirname(importlib.__file__), "<frozen importlib")  # noqa: PTH120
"""Where the frames between us and a plugin's code are from."""


@dataclass(frozen=True)
class Failure:
    """What went wrong inside a plugin, as text: a kept exception would pin whatever its frames hold.

    Attributes:
        summary: one line.
        traceback: where; empty when its process ended without one.
        hint: what to do about it, when that is known.
    """

    summary: str
    traceback: str
    hint: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON types."""
        return asdict(self)


@dataclass(frozen=True)
class Contained(Generic[T]):
    """The outcome of a plugin's code: a value, or a failure with what was raised."""

    value: T | None = None
    failure: Failure | None = None
    error: BaseException | None = None


def contain(
    action: Callable[[], T],
    *,
    catch: type[BaseException] | tuple[type[BaseException], ...] = (Exception, SystemExit),
) -> Contained[T]:
    """Run a plugin's code; `sys.exit` is a failure like any other exception."""
    try:
        return Contained(value=action())
    except catch as error:
        return Contained(failure=failure_of(error), error=error.with_traceback(None))


def failure_of(error: BaseException) -> Failure:
    """Describe what a plugin raised."""
    frames = traceback.format_exception(type(error), error, _from_the_plugin_on(error.__traceback__))
    text = "".join(frames).encode("utf-8", "backslashreplace").decode()
    if isinstance(error, HfshellError):
        return Failure(_line(error.message), text, error.hint)
    said = str(error).strip()
    return Failure(_line(f"{type(error).__name__}: {said}" if said else type(error).__name__), text)


def _from_the_plugin_on(where: TracebackType | None) -> TracebackType | None:
    """Leave out how we came to the plugin's code: its author looks for a line of their own."""
    left = where
    while left is not None and left.tb_frame.f_code.co_filename.startswith(_ROAD):
        left = left.tb_next
    return left or where


def _line(text: str) -> str:
    first = text.encode("utf-8", "backslashreplace").decode().splitlines()[0]
    return first if len(first) <= _LONGEST else first[: _LONGEST - 1] + "…"
