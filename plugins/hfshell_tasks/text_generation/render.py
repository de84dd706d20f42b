"""How written texts look: behind their prompts, and said where they were cut."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hfshell.api import Line, PredictionResult, Span, Stack, View

SHOWN = 20


def show(result: PredictionResult) -> View | None:
    """Return each prompt with what follows on it; None for what is no text."""
    if not result.rows or not all(map(_is_written, result.rows)):
        return None
    pairs = list(zip(result.rows, result.inputs, strict=True))
    lines: list[View] = [_line(row, prompt) for row, prompt in pairs[:SHOWN]]
    if len(pairs) > SHOWN:
        lines.append(Line((Span(f"… {len(pairs) - SHOWN:,} more, all with > written.jsonl", "dim"),)))
    return Stack(tuple(lines))


def _line(row: Mapping[str, Any], prompt: str) -> Line:
    text = row["generated_text"]
    spans = [Span(text)] if text.startswith(prompt) else [Span(prompt, "dim"), Span(text)]
    cut = [Span("  [cut]", "warn")] if row["finish_reason"] == "length" else []
    return Line((*spans, *cut))


def _is_written(row: Any) -> bool:
    return isinstance(row, Mapping) and {"generated_text", "finish_reason"} <= row.keys()
