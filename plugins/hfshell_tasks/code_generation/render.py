"""How programs look: each beneath what it was to do, and said where it was cut."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hfshell.api import Line, PredictionResult, Span, Stack, View

SHOWN = 20
_LINES = 40


def show(result: PredictionResult) -> View | None:
    """Return each task with its program; None for what is no program."""
    if not result.rows or not all(map(_is_program, result.rows)):
        return None
    pairs = list(zip(result.rows, result.inputs, strict=True))
    parts: list[View] = [_one(row, prompt) for row, prompt in pairs[:SHOWN]]
    if len(pairs) > SHOWN:
        parts.append(Line((Span(f"… {len(pairs) - SHOWN:,} more, all with > programs.jsonl", "dim"),)))
    return Stack(tuple(parts))


def _one(row: Mapping[str, Any], prompt: str) -> View:
    lines = row["generated_text"].expandtabs(4).strip("\n").splitlines()
    shown = [Line((Span(_indented(line)),)) for line in lines[:_LINES]]
    more = [Line((Span(f"… {len(lines) - _LINES:,} more lines", "dim"),))] if len(lines) > _LINES else []
    cut = [Line((Span("[cut]", "warn"),))] if row["finish_reason"] == "length" else []
    return Stack((Line((Span(prompt, "dim"),)), *shown, *more, *cut))


def _indented(line: str) -> str:
    """Keep the blanks that a program's line begins with: a screen's lines have none."""
    bare = line.lstrip(" ")
    return "\u00a0" * (len(line) - len(bare)) + bare


def _is_program(row: Any) -> bool:
    return isinstance(row, Mapping) and {"generated_text", "finish_reason"} <= row.keys()
