"""Columns as tasks need them, and the rows that have nothing fit for a role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from hfshell.api.cancel import CancelToken
from hfshell.api.results import Finding
from hfshell.api.roles import Role
from hfshell.data.fingerprint import read_text, reads, row_key
from hfshell.data.kinds import KINDS
from hfshell.data.kinds.index import Counting, as_index, counting_of
from hfshell.data.labels import Converted, as_labels, as_texts
from hfshell.data.named_files import as_files, data_file, digests_of
from hfshell.data.roles import RolesFound
from hfshell.data.rows import RoleColumn, RoleRows
from hfshell.data.table import TEXT, RowTable
from hfshell.data.target_values import as_label_sets, as_numbers
from hfshell.data.wording import lines_of, names_of, rows_of, verb
from hfshell.errors import DataError, Place

_BATCH = 1 << 14
_CONVERTED = ("text", "label", "number", "file", *KINDS)


@dataclass(frozen=True)
class RoleFault:
    """Rows of a split that have nothing fit for a role.

    Attributes:
        role: the role.
        rows: their numbers in the table, from 0.
        message: what is wrong, one line.
        place: the first one's.
        unfit: whether values are there, and of the wrong type.
    """

    role: str
    rows: tuple[int, ...]
    message: str
    place: Place
    unfit: bool = False

    def within(self, table: RowTable, chosen: frozenset[int]) -> RoleFault | None:
        """Return the fault as far as it concerns some of the rows; None when it does not."""
        rows = tuple(row for row in self.rows if row in chosen)
        return replace(self, rows=rows, place=table.place(rows[0])) if rows else None

    def error(self) -> DataError:
        """Return the error for a task that needs the role."""
        return DataError(self.message, place=self.place, hint="`--skip-bad-rows` leaves these rows out")

    def finding(self) -> Finding:
        """Return what the audit says about it."""
        return Finding(f"bad-{self.role}", "warn", f"{self.place.file}: {self.message}", len(self.rows))


@dataclass(frozen=True, eq=False)
class RoleTable:
    """A table's columns by role, and what is wrong with them.

    Attributes:
        table: the rows as they stand in their files.
        columns: values by role.
        faults: rows that have nothing fit for a role.
        notes: what else is to be said of the columns.
        text_roles: roles of texts whose values all fit, but for those to be written.
        read_roles: roles of all that a task reads.
        label_role: the role of one label a row whose values all fit, or are missing.
        noun: what rows are told apart by: a text, or a file.
    """

    table: RowTable
    columns: dict[str, RoleColumn]
    faults: tuple[RoleFault, ...]
    notes: tuple[Finding, ...]
    text_roles: tuple[str, ...]
    read_roles: tuple[str, ...]
    label_role: str | None
    noun: str = "text"

    def rows(self, chosen: Sequence[int] | None = None) -> RoleRows:
        """Return the rows with these numbers, all without them."""
        return RoleRows(self.table, self.columns, range(len(self.table)) if chosen is None else chosen)

    def keys(self, cancelled: CancelToken) -> list[str] | None:
        """Return each row's `row_key`; None where nothing is read.

        Raises:
            Interrupted: the user asked to stop.
        """
        if not self.read_roles:
            return None
        keys: list[str] = []
        for start in range(0, len(self.table), _BATCH):
            cancelled.raise_if_set()
            cells = [self.columns[role].values.slice(start, _BATCH).to_pylist() for role in self.read_roles]
            keys += [row_key(*map(read_text, row)) for row in zip(*cells, strict=True)]
        return keys

    def labels(self) -> list[str | None] | None:
        """Return each row's label; None without labels."""
        return self.columns[self.label_role].values.to_pylist() if self.label_role else None

    def file_digests(self) -> list[str | None]:
        """Return the SHA-256 of each file a row names, column by column; None where it cannot be read."""
        named = [column.values for column in self.columns.values() if column.decode is data_file]
        return [digest for values in named for digest in digests_of(values)]

    def faulty_rows(self) -> frozenset[int]:
        """Return the numbers of all rows that have nothing fit for one of the roles."""
        return frozenset(row for fault in self.faults for row in fault.rows)


def role_table(
    table: RowTable, found: RolesFound, roles: Sequence[Role], others: Sequence[RowTable] = ()
) -> RoleTable:
    """Return a table's columns by role.

    Args:
        table: the rows. Where it has no column for what is learnt, as test sets often do, no row has a value.
        found: the columns.
        roles: with their kinds.
        others: the other splits of the data set: numbers of choices are counted alike in all of them.

    Raises:
        DataError: the table lacks the column of another role.
    """
    wanted = {role.name: role for role in roles}
    columns: dict[str, RoleColumn] = {}
    faults: list[RoleFault] = []
    notes: list[Finding] = []
    fitting: list[Role] = []
    for name, column in found.by_role.items():
        role = wanted[name]
        if column not in table.columns and not role.target:
            place = replace(table.place(0), line=None)
            raise DataError(
                f"there is no column '{column}', the columns are {names_of(table.columns)}", place=place
            )
        if role.kind not in _CONVERTED:
            columns[name] = RoleColumn(table.values.column(column), table.decoder(column))
            continue
        converted = _converted(table, column, role, found.column(role.of) if role.of else None, others)
        faults += [fault for fault in _faults(table, name, column, converted) if role.required or fault.unfit]
        notes += converted.notes
        if role.kind == "file":
            columns[name] = RoleColumn(converted.values, data_file)
            fitting.append(role)
        elif converted.unfit and role.kind not in KINDS:  # stays as it is: reported, and never cast
            columns[name] = RoleColumn(table.values.column(column), table.decoder(column))
        else:
            tuples = KINDS[role.kind].tuples if role.kind in KINDS else role.multiple
            columns[name] = RoleColumn(converted.values, _tuple if tuples else None)
            fitting.append(role)
    read = reads(fitting)
    label = next((role.name for role in fitting if role.kind == "label" and not role.multiple), None)
    return RoleTable(
        table=table,
        columns=columns,
        faults=tuple(faults),
        notes=tuple(notes),
        text_roles=tuple(role.name for role in read if role.kind == "text"),
        read_roles=tuple(role.name for role in read),
        label_role=label,
        noun="file" if {role.kind for role in read} == {"file"} else "text",
    )


def _tuple(items: list[Any] | None) -> tuple[Any, ...] | None:
    return None if items is None else tuple(items)


def _converted(
    table: RowTable, column: str, role: Role, beside: str | None, others: Sequence[RowTable]
) -> Converted:
    if role.kind == "index" and column in table.columns:
        return _index(table, column, beside, others)
    question = ("converted", column, role.kind, role.multiple, beside)
    return table.once(question, lambda: _convert(table, column, role, beside))


def _index(table: RowTable, column: str, beside: str | None, others: Sequence[RowTable]) -> Converted:
    found = [_counting(other, column, beside) for other in others]
    counting = _counting(table, column, beside).with_others(found)
    question = ("index", column, beside, counting)
    spoken_of = beside if beside in table.columns else None
    return table.once(
        question,
        lambda: as_index(table.cells(column), table.cells(spoken_of) if spoken_of else None, counting),
    )


def _counting(table: RowTable, column: str, beside: str | None) -> Counting:
    if column not in table.columns or beside is None or beside not in table.columns:
        return Counting()
    return table.once(
        ("counting", column, beside), lambda: counting_of(table.cells(column), table.cells(beside))
    )


def _convert(table: RowTable, name: str, role: Role, beside: str | None) -> Converted:
    if name not in table.columns:
        nulls = pa.chunked_array([pa.nulls(len(table), TEXT)])
        return Converted(nulls, missing=tuple(range(len(table))))
    if role.kind in KINDS:
        spoken_of = table.cells(beside) if beside in table.columns else None
        return KINDS[role.kind].convert(table.cells(name), spoken_of)
    if role.kind == "file":
        return as_files(table, name)
    column = table.values.column(name)
    if role.kind == "number":
        return as_numbers(table.cells(name))
    if role.kind == "label":
        return (as_label_sets if role.multiple else as_labels)(table.cells(name))
    if column.type == TEXT and name not in table.encoded and not column.null_count:
        return Converted(column)
    return as_texts(table.cells(name))


def _faults(table: RowTable, role: str, name: str, converted: Converted) -> list[RoleFault]:
    faults: list[RoleFault] = []
    if converted.unfit:
        complaint = f"mixes types: {converted.types}"
        if len(converted.unfit) + len(converted.missing) == len(table):
            complaint = f"is no {role}: {converted.types}"
        message = f"the {role} column '{name}' {converted.complaint or complaint}"
        if converted.reason:
            count = len(converted.unfit)
            where = _lines(table, converted.unfit)
            no = f"{verb(count, 'is', 'are')} no {role}"
            message = f"{rows_of(count)} of '{name}' {no}, {where}: {converted.reason}"
        faults.append(RoleFault(role, converted.unfit, message, table.place(converted.unfit[0]), unfit=True))
    if converted.missing:
        count = len(converted.missing)
        which = "no row has" if count == len(table) else f"{rows_of(count)} {verb(count, 'has', 'have')} no"
        message = f"{which} {role}"
        if len(converted.missing) < len(table):
            message += f": {_lines(table, converted.missing)}"
        faults.append(RoleFault(role, converted.missing, message, table.place(converted.missing[0])))
    return faults


def _lines(table: RowTable, rows: Sequence[int]) -> str:
    return lines_of([table.place(row).line or 0 for row in rows[:6]], len(rows))
