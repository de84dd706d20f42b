"""Values of which a row may have several, and numbers, as tasks need them."""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from hfshell.data.labels import Converted, type_counts
from hfshell.data.table import TEXT
from hfshell.data.wording import rows_of

SEPARATORS = ("|", ";", ",")
"""What may stand between the labels of one cell: the first of these that the column holds, and no other."""

_SHOWN = 30


def as_label_sets(cells: Sequence[Any]) -> Converted:
    """Return the labels of each row, a list of texts, each label once and in the file's order.

    A cell is a list, one label (text, a whole number, true or false), or a text that holds several. An empty
    list and a blank text are no label; null says nothing, and is missing.
    """
    separator = separator_of(cell for cell in cells if isinstance(cell, str))
    sets: list[list[str] | None] = []
    missing: list[int] = []
    unfit: list[int] = []
    for row, cell in enumerate(cells):
        labels = None if cell is None else _labels(cell, separator)
        if cell is None:
            missing.append(row)
        elif labels is None:
            unfit.append(row)
        sets.append(labels)
    types = type_counts(cells) if unfit else ""
    values = pa.chunked_array([pa.array(sets, pa.list_(TEXT))])
    return Converted(values, tuple(missing), tuple(unfit), types)


def as_numbers(cells: Sequence[Any]) -> Converted:
    """Return numbers as floats: numbers, and texts that are one. NaN and a blank text are missing."""
    numbers: list[float | None] = []
    missing: list[int] = []
    unfit: list[int] = []
    for row, cell in enumerate(cells):
        if _is_missing(cell):
            missing.append(row)
            numbers.append(None)
            continue
        number = as_number(cell)
        if number is None:
            unfit.append(row)
        numbers.append(number)
    complaint = ""
    if unfit:
        first = str(cells[unfit[0]])
        shown = first if len(first) <= _SHOWN else f"{first[:_SHOWN]}…"
        complaint = f"has {rows_of(len(unfit))} without a number, '{shown}' the first"
    values = pa.chunked_array([pa.array(numbers, pa.float64())])
    return Converted(values, tuple(missing), tuple(unfit), complaint=complaint)


def as_number(cell: Any) -> float | None:
    """Return a finite number that a cell is, None when it is none. True is no number."""
    if isinstance(cell, bool) or not isinstance(cell, (int, float, Decimal, str)):
        return None
    try:
        number = float(cell)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def separator_of(texts: Iterable[str]) -> str | None:
    """Return what stands between the labels of a column's cells; None when each has one at most."""
    held = {separator for text in texts for separator in SEPARATORS if separator in text}
    return next((separator for separator in SEPARATORS if separator in held), None)


def split_labels(text: str, separator: str | None) -> list[str]:
    """Return the labels that a text holds, without the spaces around them."""
    parts = text.split(separator) if separator else [text]
    return list(dict.fromkeys(part for part in map(str.strip, parts) if part))


def _labels(cell: Any, separator: str | None) -> list[str] | None:
    """Return the labels of a cell, None when it holds something else."""
    if isinstance(cell, str):
        written = _written_list(cell)
        return split_labels(cell, separator) if written is None else _labels(written, None)
    items = cell if isinstance(cell, (list, tuple)) else [cell]
    if not all(isinstance(item, (str, int)) for item in items):
        return None
    texts = (str(item).lower() if isinstance(item, bool) else str(item).strip() for item in items)
    return list(dict.fromkeys(text for text in texts if text))


def _written_list(text: str) -> list[Any] | None:
    """Return the list that a text is when a program wrote its own into the cell, `['a', 'b']`."""
    stripped = text.strip()
    if not (stripped.startswith("[") and stripped.endswith("]")):
        return None
    for read in (json.loads, ast.literal_eval):
        try:
            value = read(stripped)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        if isinstance(value, list):
            return value
    return None


def _is_missing(cell: Any) -> bool:
    if isinstance(cell, str):
        return not cell.strip()
    return cell is None or (isinstance(cell, float) and math.isnan(cell))
