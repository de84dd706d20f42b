"""Running a plugin's code so that its failure stays its own."""

from __future__ import annotations

import importlib
import json
import os
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import dropwhile
from types import TracebackType
from typing import Any, Generic, TypeVar

from hfshell.errors import HfshellError, Interrupted, Place, error_from_dict

T = TypeVar("T")

_LONGEST = 300
_LAST_EXIT_CODE = 125
"""Beyond it, a shell says that a program was not found, or that a signal ended it."""

_ROAD = (os.path.dirname(__file__), os.path.dirname(importlib.__file__), "<frozen importlib")  # noqa: PTH120
"""Where the frames between us and a plugin's code are from."""

_PLUGGY = f"{os.sep}pluggy{os.sep}"

_OURS = (os.path.dirname(_ROAD[0]) + os.sep, threading.__file__, "<frozen")  # noqa: PTH120
"""Where the frames of a thread are from before it comes to a plugin's code."""


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
    """Describe what a plugin raised, whatever its class does when it is asked."""
    text = _traceback_of(error)
    if isinstance(error, HfshellError):
        sound = presentable(error)
        if _theirs(error.__traceback__):
            return Failure(_line(sound.message), text, sound.hint)
        place = sound.place  # we refused it: our own frames help nobody
        where = f'File "{place.file}", line {place.line or 1}' if place else ""
        return Failure(f"{_line(sound.message)}{_short(place)}", where, sound.hint)
    said = text_of(error).strip()
    place = None if isinstance(error, SyntaxError) else _place(error.__traceback__)
    return Failure(
        _line(f"{type(error).__name__}: {said}" if said else type(error).__name__) + _short(place), text
    )


def presentable(error: HfshellError) -> HfshellError:
    """Return an error that can be shown, crosses a socket and lets no script go on: itself where it does.

    A plugin's own kind of error may lack what hfshell's have, or hold what they never do. The nearest kind of
    hfshell's stands in for such a one.
    """
    return error if _is_presentable(error) else _stand_in(error)


def stack_of(thread: int) -> str:
    """Say where a thread is, from a plugin's code on; empty when it is gone."""
    frame = sys._current_frames().get(thread)  # noqa: SLF001 - the documented way
    calls = traceback.extract_stack(frame) if frame is not None else []
    theirs = [*dropwhile(lambda call: call.filename.startswith(_OURS), calls)] or calls
    lines = traceback.format_list(theirs)
    return "".join(["Where it was (most recent call last):\n", *lines]) if lines else ""


def text_of(said: object) -> str:
    """Return what `str` makes of a stranger's object, or why it makes nothing of it."""
    try:
        return str(said)
    except Exception as error:  # noqa: BLE001 - a stranger's `__str__` may raise anything
        return f"its text cannot be had, {type(error).__name__} in __str__"


def _is_presentable(error: HfshellError) -> bool:
    try:
        crossed = error_from_dict(json.loads(json.dumps(error.to_dict())))
        texts = (error.message, error.hint or "", error.detail or "", crossed.message)
        return all(isinstance(text, str) for text in texts) and bool(error.message.strip()) and _fails(error)
    except Exception:  # noqa: BLE001 - what its class does when asked may raise anything
        return False


def _fails(error: HfshellError) -> bool:
    """Whether a script that stops there is seen to have failed."""
    code = error.exit_code
    return type(code) is int and (0 < code <= _LAST_EXIT_CODE or code == Interrupted.exit_code)


def _stand_in(error: HfshellError) -> HfshellError:
    kind: Any = next(kind for kind in type(error).__mro__ if kind.__module__ == HfshellError.__module__)
    message, hint, place = (_attribute(error, name) for name in ("message", "hint", "place"))
    if message is None and error.args != (None,):
        message = error
    sound = error_from_dict(
        {
            "code": kind.code,
            "guard": text_of(_attribute(error, "guard")),
            "message": _text_or(f"{type(error).__name__} without a message", message),
            "hint": None if hint is None else text_of(hint),
            "exit_code": _attribute(error, "exit_code"),
            "detail": _traceback_of(error),
        }
    )
    if not _fails(sound):
        sound.exit_code = kind.exit_code
    return sound.at(place) if isinstance(place, Place) else sound


def _text_or(otherwise: str, said: object) -> str:
    return (text_of(said).strip() if said is not None else "") or otherwise


def _attribute(error: HfshellError, name: str) -> Any:
    try:
        return getattr(error, name, None)
    except Exception:  # noqa: BLE001 - a property of a stranger's
        return None


def _traceback_of(error: BaseException) -> str:
    where = _from_the_plugin_on(error.__traceback__)
    try:
        lines = traceback.format_exception(type(error), error, where)
    except Exception:  # noqa: BLE001 - notes and causes are a stranger's too
        lines = [*traceback.format_tb(where), type(error).__name__, "\n"]
    return "".join(lines).encode("utf-8", "backslashreplace").decode()


def _from_the_plugin_on(where: TracebackType | None) -> TracebackType | None:
    """Leave out how we came to the plugin's code: its author looks for a line of their own."""
    left = where
    while left is not None and left.tb_frame.f_code.co_filename.startswith(_ROAD):
        left = left.tb_next
    return left or where


def _theirs(where: TracebackType | None) -> list[traceback.FrameSummary]:
    """Return the frames that are neither ours, nor between us and a plugin's code."""
    return [
        frame
        for frame in traceback.extract_tb(where)
        if not frame.filename.startswith((_OURS[0], *_ROAD[1:], "<")) and _PLUGGY not in frame.filename
    ]


def _place(where: TracebackType | None) -> Place | None:
    """Return the last line of a plugin's own code that ran: what it called may stand elsewhere."""
    frames = _theirs(where)
    folder = os.path.dirname(frames[0].filename) if frames else ""  # noqa: PTH120
    own = [frame for frame in frames if frame.filename.startswith(folder)]
    return Place(own[-1].filename, own[-1].lineno) if own else None


def _short(place: Place | None) -> str:
    if place is None:
        return ""
    line = f":{place.line}" if place.line else ""
    return f" ({os.path.basename(place.file)}{line})"  # noqa: PTH119


def _line(text: str) -> str:
    first = (text.encode("utf-8", "backslashreplace").decode().splitlines() or [""])[0]
    return first if len(first) <= _LONGEST else first[: _LONGEST - 1] + "…"
