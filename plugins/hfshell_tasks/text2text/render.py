"""How written texts look: beside what they were written for, and said where they were cut."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hfshell.api import Cell, Line, PredictionResult, Span, Stack, Table, View

SHOWN = 20
_KEYS = {"summary_text": "summary", "translation_text": "translation", "generated_text": "written"}


def show(result: PredictionResult) -> View | None:
    """Return one text as a line, several beside their sources; None for what is no text."""
    key = next((key for key in _KEYS if result.rows and all(_has(key, row) for row in result.rows)), None)
    if key is None:
        return None
    if len(result.rows) == 1:
        row = result.rows[0]
        return Line((Span(row[key]), *([Span("  [cut]", "warn")] if _is_cut(row) else [])))
    pairs = list(zip(result.inputs, result.rows, strict=True))
    shown: list[tuple[Cell, ...]] = [
        (Span(source, "dim"), Span(row[key] + (" [cut]" if _is_cut(row) else "")))
        for source, row in pairs[:SHOWN]
    ]
    table = Table(("source", _KEYS[key]), tuple(shown))
    if len(pairs) <= SHOWN:
        return table
    more = Span(f"… {len(pairs) - SHOWN:,} more, all with > written.jsonl", "dim")
    return Stack((table, Line((more,))))


def _has(key: str, row: Any) -> bool:
    return isinstance(row, Mapping) and isinstance(row.get(key), str)


def _is_cut(row: Mapping[str, Any]) -> bool:
    return row.get("finish_reason") == "length"
