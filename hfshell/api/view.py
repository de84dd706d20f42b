"""Views: how a plugin wants a result to look, as data. hfshell lays them out for whatever screen there is.

A view names meanings, not colours: the theme, the width, a screen reader's plain mode, HTML and Markdown are
hfshell's. Text in it may be anything; control characters in it never reach a terminal.

Example::

    Stack((
        Line((Span("Ada Lovelace", "mark", tag="PER"), Span(" wrote to Babbage."))),
        Bars((Bar("billing", 0.94), Bar("refunds", 0.04))),
    ))
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Style = Literal["plain", "name", "number", "good", "warn", "bad", "dim", "heading", "mark"]
"""What a text means: a name, a number that matters, a good or bad one, an aside, a marked passage."""


@dataclass(frozen=True)
class Span:
    """Some text.

    Attributes:
        text: the text.
        style: what it means.
        tag: a short word set behind it, `PER` behind a marked name; the same tag has the same colour
            everywhere. Empty for none.
    """

    text: str
    style: Style = "plain"
    tag: str = ""


@dataclass(frozen=True)
class Line:
    """Spans one behind the other; wrapped between words where the screen ends."""

    spans: tuple[Span | str, ...]


Cell = Span | str | int | float | None
"""A cell of a table. Numbers stand to the right."""


@dataclass(frozen=True)
class Table:
    """Rows under headings; `columns` may be empty for a table without a header."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Bar:
    """A labelled amount, from 0 to the `maximum` of its `Bars`."""

    label: str
    value: float


@dataclass(frozen=True)
class Bars:
    """Amounts to compare, the first one standing out; in words alone where bars cannot be drawn."""

    bars: tuple[Bar, ...]
    maximum: float = 1.0


@dataclass(frozen=True)
class Stack:
    """Views below each other."""

    views: tuple[View, ...]


View = Line | Table | Bars | Stack
