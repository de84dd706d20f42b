"""What plugins say on the way, held against the contract before anybody hears it."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from numbers import Integral, Real
from typing import Any, TypeVar

import msgspec

from hfshell.api.events import Event, Note, Progress, Written
from hfshell.api.guards import Guard
from hfshell.errors import PluginError

_Said = TypeVar("_Said", Progress, Note, Written, Guard)


def checked_event(value: Any, who: str) -> Event:
    """Return an event as it comes out of a socket: with Python's own numbers, None for one not finite.

    Args:
        value: what was emitted.
        who: the plugin and what it does, `plugin stars (hfshell-stars 0.1): emit`.

    Raises:
        PluginError: it is no event, or a field is of the wrong type.
    """
    if isinstance(value, Note):
        return _as(Note, value, who)
    if isinstance(value, Written):
        return _as(Written, value, who)
    if not isinstance(value, Progress):
        raise PluginError(
            f"{who}: expected Progress, Note or Written, got {type(value).__name__}", hint=_HINT
        )
    if isinstance(value.metrics, dict) and value.metrics:
        value = replace(value, metrics={name: n for name, n in value.metrics.items() if not _endless(n)})
    return _as(Progress, value, who)


def checked_guard(value: Any, who: str) -> Guard:
    """Return what a guard says, with Python's own numbers.

    Raises:
        PluginError: it is no guard, or a field is of the wrong type.
    """
    if not isinstance(value, Guard):
        raise PluginError(f"{who}: expected Guard, got {type(value).__name__}", hint=_HINT)
    return _as(Guard, value, who)


def plain_number(value: Any) -> Any:
    """Return a number, of numpy say, as Python's own: msgspec's hook for what it does not know.

    Raises:
        TypeError: it is none.
    """
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value)
    raise TypeError(f"{type(value).__name__} is no JSON")


_HINT = "this is a fault of the plugin; tell its author"


def _as(kind: type[_Said], value: Any, who: str) -> _Said:
    try:
        return msgspec.json.decode(msgspec.json.encode(value, enc_hook=plain_number), type=kind)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        where, what = _place(value, error)
        raise PluginError(f"{who}: {kind.__name__}{where}: {what}", hint=_HINT) from None


def _place(value: Any, error: Exception) -> tuple[str, str]:
    """Say in which field something is wrong, `.total`, and what."""
    what, _, where = str(error).partition(" - at ")
    what = what.replace("`", "").replace(" | null", " or None").replace("null", "None")
    what = what[:1].lower() + what[1:] if isinstance(error, msgspec.ValidationError) else what
    if where:
        return where.strip("`").removeprefix("$"), what
    bad = (item.name for item in fields(value) if not _is_json(getattr(value, item.name, None)))
    return f".{name}" if (name := next(bad, "")) else "", what


def _is_json(value: Any) -> bool:
    try:
        msgspec.json.encode(value, enc_hook=plain_number)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return False
    return True


def _endless(number: Any) -> bool:
    return isinstance(number, Real) and not math.isfinite(number)
