"""Views: how a plugin wants a result to look, as data. hfshell lays them out for whatever screen there is.

A view names meanings, not colours: the theme, the width, a screen reader's plain mode, HTML and Markdown are
hfshell's. Text in it may be anything; control characters in it never reach a terminal. Colour may be missing,
so what matters is also said in words.

A view is for a screen. One of more than 20,000 parts, a million characters, or eight views inside each other
is refused, and the result is shown the usual way.

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
        tag: a short word set behind it: `[Ada]PER` behind a marked passage, `wrote/VERB` behind any other.
            The same tag has the same colour everywhere. Empty for none.
    """

    text: str
    style: Style = "plain"
    tag: str = ""


@dataclass(frozen=True)
class Line:
    """Spans one behind the other; wrapped between words where the screen ends.

    Attributes:
        spans: the spans; a plain text is a span without a style.
    """

    spans: tuple[Span | str, ...]


Cell = Span | str | int | float | None
"""A cell of a table. Numbers stand to the right, with equally many decimals in a column; None is absent."""


@dataclass(frozen=True)
class Table:
    """Rows under headings.

    Attributes:
        columns: the headings; empty for a table without any.
        rows: as many cells in each as there are columns.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Bar:
    """A labelled amount.

    Attributes:
        label: what it is the amount of.
        value: from 0 to the `maximum` of its `Bars`; None where there is none.
    """

    label: str
    value: float | None


@dataclass(frozen=True)
class Bars:
    """Amounts to compare, in words alone where bars cannot be drawn.

    Attributes:
        bars: the amounts; the first one stands out.
        maximum: the amount of a whole bar.
    """

    bars: tuple[Bar, ...]
    maximum: float = 1.0


@dataclass(frozen=True)
class Stack:
    """Views below each other.

    Attributes:
        views: the views, at most eight deep.
    """

    views: tuple[View, ...]


View = Line | Table | Bars | Stack
