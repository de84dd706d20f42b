"""Answers that stand in another text, with their offsets; each is looked up there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from hfshell.data.jsonvalues import json_type
from hfshell.data.kinds.cells import Unfit, convert, is_missing, quoted, written
from hfshell.data.labels import Converted
from hfshell.data.table import TEXT

ANSWERS = pa.struct([("text", pa.list_(TEXT)), ("answer_start", pa.list_(pa.int64()))])
"""Arrow's type for answers."""


def as_answers(cells: Sequence[Any], beside: Sequence[Any] | None) -> Converted:
    """Return answers as SQuAD has them: two lists, of texts and of offsets in characters.

    A cell is such an object, one of a text and its offset, or a list of these. Empty lists say that there is
    no answer. An answer that does not stand at its offset does not fit.
    """
    return convert(cells, beside, _answers_of, ANSWERS)


def _answers_of(cell: Any, context: Any) -> dict[str, list[Any]] | None:
    if is_missing(cell):
        return None
    found = written(cell) if isinstance(cell, str) else cell
    texts, starts = _columns(found)
    if len(texts) != len(starts):
        raise Unfit(f"there are {len(texts):,} texts and {len(starts):,} offsets")
    for text, start in zip(texts, starts, strict=True):
        _check(text, start, context if isinstance(context, str) else None)
    return {"text": texts, "answer_start": starts}


def _columns(found: Any) -> tuple[list[Any], list[Any]]:
    """Return texts and offsets of any of the forms.

    Raises:
        Unfit: it has none of them.
    """
    items = found if isinstance(found, list) else [found]
    texts: list[Any] = []
    starts: list[Any] = []
    for item in items:
        if not isinstance(item, dict):
            raise Unfit(f"it is {json_type(item)}, not an object with `text` and `answer_start`")
        if not {"text", "answer_start"} <= item.keys():
            lacking = "text" if "text" not in item else "answer_start"
            raise Unfit(f"it has no `{lacking}`")
        texts += _as_list(item["text"])
        starts += _as_list(item["answer_start"])
    return texts, starts


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _check(text: Any, start: Any, context: str | None) -> None:
    """Raise `Unfit` unless an answer stands where it says."""
    if not isinstance(text, str):
        raise Unfit(f"an answer is {json_type(text)}, not a text")
    if isinstance(start, bool) or not isinstance(start, int):
        raise Unfit(f"the offset of {quoted(text)} is {json_type(start)}, not a whole number")
    if not text:
        raise Unfit("an answer is empty; where there is none the lists are empty")
    if context is None or (start >= 0 and context.startswith(text, start)):
        return
    right = context.find(text)
    if right < 0:
        raise Unfit(f"{quoted(text)} does not stand in its text")
    if start >= 0 and context.encode("utf-8", "replace")[start:].startswith(text.encode("utf-8", "replace")):
        raise Unfit(f"the offset {start:,} of {quoted(text)} counts bytes; in characters it is {right:,}")
    raise Unfit(f"{quoted(text)} does not stand at {start:,} of its text, it does at {right:,}")
