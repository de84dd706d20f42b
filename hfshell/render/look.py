"""How a screen looks: its width, and the symbols it may use."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar, cast

_T = TypeVar("_T")


@dataclass(frozen=True)
class Symbols:
    """The signs that stand between words. The fields are named by what they mean."""

    separator: str
    becomes: str
    comes_from: str
    plus_minus: str
    ellipsis: str
    gutter: str
    absent: str
    zero: str
    holds: str
    times: str


UNICODE = Symbols(" · ", "→", "←", "±", "…", "│", "—", "·", "✓", "×")
ASCII = Symbols(", ", "->", "<-", "+/-", "...", "|", "-", ".", "ok", "x")

NARROW = 60
"""Below this many cells, what else stands side by side stands on lines of its own."""


@dataclass(frozen=True)
class Look:
    """A screen's width and manner.

    Attributes:
        width: in cells.
        plain: words and ASCII alone, for screen readers, logs and terminals that can do no more: no bars,
            no sparklines, no rules.
    """

    width: int
    plain: bool = False

    @property
    def symbols(self) -> Symbols:
        """The signs to use."""
        return ASCII if self.plain else UNICODE

    @property
    def narrow(self) -> bool:
        """Whether there is little room."""
        return self.width < NARROW


_SPELLED = str.maketrans({"…": "...", "·": "-", "→": "->", "←": "<-", "×": "x", "—": "-"})


def spelled_out(value: _T) -> _T:
    """Return a result with the signs in its words written in ASCII, for plain mode. Letters stay letters."""
    return cast("_T", _spelled_out(value))


def _spelled_out(value: Any) -> Any:
    if isinstance(value, str):
        return value.translate(_SPELLED)
    if isinstance(value, tuple):
        return tuple(map(_spelled_out, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{item.name: _spelled_out(getattr(value, item.name)) for item in fields(value)}
        )
    return value
