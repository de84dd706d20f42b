"""Rows by role: a lazy sequence over Arrow columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

import pyarrow as pa

from hfshell.api.context import Row
from hfshell.api.data_files import DataFile
from hfshell.data.table import Decode, RowTable
from hfshell.errors import Place

_BATCH = 1024


@dataclass(frozen=True, eq=False)
class RoleColumn:
    """A role's values: an Arrow array, and what turns a stored value into the value; None when it is that."""

    values: Any
    decode: Decode | None = None


class RoleRows(Sequence[Row]):
    """The rows of a split, as dicts by role.

    A slice is another `RoleRows` over the same columns. Rows are made when they are looked at.

    Args:
        table: the rows as they stand in their files.
        columns: values by role, as many as the table has rows.
        chosen: numbers of the table's rows that belong here, in order.
    """

    def __init__(self, table: RowTable, columns: Mapping[str, RoleColumn], chosen: Sequence[int]) -> None:
        self._table = table
        self._columns = dict(columns)
        self._chosen = chosen

    def __len__(self) -> int:
        return len(self._chosen)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> RoleRows: ...
    def __getitem__(self, index: int | slice) -> Row | RoleRows:
        if isinstance(index, slice):
            return RoleRows(self._table, self._columns, self._chosen[index])
        row = self._chosen[index]
        return {
            role: _value(column.values[row].as_py(), column.decode) for role, column in self._columns.items()
        }

    def __iter__(self) -> Iterator[Row]:
        for start in range(0, len(self), _BATCH):
            end = min(start + _BATCH, len(self))
            cells = {role: self._cells(role, start, end) for role in self._columns}
            for position in range(end - start):
                yield {role: values[position] for role, values in cells.items()}

    def values(self, role: str) -> list[Any]:
        """Return all values of a role, in order.

        Raises:
            KeyError: the rows do not have it.
        """
        return self._cells(role, 0, len(self))

    def place(self, index: int) -> Place:
        """Return where a row stands in its file."""
        return self._table.place(self._chosen[index])

    def shown(self, index: int) -> Row:
        """Return a row to look at: by role, or by column when no column has a role."""
        if self._columns:
            return {
                role: value.shown if isinstance(value, DataFile) else value
                for role, value in self[index].items()
            }
        row = self._chosen[index]
        return {
            name: _value(self._table.values.column(name)[row].as_py(), self._table.decoder(name))
            for name in self._table.columns
        }

    def _cells(self, role: str, start: int, end: int) -> list[Any]:
        column = self._columns[role]
        cells = column.values.take(pa.array(self._chosen[start:end], pa.int64())).to_pylist()
        return [_value(cell, column.decode) for cell in cells] if column.decode else cells


def _value(cell: Any, decode: Decode | None) -> Any:
    return decode(cell) if decode else cell
