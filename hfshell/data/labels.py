"""Labels as text. A label is what the file says: `007` is not `7`, and nothing becomes a float on the way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from hfshell.api.results import Finding
from hfshell.data.table import TEXT

_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,300}")
_TYPE_NAMES = {
    str: "text", bool: "true/false", int: "whole number", float: "number with a fraction", list: "list",
    dict: "object", type(None): "null",
}  # fmt: skip


@dataclass(frozen=True)
class Converted:
    """A column's values as a role needs them.

    Attributes:
        values: Arrow array, null where there is no value, or one that does not fit.
        missing: rows, from 0, without a value.
        unfit: rows, from 0, whose value is of a type that does not fit.
        types: how many values there are of each type, when some do not fit.
        complaint: what is to be said of them instead.
        reason: why the first row's value does not fit, for values that do not fit one by one.
        notes: what else is to be said of the column.
    """

    values: Any
    missing: tuple[int, ...] = ()
    unfit: tuple[int, ...] = ()
    types: str = ""
    complaint: str = ""
    reason: str = ""
    notes: tuple[Finding, ...] = ()


def as_labels(cells: Sequence[Any]) -> Converted:
    """Return label values as texts: text as it is, whole numbers as their digits.

    A blank text is no label. The type that most have fits, if it is text, whole numbers, or true and false
    (which become these words); values of another type do not fit: each would be a silent cast.
    """
    return _convert(cells, _label_type(cells), blank_is_missing=True)


def as_texts(cells: Sequence[Any]) -> Converted:
    """Return text values; a value of another type does not fit, and an empty text is one."""
    return _convert(cells, str, blank_is_missing=False)


def sort_labels(labels: Iterable[str]) -> tuple[str, ...]:
    """Sort labels: whole numbers by value, before the others by their characters."""
    return tuple(sorted(labels, key=_order))


def type_counts(cells: Iterable[Any]) -> str:
    """Return how many values there are of each type: `4 text · 2 whole number · 1 null`."""
    counts = Counter(_type_name(cell) for cell in cells)
    return " · ".join(
        f"{count:,} {name}" for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def _type_name(cell: Any) -> str:
    return _TYPE_NAMES.get(type(cell), type(cell).__name__)


def _convert(cells: Sequence[Any], kind: type | None, *, blank_is_missing: bool) -> Converted:
    texts: list[str | None] = []
    missing: list[int] = []
    unfit: list[int] = []
    for row, cell in enumerate(cells):
        if cell is None or (blank_is_missing and isinstance(cell, str) and not cell.strip()):
            missing.append(row)
            texts.append(None)
        elif type(cell) is kind:
            texts.append(str(cell).lower() if kind is bool else str(cell))
        else:
            unfit.append(row)
            texts.append(None)
    types = type_counts(cells) if unfit else ""
    return Converted(pa.chunked_array([pa.array(texts, TEXT)]), tuple(missing), tuple(unfit), types)


def _label_type(cells: Sequence[Any]) -> type | None:
    """Return the type that most values have, of those that labels may have; None when none has."""
    counts = Counter(type(cell) for cell in cells)
    return max(
        (kind for kind in (str, int, bool) if kind in counts), key=lambda kind: counts[kind], default=None
    )


def _order(label: str) -> tuple[int, int, str]:
    return (0, int(label), label) if _WHOLE_NUMBER.fullmatch(label) else (1, 0, label)
