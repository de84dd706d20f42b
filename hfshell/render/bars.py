"""Amounts side by side: each with its label, a bar, and the number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Group
from rich.table import Column
from rich.text import Text

from hfshell.render.layout import Flow, columns
from hfshell.render.quantities import decimals, number
from hfshell.render.safe_text import one_line
from hfshell.render.sparkline import bar

if TYPE_CHECKING:
    from rich.console import RenderableType

    from hfshell.render.look import Look

_LABEL = 24  # cells
_BAR = 20
_LEAST_BAR = 4
_MARGINS = 8  # cells around the parts of a line

Amounts = Sequence[tuple[str, "float | None"]]


def render_bars(
    amounts: Amounts, look: Look, *, maximum: float = 1.0, more: Sequence[Text] = ()
) -> RenderableType:
    """Return amounts on one line where they fit, otherwise below each other; in words on a plain screen.

    Args:
        amounts: labels and numbers, what should stand out first; None has no number.
        look: the screen.
        maximum: what a full bar stands for.
        more: facts behind the last one.
    """
    numbers = amount_texts([amount for _, amount in amounts], maximum)
    numbers = [text or look.symbols.absent for text in numbers]
    if look.plain:
        facts = [
            Text(f"{one_line(label, look.width, plain=True)} {text}")
            for (label, _), text in zip(amounts, numbers, strict=True)
        ]
        return Flow([*facts, *more])
    facts = [
        _fact(label, (amount or 0.0) / maximum, text, first=index == 0)
        for index, ((label, amount), text) in enumerate(zip(amounts, numbers, strict=True))
    ]
    if sum(fact.cell_len + 3 for fact in facts) + 2 <= look.width:
        return Flow([*facts, *more])
    return Group(_stacked(amounts, numbers, maximum, look), *more)


def amount_texts(amounts: Sequence[float | None], maximum: float) -> list[str]:
    """Return the numbers as they stand behind bars, two decimals for shares; an empty text for None."""
    known = [amount for amount in amounts if amount is not None]
    places = 2 if 0.1 <= maximum <= 1 else decimals(known)
    return ["" if amount is None else number(amount, places) for amount in amounts]


def _fact(label: str, share: float, text: str, *, first: bool) -> Text:
    drawn = bar(share, _BAR)
    return Text.assemble(
        (f"{one_line(label, _LABEL)} ", "name" if first else ""),
        (drawn, "bar"),
        " " if len(drawn) > 1 else "",
        (text, "number" if first else "dim"),
    )


def _stacked(amounts: Amounts, numbers: Sequence[str], maximum: float, look: Look) -> RenderableType:
    taken = max(map(cell_len, numbers), default=0) + _MARGINS
    widest = max(min(look.width - taken - _LEAST_BAR, _LABEL), 1)
    labels = [one_line(label, widest) for label, _ in amounts]
    taken += max(map(cell_len, labels), default=0)
    cells = max(min(_BAR * 2, look.width - taken), _LEAST_BAR)
    right = Column(justify="right", no_wrap=True)
    table = columns(look, Column(no_wrap=True), Column(no_wrap=True), right, header=False)
    for index, ((_, amount), label, text) in enumerate(zip(amounts, labels, numbers, strict=True)):
        table.add_row(
            Text(label, "" if index else "name"),
            Text(bar((amount or 0.0) / maximum, cells), "bar"),
            Text(text, "dim" if index else "number"),
        )
    return table
