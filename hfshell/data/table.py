"""Rows as they stand in files: Arrow columns, and where each row came from."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, TypeVar

import pyarrow as pa

from hfshell.api.roles import RoleKind
from hfshell.errors import DataError, Place

TEXT = pa.large_string()
"""Arrow's type for text; 64-bit offsets, so that a column may hold more than 2 GB."""

GoesBy = tuple[tuple[RoleKind, str], ...]
"""What a column was read as: kinds of roles, and the names by which roles of that kind know it."""

Decode = Callable[[Any], Any]
_T = TypeVar("_T")


@dataclass(frozen=True, eq=False)
class RowTable:
    """Rows and their places.

    Attributes:
        values: the columns, in file order. Text is `TEXT`.
        files: path of each row's file as the user wrote it, dictionary-encoded.
        lines: 1-based line of each row (row number in formats without lines).
        encoded: names of columns whose values have more than one JSON type, or are lists or objects: they are
            kept as JSON text, so that every value comes back exactly.
        classes: names of the classes of a column, by column, where the file declares them.
        derived: columns that were made of others, with these; they are not in the file.
        goes_by: names by which a column is known besides its own, by column: what it was read as.
        folder: where the paths of `files` start, when they are relative.
    """

    values: Any
    files: Any
    lines: Any
    encoded: frozenset[str] = frozenset()
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    derived: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    goes_by: Mapping[str, GoesBy] = field(default_factory=lambda: MappingProxyType({}))
    folder: str = ""
    _found: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    def once(self, question: Hashable, answer: Callable[[], _T]) -> _T:
        """Return what was found out about the rows before, or find it out: several tasks ask the same."""
        if question not in self._found:
            self._found[question] = answer()
        found: _T = self._found[question]
        return found

    @classmethod
    def from_columns(
        cls,
        columns: Mapping[str, Any],
        lines: Sequence[int],
        file: str | Sequence[str],
        encoded: Iterable[str] = (),
    ) -> RowTable:
        """Make a table of Arrow arrays of equal length; `file` is one for all rows, or one for each."""
        files = [file] * len(lines) if isinstance(file, str) else file
        named = pa.array(files, TEXT).dictionary_encode()
        numbers = pa.array(lines, pa.int64())
        return cls(
            pa.table(dict(columns)),
            pa.chunked_array([named]),
            pa.chunked_array([numbers]),
            frozenset(encoded),
        )

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.lines)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns' names, in file order."""
        return tuple(self.values.column_names)

    def place(self, row: int) -> Place:
        """Return where a row stands; `row` counts from 0."""
        return Place(self.files[row].as_py(), self.lines[row].as_py())

    def decoder(self, column: str) -> Decode | None:
        """Return what turns a column's stored values into the file's; None when they are these."""
        return _decode_json if column in self.encoded else None

    def origins(self, column: str) -> tuple[str, ...]:
        """Return the columns of the file that a column was made of: itself, when it is one."""
        made_of = self.derived.get(column)
        return (column,) if made_of is None else tuple(name for one in made_of for name in self.origins(one))

    def cells(self, column: str) -> list[Any]:
        """Return a column's values as Python objects."""
        values = self.values.column(column).to_pylist()
        decode = self.decoder(column)
        return [decode(value) for value in values] if decode else values

    def take(self, rows: Sequence[int]) -> RowTable:
        """Return the rows with these numbers, in this order."""
        chosen = pa.array(rows, pa.int64())
        return RowTable(
            self.values.take(chosen),
            self.files.take(chosen),
            self.lines.take(chosen),
            self.encoded,
            self.classes,
            self.derived,
            self.goes_by,
            self.folder,
        )

    def in_folder(self, folder: str) -> RowTable:
        """Return the rows of files whose paths start in a folder."""
        return replace(self, folder=folder, _found={})

    def with_columns(
        self,
        made: Mapping[str, Any],
        encoded: Iterable[str],
        derived: Mapping[str, tuple[str, ...]],
        goes_by: Mapping[str, GoesBy],
    ) -> RowTable:
        """Return the rows with more columns, made of those there are.

        Args:
            made: Arrow arrays by the new columns' names.
            encoded: names of those that hold JSON text.
            derived: the columns that each was made of.
            goes_by: names by which columns, new or not, are known besides their own.
        """
        values = self.values
        for name, array in made.items():
            values = values.append_column(name, pa.chunked_array([array]))
        return RowTable(
            values,
            self.files,
            self.lines,
            self.encoded | set(encoded),
            self.classes,
            MappingProxyType({**self.derived, **derived}),
            MappingProxyType({**self.goes_by, **goes_by}),
            self.folder,
        )


def concatenate(tables: Sequence[RowTable]) -> RowTable:
    """Put tables below each other. A column that some lack is empty there.

    Raises:
        DataError: a column has types that do not go together.
    """
    if len(tables) == 1:
        return tables[0]
    names = list(dict.fromkeys(name for table in tables for name in table.columns))
    joined = {name: _join(name, tables) for name in names}
    return RowTable(
        pa.table({name: column for name, (column, _) in joined.items()}),
        pa.chunked_array([chunk for table in tables for chunk in table.files.chunks], tables[0].files.type),
        pa.chunked_array([chunk for table in tables for chunk in table.lines.chunks], pa.int64()),
        frozenset(name for name, (_, encoded) in joined.items() if encoded),
        {name: classes for table in tables for name, classes in table.classes.items()},
    )


def encode_json(values: Iterable[Any]) -> Any:
    """Return values as an Arrow array of JSON text, nulls kept."""
    return pa.array(
        [None if value is None else json.dumps(value, ensure_ascii=False) for value in values], TEXT
    )


def _decode_json(value: str | None) -> Any:
    return None if value is None else json.loads(value)


def _join(name: str, tables: Sequence[RowTable]) -> tuple[Any, bool]:
    """Return a column over all tables, and whether it had to be kept as JSON text."""
    having = [table for table in tables if name in table.columns]
    encoded = any(name in table.encoded for table in having)
    types = {table.values.schema.field(name).type for table in having} - {pa.null()}
    if encoded or len(types) > 1:
        return _join_as_json(name, tables), True
    kind = types.pop() if types else pa.null()
    chunks: list[Any] = []
    for table in tables:
        if name in table.columns and table.values.schema.field(name).type == kind:
            chunks += table.values.column(name).chunks
        else:
            chunks.append(pa.nulls(len(table), kind))
    return pa.chunked_array(chunks, kind), False


def _join_as_json(name: str, tables: Sequence[RowTable]) -> Any:
    chunks: list[Any] = []
    for table in tables:
        if name not in table.columns:
            chunks.append(pa.nulls(len(table), TEXT))
        elif name in table.encoded:
            chunks += table.values.column(name).chunks
        else:
            chunks.append(_as_json(name, table))
    return pa.chunked_array(chunks, TEXT)


def _as_json(name: str, table: RowTable) -> Any:
    try:
        return encode_json(table.values.column(name).to_pylist())
    except TypeError:
        kind = table.values.schema.field(name).type
        raise DataError(
            f"column '{name}' is {kind} here and of another type elsewhere", place=table.place(0)
        ) from None
