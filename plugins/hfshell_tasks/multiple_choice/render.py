"""How choices look: below each other, the chosen one marked, with a bar for each."""

from __future__ import annotations

from typing import Any

from hfshell.api import Bar, Bars, Line, PredictionResult, Span, Stack, Table, View

ROWS_SHOWN = 20
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def show_choices(result: PredictionResult) -> View:
    """Show the choices of a question, or the chosen ones of many questions."""
    if len(result.rows) == 1:
        return _choices(result.rows[0])
    rows = tuple(
        (
            Span(str(number), "dim"),
            Span(_letter(best.index), "name"),
            Span(best.label),
            Span(f"{best.score:.2f}", "number"),
            Span(text, "dim"),
        )
        for number, ((best, *_), text) in enumerate(
            zip(result.rows[:ROWS_SHOWN], result.inputs[:ROWS_SHOWN], strict=True), 1
        )
    )
    count = len(result.rows)
    shown = f", the first {ROWS_SHOWN} are shown" if count > ROWS_SHOWN else ""
    return Stack((Table((), rows), Line((Span(f"{count:,} rows{shown}", "dim"),))))


def _choices(row: Any) -> View:
    best = row[0].index
    lines = tuple(
        (
            Span(">" if choice.index == best else "", "good"),
            Span(_letter(choice.index), "name" if choice.index == best else "plain"),
            Span(choice.label, "mark" if choice.index == best else "plain"),
        )
        for choice in sorted(row, key=lambda choice: choice.index)
    )
    bars = Bars(tuple(Bar(_letter(choice.index), choice.score) for choice in row))
    return Stack((Table((), lines), bars))


def _letter(index: int) -> str:
    return _LETTERS[index] if index < len(_LETTERS) else str(index + 1)
