"""How found words look: in the place that they are for, the likelier the longer their bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hfshell.api import Bar, Bars, Line, PredictionResult, Span, Stack, Table, View

ROWS_SHOWN = 20


def show(result: PredictionResult) -> View | None:
    """Show the words for each mask of a text as bars, those of many texts in a line each."""
    rows = [_by_mask(row) for row in result.rows]
    if not rows or not all(rows):
        return None
    if len(rows) == 1:
        return Stack(
            tuple(part for number, mask in enumerate(rows[0], 1) for part in _one(mask, number, rows[0]))
        )
    shown = tuple(
        (Span(str(number), "dim"), Span(_best(masks), "name"), masks[0][0]["score"], Span(text, "dim"))
        for number, (masks, text) in enumerate(zip(rows[:ROWS_SHOWN], result.inputs, strict=False), 1)
    )
    more = f", the first {ROWS_SHOWN} are shown" if len(rows) > ROWS_SHOWN else ""
    return Stack((Table((), shown), Line((Span(f"{len(rows):,} rows{more}", "dim"),))))


def _one(mask: Sequence[Any], number: int, masks: Sequence[Any]) -> tuple[View, View]:
    """Return the sentence with its best word, and the bars of all."""
    head = Span(f"{number} of {len(masks)}  " if len(masks) > 1 else "", "dim")
    return (
        Line((head, Span(mask[0]["sequence"], "plain"))),
        Bars(
            tuple(Bar(item["token_str"].strip() or repr(item["token_str"]), item["score"]) for item in mask)
        ),
    )


def _best(masks: Sequence[Any]) -> str:
    return " … ".join(mask[0]["token_str"].strip() for mask in masks)


def _by_mask(row: Any) -> list[Any]:
    """Return what was found for each mask; nothing where it is not what the task gives."""
    if not isinstance(row, Sequence) or not row:
        return []
    masks = [row] if isinstance(row[0], dict) else list(row)
    fits = all(isinstance(mask, Sequence) and mask and isinstance(mask[0], dict) for mask in masks)
    return masks if fits and all("token_str" in item for mask in masks for item in mask) else []
