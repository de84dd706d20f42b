"""How labels with their scores look: bars for one text, the best label for each of many."""

from __future__ import annotations

from hfshell.api import Bar, Bars, Line, PredictionResult, Span, Stack, Table, View

ROWS_SHOWN = 20
BARS_SHOWN = 8


def show_labels(result: PredictionResult) -> View:
    """Show the labels of a text, or the best ones of many."""
    if len(result.rows) == 1:
        row = result.rows[0]
        pairs = list(zip(row["labels"], row["scores"], strict=True))
        bars = Bars(tuple(Bar(label, score) for label, score in pairs[:BARS_SHOWN]))
        more = len(pairs) - BARS_SHOWN
        return Stack((bars, Line((Span(f"… {more} more", "dim"),)))) if more > 0 else bars
    rows = tuple(
        (
            Span(str(number), "dim"),
            Span(row["labels"][0], "name"),
            Span(f"{row['scores'][0]:.2f}", "number"),
            Span(text, "dim"),
        )
        for number, (row, text) in enumerate(
            zip(result.rows[:ROWS_SHOWN], result.inputs[:ROWS_SHOWN], strict=True), 1
        )
    )
    count = len(result.rows)
    shown = f", the first {ROWS_SHOWN} are shown" if count > ROWS_SHOWN else ""
    return Stack((Table((), rows), Line((Span(f"{count:,} rows{shown}", "dim"),))))
