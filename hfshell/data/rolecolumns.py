"""Columns as tasks need them, and the rows that have nothing fit for a role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from hfshell.api.cancel import CancelToken
from hfshell.api.results import Finding
from hfshell.api.roles import Role, RoleKind
from hfshell.data.fingerprint import row_key
from hfshell.data.labels import Converted, as_labels, as_texts
from hfshell.data.roles import RolesFound
from hfshell.data.rows import RoleColumn, RoleRows
from hfshell.data.table import TEXT, RowTable
from hfshell.data.wording import lines_of, names_of, rows_of, verb
from hfshell.errors import DataError, Place

_BATCH = 1 << 14


@dataclass(frozen=True)
class RoleFault:
    """Rows of a split that have nothing fit for a role.

    Attributes:
        role: the role.
        rows: their numbers in the table, from 0.
        message: what is wrong, one line.
        place: the first one's.
    """

    role: str
    rows: tuple[int, ...]
    message: str
    place: Place

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
        text_roles, label_role: roles of these kinds whose values all fit (or are missing).
    """

    table: RowTable
    columns: dict[str, RoleColumn]
    faults: tuple[RoleFault, ...]
    text_roles: tuple[str, ...]
    label_role: str | None

    def rows(self, chosen: Sequence[int] | None = None) -> RoleRows:
        """Return the rows with these numbers, all without them."""
        return RoleRows(self.table, self.columns, range(len(self.table)) if chosen is None else chosen)

    def keys(self, cancelled: CancelToken) -> list[str] | None:
        """Return each row's `row_key`; None without texts.

        Raises:
            Interrupted: the user asked to stop.
        """
        if not self.text_roles:
            return None
        keys: list[str] = []
        for start in range(0, len(self.table), _BATCH):
            cancelled.raise_if_set()
            texts = [self.columns[role].values.slice(start, _BATCH).to_pylist() for role in self.text_roles]
            keys += [row_key(*(text or "" for text in row)) for row in zip(*texts, strict=True)]
        return keys

    def labels(self) -> list[str | None] | None:
        """Return each row's label; None without labels."""
        return self.columns[self.label_role].values.to_pylist() if self.label_role else None

    def faulty_rows(self) -> frozenset[int]:
        """Return the numbers of all rows that have nothing fit for one of the roles."""
        return frozenset(row for fault in self.faults for row in fault.rows)


def role_table(table: RowTable, found: RolesFound, roles: Sequence[Role]) -> RoleTable:
    """Return a table's columns by role.

    Args:
        table: the rows. Where it has no column for a label, as test sets often do, no row has one.
        found: the columns.
        roles: with their kinds.

    Raises:
        DataError: the table lacks the column of another role.
    """
    kinds: dict[str, RoleKind] = {role.name: role.kind for role in roles}
    columns: dict[str, RoleColumn] = {}
    faults: list[RoleFault] = []
    fitting: dict[RoleKind, list[str]] = {"text": [], "label": []}
    for role, name in found.by_role.items():
        kind = kinds[role]
        if name not in table.columns and kind != "label":
            place = replace(table.place(0), line=None)
            raise DataError(
                f"there is no column '{name}', the columns are {names_of(table.columns)}", place=place
            )
        if kind not in ("text", "label"):
            columns[role] = RoleColumn(table.values.column(name), table.decoder(name))
            continue
        converted = _converted(table, name, kind)
        faults += _faults(table, role, name, converted)
        if converted.unfit:  # stays as it is: reported, and never cast
            columns[role] = RoleColumn(table.values.column(name), table.decoder(name))
        else:
            columns[role] = RoleColumn(converted.values)
            fitting[kind].append(role)
    return RoleTable(
        table, columns, tuple(faults), tuple(fitting["text"]), next(iter(fitting["label"]), None)
    )


def _converted(table: RowTable, name: str, kind: RoleKind) -> Converted:
    if name not in table.columns:
        nulls = pa.chunked_array([pa.nulls(len(table), TEXT)])
        return Converted(nulls, missing=tuple(range(len(table))))
    column = table.values.column(name)
    if kind == "text" and column.type == TEXT and name not in table.encoded and not column.null_count:
        return Converted(column)
    return as_texts(table.cells(name)) if kind == "text" else as_labels(table.cells(name))


def _faults(table: RowTable, role: str, name: str, converted: Converted) -> list[RoleFault]:
    faults: list[RoleFault] = []
    if converted.unfit:
        message = f"the {role} column '{name}' mixes types: {converted.types}"
        if len(converted.unfit) + len(converted.missing) == len(table):
            message = f"the {role} column '{name}' is no {role}: {converted.types}"
        faults.append(_fault(table, role, converted.unfit, message))
    if converted.missing:
        count = len(converted.missing)
        which = "no row has" if count == len(table) else f"{rows_of(count)} {verb(count, 'has', 'have')} no"
        message = f"{which} {role}"
        if len(converted.missing) < len(table):
            message += f": {_lines(table, converted.missing)}"
        faults.append(_fault(table, role, converted.missing, message))
    return faults


def _fault(table: RowTable, role: str, rows: tuple[int, ...], message: str) -> RoleFault:
    return RoleFault(role, rows, message, table.place(rows[0]))


def _lines(table: RowTable, rows: Sequence[int]) -> str:
    return lines_of([table.place(row).line or 0 for row in rows[:6]], len(rows))
