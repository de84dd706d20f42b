"""A shape: columns that are something else than they look like, and what is made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from hfshell.data.jsonvalues import column_of
from hfshell.data.kinds.cells import Unfit, faulty_cell
from hfshell.data.table import TEXT, GoesBy, RowTable
from hfshell.data.targets import sampled_cells


@dataclass(frozen=True)
class Made:
    """A column that is made of others, row by row.

    Attributes:
        name: what it is called; a column that has the name already stays, and this one is not made.
        of: the columns it is made of. Where there is no first one it is not made; the others may be missing,
            as what is learnt often is in test sets, and their cells are None.
        make: from their cells to the value, of JSON types. It raises `Unfit` for cells that do not fit.
        goes_by: names by which it is known besides its own.
    """

    name: str
    of: tuple[str, ...]
    make: Callable[..., Any]
    goes_by: GoesBy = ()


@dataclass(frozen=True)
class Shape:
    """What columns were read as.

    Attributes:
        said: for the user: `conversations read as messages (ShareGPT)`.
        made: the new columns.
        goes_by: names by which columns that are there are known besides their own.
    """

    said: str
    made: tuple[Made, ...] = ()
    goes_by: Mapping[str, GoesBy] = field(default_factory=lambda: MappingProxyType({}))

    def apply(self, table: RowTable) -> RowTable:
        """Return the rows with the new columns, where there are those that they are made of."""
        arrays: dict[str, Any] = {}
        encoded: list[str] = []
        goes_by = {name: others for name, others in self.goes_by.items() if name in table.columns}
        for column in self.made:
            if column.name in table.columns or column.of[0] not in table.columns:
                continue
            arrays[column.name], is_encoded = column_of(_values(column, table))
            if is_encoded:
                encoded.append(column.name)
            if column.goes_by:
                goes_by[column.name] = column.goes_by
        derived = {column.name: column.of for column in self.made if column.name in arrays}
        return table.with_columns(arrays, encoded, derived, goes_by)


def _values(column: Made, table: RowTable) -> list[Any]:
    values: list[Any] = []
    nothing = [None] * len(table)
    columns = (table.cells(name) if name in table.columns else nothing for name in column.of)
    for cells in zip(*columns, strict=True):
        try:
            values.append(column.make(*cells))
        except Unfit as why:
            values.append(faulty_cell(why))
    return values


def looks(table: RowTable, column: str) -> list[Any]:
    """Return those of the first cells of a column that say something; none when there is no such column."""
    if column not in table.columns:
        return []
    return [cell for cell in sampled_cells(table, column) if cell not in (None, "", [], {})]


def are(cells: Sequence[Any], question: Callable[[Any], bool]) -> bool:
    """Tell whether there are cells, and the answer is yes for most of them."""
    return bool(cells) and 2 * sum(map(question, cells)) > len(cells)


def has_texts(table: RowTable, *columns: str) -> bool:
    """Tell whether there are such columns, and all hold texts."""
    return all(name in table.columns and _holds_texts(table, name) for name in columns)


def _holds_texts(table: RowTable, column: str) -> bool:
    if column in table.encoded:
        return are(looks(table, column), lambda cell: isinstance(cell, str))
    return bool(table.values.schema.field(column).type == TEXT)
