"""The cells of a view's table as they are read, on a screen or in a document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hfshell.api.view import Span
from hfshell.render.quantities import decimals, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hfshell.api.view import Cell, Table

_NUMBER = re.compile(r"[-+−±~]?[\d.,]+ ?%?")


@dataclass(frozen=True)
class WrittenCell:
    """A cell in words.

    Attributes:
        span: what is written in it.
        right: whether it stands to the right, as numbers do.
    """

    span: Span | str
    right: bool


def written_cells(table: Table, absent: str) -> list[list[WrittenCell]]:
    """Return a table's rows in words.

    Args:
        table: the table.
        absent: what stands for None.
    """
    columns = [_column([row[place] for row in table.rows], absent) for place in range(_width(table))]
    return [list(row) for row in zip(*columns, strict=True)]


def _width(table: Table) -> int:
    return len(table.rows[0]) if table.rows else 0


def _column(cells: Sequence[Cell], absent: str) -> list[WrittenCell]:
    floats = any(isinstance(cell, float) for cell in cells)
    places = decimals([cell for cell in cells if isinstance(cell, float)]) if floats else None
    right = all(cell is None or _is_number(cell) for cell in cells)
    return [WrittenCell(_written(cell, places, absent), right or _is_number(cell)) for cell in cells]


def _is_number(cell: Cell) -> bool:
    if isinstance(cell, Span):
        return not cell.tag and _NUMBER.fullmatch(cell.text) is not None
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def _written(cell: Cell, places: int | None, absent: str) -> Span | str:
    match cell:
        case None:
            return Span(absent, "dim")
        case bool():
            return "yes" if cell else "no"
        case int() | float():
            return str(cell) if places is None else number(cell, places)
        case _:
            return cell
