"""Which of a row's choices is right: a number, a letter, or the choice itself."""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from hfshell.api.results import Finding
from hfshell.data.jsonvalues import json_type
from hfshell.data.kinds.cells import Unfit, convert, is_missing, quoted
from hfshell.data.kinds.lists import choices_of
from hfshell.data.labels import Converted
from hfshell.data.wording import counted

_NO_ANSWER = -1
"""How `datasets` writes that a row of a test split has no label."""


def as_index(cells: Sequence[Any], beside: Sequence[Any] | None) -> Converted:
    """Return the number of the right choice, from 0.

    Numbers that never are 0, of which some are as many as there are choices, count from 1.
    """
    choices = [_choices(cell) for cell in beside] if beside is not None else None
    first = 1 if _counts_from_one(cells, choices) else 0
    found = convert(cells, choices, lambda cell, given: _index_of(cell, given, first), pa.int64())
    if not first:
        return found
    note = Finding("counts-from-1", "info", "the right choices are counted from 1: read as from 0")
    return Converted(found.values, found.missing, found.unfit, reason=found.reason, notes=(note,))


def _choices(cell: Any) -> tuple[str, ...] | None:
    try:
        return choices_of(cell)
    except Unfit:  # that is said of the choices
        return None


def _counts_from_one(cells: Sequence[Any], choices: Sequence[tuple[str, ...] | None] | None) -> bool:
    numbers = [_number(cell) for cell in cells]
    if choices is None or any(number == 0 for number in numbers):
        return False
    return any(
        given is not None and number == len(given) and str(cell) not in given
        for number, given, cell in zip(numbers, choices, cells, strict=True)
    )


def _index_of(cell: Any, choices: tuple[str, ...] | None, first: int) -> int | None:
    if is_missing(cell) or _number(cell) == _NO_ANSWER:
        return None
    if isinstance(cell, str) and choices is not None and choices.count(cell) == 1:
        return choices.index(cell)
    index = _number(cell)
    if index is not None:
        index -= first
    elif isinstance(cell, str) and len(cell.strip()) == 1 and cell.strip().upper() in string.ascii_uppercase:
        index = string.ascii_uppercase.index(cell.strip().upper())
    elif isinstance(cell, str):
        raise Unfit(f"{quoted(cell)} is none of the choices, nor a number or a letter")
    else:
        raise Unfit(f"it is {json_type(cell)}, not the number of a choice")
    if index < 0 or (choices is not None and index >= len(choices)):
        there_are = f", and there are {counted(len(choices), 'choice')}" if choices is not None else ""
        raise Unfit(f"{quoted(str(cell))} is the number of no choice{there_are}")
    return index


def _number(cell: Any) -> int | None:
    if isinstance(cell, bool) or not isinstance(cell, (int, float, str)):
        return None
    try:
        return int(cell) if not isinstance(cell, float) or cell.is_integer() else None
    except (ValueError, OverflowError):
        return None
