"""How several labels, and numbers, look."""

from __future__ import annotations

from typing import Any

from hfshell.api import Bar, Bars, Line, PredictionResult, Span, Stack, Table, View

ROWS_SHOWN = 20


def show_labels(result: PredictionResult) -> View:
    """Show the labels of a text as bars, those of many texts in a line each."""
    if len(result.rows) == 1:
        labels = result.rows[0]
        if not labels:
            return Line((Span("no label", "dim"),))
        return Bars(tuple(Bar(item.label, item.score) for item in labels))
    rows = tuple(
        (Span(str(number), "dim"), _joined([item.label for item in labels]), Span(text, "dim"))
        for number, (labels, text) in enumerate(_first(result), 1)
    )
    return Stack((Table((), rows), _count(result)))


def show_numbers(result: PredictionResult) -> View:
    """Show a number, or those of many texts in a line each."""
    if len(result.rows) == 1:
        only = result.rows[0]
        return Line((Span(f"{only['label']} "), Span(f"{only['score']:.3f}", "number")))
    rows = tuple(
        (Span(str(number), "dim"), float(row["score"]), Span(text, "dim"))
        for number, (row, text) in enumerate(_first(result), 1)
    )
    return Stack((Table((), rows), _count(result)))


def _joined(labels: list[str]) -> Span:
    return Span(", ".join(labels), "name") if labels else Span("no label", "dim")


def _first(result: PredictionResult) -> list[tuple[Any, str]]:
    return list(zip(result.rows[:ROWS_SHOWN], result.inputs[:ROWS_SHOWN], strict=True))


def _count(result: PredictionResult) -> Line:
    count = len(result.rows)
    shown = f", the first {ROWS_SHOWN} are shown" if count > ROWS_SHOWN else ""
    return Line((Span(f"{count:,} rows{shown}", "dim"),))
