"""How vectors, likeness and what a search found look."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hfshell.api import Bar, Bars, Line, PredictionResult, Span, Stack, Table, View

if TYPE_CHECKING:
    from hfshell_tasks.embeddings.search import SearchResult

ROWS_SHOWN = 20
_NUMBERS = 4
_SHOWN = 200
"""Characters of a row that was found."""


def show_vectors(result: PredictionResult) -> View | None:
    """Show of each vector its length and its first numbers."""
    if not result.rows or not all(map(_is_vector, result.rows)):
        return None
    rows = tuple(
        (Span(str(number), "dim"), _length(vector), Span(_first(vector), "number"), Span(text, "dim"))
        for number, (vector, text) in enumerate(zip(result.rows[:ROWS_SHOWN], result.inputs, strict=False), 1)
    )
    count, size = len(result.rows), len(result.rows[0])
    more = f", the first {ROWS_SHOWN} are shown" if count > ROWS_SHOWN else ""
    vectors = "1 vector" if count == 1 else f"{count:,} vectors"
    said = f"{vectors} of {size} numbers{more}; all of them with > vectors.jsonl"
    return Stack((Table(("", "length", "first numbers", ""), rows), Line((Span(said, "dim"),))))


def show_likeness(result: PredictionResult) -> View | None:
    """Show how near two texts are, those of many rows in a line each."""
    if not result.rows or not all(isinstance(row, dict) and "score" in row for row in result.rows):
        return None
    if len(result.rows) == 1:
        return Bars((Bar("alike", result.rows[0]["score"]),))
    rows = tuple(
        (Span(str(number), "dim"), float(row["score"]), Span(text, "dim"))
        for number, (row, text) in enumerate(zip(result.rows[:ROWS_SHOWN], result.inputs, strict=False), 1)
    )
    count = len(result.rows)
    more = f", the first {ROWS_SHOWN} are shown" if count > ROWS_SHOWN else ""
    return Stack((Table((), rows), Line((Span(f"{count:,} rows{more}", "dim"),))))


def show_found(result: SearchResult) -> View:
    """Show each row that was found, under where it stands and a bar as long as it is near."""
    parts: list[View] = []
    for item in result.rows:
        parts.append(Bars((Bar(f"{item.split} {item.row}", max(0.0, item.score)),)))
        parts.append(Line((Span(_short(item.text)),)))
    parts.append(Line((Span(f"of {result.n:,} rows, {result.seconds:.1f} s", "dim"),)))
    return Stack(tuple(parts))


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHOWN else f"{plain[: _SHOWN - 1]}…"


def _length(vector: Sequence[float]) -> float:
    return math.sqrt(sum(number * number for number in vector))


def _first(vector: Sequence[float]) -> str:
    shown = " ".join(f"{number:+.3f}" for number in vector[:_NUMBERS])
    return f"{shown} …" if len(vector) > _NUMBERS else shown


def _is_vector(row: Any) -> bool:
    return isinstance(row, Sequence) and bool(row) and all(isinstance(number, float) for number in row)
