"""Cells that hold lists and objects, read one by one, and what is said of those that do not fit."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from hfshell.data.jsonvalues import json_type
from hfshell.data.labels import Converted

_FAULT = "\0fault"
_SHOWN = 30

Read = Callable[[Any, Any], Any]
"""From a cell, and that of the column it speaks of (None without one), to the value.

It raises `Unfit` for what is no value, and returns None for what says nothing.
"""


class Unfit(ValueError):  # noqa: N818 - a finding about a cell, not a failure of the program
    """Why a cell does not fit, one line without a final full stop."""


def convert(cells: Sequence[Any], beside: Sequence[Any] | None, read: Read, kind: Any) -> Converted:
    """Read all cells of a column.

    Args:
        cells: the column's.
        beside: those of the column that it speaks of.
        read: reads one.
        kind: the values' Arrow type.
    """
    values: list[Any] = []
    missing: list[int] = []
    unfit: list[int] = []
    reason = ""
    for row, cell in enumerate(cells):
        try:
            value = read(_checked(cell), beside[row] if beside is not None else None)
        except Unfit as why:
            reason = reason or str(why)
            unfit.append(row)
            values.append(None)
            continue
        if value is None:
            missing.append(row)
        values.append(value)
    array = pa.chunked_array([pa.array(values, kind)])
    return Converted(array, tuple(missing), tuple(unfit), reason=reason)


def faulty_cell(why: Unfit) -> dict[str, str]:
    """Return a cell that says why there is no value: whoever reads it as one is told."""
    return {_FAULT: str(why)}


def is_missing(cell: Any) -> bool:
    """Tell whether a cell says nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def listed(cell: Any, *, split: bool = False) -> list[Any]:
    """Return the list that a cell is, or that a program wrote into it as text, `['a', 'b']`.

    Args:
        cell: not a missing one.
        split: a text that is no such list is words between blanks.

    Raises:
        Unfit: it is neither.
    """
    found = written(cell) if isinstance(cell, str) else cell
    if isinstance(found, (list, tuple)):
        return list(found)
    if isinstance(found, str) and split:
        return [word for word in found.replace("\t", " ").replace("\n", " ").split(" ") if word]
    raise Unfit(f"it is {json_type(found)}, not a list")


def texts_of(items: Sequence[Any], what: str) -> tuple[str, ...]:
    """Return items as texts; whole numbers are their digits.

    Raises:
        Unfit: an item is something else.
    """
    for place, item in enumerate(items, 1):
        if not isinstance(item, (str, int)) or isinstance(item, bool):
            raise Unfit(f"{what} {place} is {json_type(item)}, not a text")
    return tuple(map(str, items))


def written(text: str) -> Any:
    """Return the list or object that a program wrote into a cell as text; the text when it is none."""
    stripped = text.strip()
    if not (stripped.startswith(("[", "{")) and stripped.endswith(("]", "}"))):
        return text
    for read in (json.loads, ast.literal_eval):
        try:
            value = read(stripped)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        if isinstance(value, (list, dict)):
            return value
    return text


def quoted(text: str) -> str:
    """Return a text in quotes, cut when it is long."""
    return f"'{text}'" if len(text) <= _SHOWN else f"'{text[:_SHOWN]}…'"


def _checked(cell: Any) -> Any:
    if isinstance(cell, dict) and _FAULT in cell:
        raise Unfit(cell[_FAULT])
    return cell
