"""How found words look: in the place that they are for, the likelier the longer their bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hfshell.api import Bar, Bars, Line, PredictionResult, Span, Stack, Table, View
from hfshell_tasks.fill_mask.masking import parts_of

ROWS_SHOWN = 20


def show(result: PredictionResult) -> View | None:
    """Show the words for each mask of a text as bars, those of many texts in a line each."""
    rows = [_by_mask(row) for row in result.rows]
    if not rows or not all(rows):
        return None
    if len(rows) == 1:
        bars = [_bars(mask, number, rows[0]) for number, mask in enumerate(rows[0], 1)]
        return Stack((_sentence(result.inputs[0], rows[0]), *bars))
    shown = tuple(
        (Span(str(number), "dim"), Span(_best(masks), "name"), masks[0][0]["score"], Span(text, "dim"))
        for number, (masks, text) in enumerate(zip(rows[:ROWS_SHOWN], result.inputs, strict=False), 1)
    )
    more = f", the first {ROWS_SHOWN} are shown" if len(rows) > ROWS_SHOWN else ""
    return Stack((Table((), shown), Line((Span(f"{len(rows):,} rows{more}", "dim"),))))


def _sentence(text: str, masks: Sequence[Any]) -> Line:
    """Return the text as it was typed, its best words in their places."""
    parts = parts_of(text)
    if len(parts) != len(masks) + 1:
        return Line((Span(masks[0][0]["sequence"]),))
    found = [Span(parts[0])]
    for mask, part in zip(masks, parts[1:], strict=True):
        found += [Span(mask[0]["token_str"].strip(), "mark"), Span(part)]
    return Line(tuple(found))


def _bars(mask: Sequence[Any], number: int, masks: Sequence[Any]) -> View:
    words = [(item["token_str"].strip() or repr(item["token_str"]), item["score"]) for item in mask]
    bars = Bars(tuple(Bar(word, score) for word, score in words))
    return bars if len(masks) == 1 else Stack((Line((Span(f"word {number}", "dim"),)), bars))


def _best(masks: Sequence[Any]) -> str:
    return " … ".join(mask[0]["token_str"].strip() for mask in masks)


def _by_mask(row: Any) -> list[Any]:
    """Return what was found for each mask; nothing where it is not what the task gives."""
    if not isinstance(row, Sequence) or not row:
        return []
    masks = [row] if isinstance(row[0], dict) else list(row)
    fits = all(isinstance(mask, Sequence) and mask and isinstance(mask[0], dict) for mask in masks)
    return masks if fits and all("token_str" in item for mask in masks for item in mask) else []
