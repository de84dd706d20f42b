"""How replies look: as they are, several beside what they reply to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hfshell.api import Cell, Line, PredictionResult, Span, Stack, Table, View

SHOWN = 20
_CHARACTERS = 120


def show(result: PredictionResult) -> View | None:
    """Return one reply as a line, several as a table; None for what is no reply."""
    if not result.rows or not all(map(_is_reply, result.rows)):
        return None
    if len(result.rows) == 1:
        return Line(tuple(_spans(result.rows[0])))
    pairs = list(zip(result.inputs, result.rows, strict=True))[:SHOWN]
    shown: list[tuple[Cell, ...]] = [
        (Span(_end_of(asked), "dim"), Span("".join(span.text for span in _spans(row))))
        for asked, row in pairs
    ]
    more = len(result.rows) - len(pairs)
    rest = (Line((Span(f"… {more:,} more, all with > replies.jsonl", "dim"),)),) if more else ()
    return Stack((Table(("said", "reply"), tuple(shown)), *rest))


def _spans(row: Mapping[str, Any]) -> list[Span]:
    cut = [Span("  [cut]", "warn")] if row["finish_reason"] == "length" else []
    return [Span(row["generated_text"]), *cut]


def _end_of(asked: str) -> str:
    """Return the last words of a conversation, which are replied to."""
    return asked if len(asked) <= _CHARACTERS else f"…{asked[-_CHARACTERS:]}"


def _is_reply(row: Any) -> bool:
    return isinstance(row, Mapping) and {"generated_text", "finish_reason"} <= row.keys()
