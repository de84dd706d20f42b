"""Which of a row's choices is right: a number, a letter, or the choice itself."""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
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


_FROM_ONE = Finding("counts-from-1", "info", "the right choices are counted from 1: read as from 0")
_FROM_ZERO = Finding(
    "counts-from-0",
    "warn",
    "the right choices are read as counted from 0: no answer is 0, and none is the number of choices",
)


@dataclass(frozen=True)
class Counting:
    """What the numbers of right choices say of where they count from.

    Attributes:
        numbers: whether there are any, beside choices.
        zero: whether one is 0.
        last: whether one is as many as there are choices.
    """

    numbers: bool = False
    zero: bool = False
    last: bool = False

    @property
    def first(self) -> int:
        """The number of the first choice."""
        return int(self.last and not self.zero)

    @property
    def notes(self) -> tuple[Finding, ...]:
        """What is to be said of it."""
        if self.first:
            return (_FROM_ONE,)
        return (_FROM_ZERO,) if self.numbers and not self.zero else ()

    def with_others(self, others: Iterable[Counting]) -> Counting:
        """Return what they say together: the splits of a data set count alike."""
        every = (self, *others)
        return Counting(
            any(one.numbers for one in every), any(one.zero for one in every), any(one.last for one in every)
        )


def as_index(
    cells: Sequence[Any], beside: Sequence[Any] | None, counting: Counting | None = None
) -> Converted:
    """Return the number of the right choice, from 0.

    Numbers that never are 0, of which some are as many as there are choices, count from 1.

    Args:
        cells: numbers, letters, or the choices themselves.
        beside: the choices of each row, where they are known.
        counting: where numbers count from; as these cells say without it.
    """
    choices = [_choices(cell) for cell in beside] if beside is not None else None
    known = counting or counting_of(cells, beside)
    found = convert(cells, choices, lambda cell, given: _index_of(cell, given, known.first), pa.int64())
    return replace(found, notes=known.notes)


def counting_of(cells: Sequence[Any], beside: Sequence[Any] | None) -> Counting:
    """Return what the numbers of right choices say of where they count from; nothing without choices."""
    if beside is None:
        return Counting()
    pairs = [(_number(cell), _choices(given), str(cell)) for cell, given in zip(cells, beside, strict=True)]
    plain = [(number, given) for number, given, text in pairs if given is not None and text not in given]
    return Counting(
        numbers=any(number is not None and number > 0 for number, _ in plain),
        zero=any(number == 0 for number, _, _ in pairs),
        last=any(number == len(given) for number, given in plain),
    )


def _choices(cell: Any) -> tuple[str, ...] | None:
    try:
        return choices_of(cell)
    except Unfit:  # that is said of the choices
        return None


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
