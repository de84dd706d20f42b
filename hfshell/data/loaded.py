"""The rows that were read and how they were split: what each task's view of a data set is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hfshell.api.results import LabelCount
from hfshell.api.roles import Role
from hfshell.data.fingerprint import combined
from hfshell.data.folder import SPLITS
from hfshell.data.labels import sort_labels
from hfshell.data.parts import Part
from hfshell.data.rolecolumns import RoleFault, RoleTable, role_table
from hfshell.data.rows import RoleRows
from hfshell.data.views import View, fitting, learners, view, widened


@dataclass(frozen=True, eq=False)
class Seen:
    """A data set as a task sees it.

    Attributes:
        view: its roles, and where they were found.
        splits: rows by role, by split; some may be empty.
        faults: rows, by split, that have nothing fit for a role.
        label_counts: the labels or tags with the rows that have them, over all splits: in the order that the
            file declares, else whole numbers by value and then the others by their characters. Empty where
            neither is learnt.
        fingerprint: SHA-256 over the files' bytes, those of the files that rows name, the options, the roles
            and the readers' version.
    """

    view: View
    splits: Mapping[str, RoleRows]
    faults: Mapping[str, tuple[RoleFault, ...]]
    label_counts: tuple[LabelCount, ...]
    fingerprint: str


@dataclass(frozen=True, eq=False)
class Loaded:
    """The rows of a data set, split.

    Attributes:
        parts: rows by split; those that have some.
        primary: the view by which they were split.
        overrides: the user's word on columns, by role.
        content: JSON types that tell the files' bytes and the options from any others.
    """

    parts: Mapping[str, Part]
    primary: View
    overrides: Mapping[str, str]
    content: Sequence[Any]

    def view(self, roles: Sequence[Role]) -> View:
        """Find the columns of a task: in the first split, and what it can do without in the others too."""
        tables = [part.rows for part in self.parts.values()]
        return widened(view(tables[0], roles, self.overrides), tables[1:], self.overrides)

    def is_for(self, tasks: Sequence[Sequence[Role]], own: Sequence[bool] = ()) -> list[bool]:
        """Tell which of some tasks the data is for, when these are all that there are.

        Args:
            tasks: the roles of each.
            own: which of them hfshell ships; all without it.
        """
        views = [self.view(roles) for roles in tasks]
        shipped = [one for one, ours in zip(views, own, strict=True) if ours] if own else views
        strangers = [one for one in views if one not in shipped]
        found = fitting(next(iter(self.parts.values())).rows, views, self.overrides, strangers)
        return [one in found for one in views]

    def known_to(self, tasks: Sequence[Sequence[Role]], roles: Sequence[Role]) -> list[bool]:
        """Tell which of some tasks know by its name the column that a task would learn."""
        target = self.view(roles).target
        known = learners([self.view(wanted) for wanted in tasks], target.column) if target else []
        return [self.view(wanted) in known for wanted in tasks]

    def seen(self, one: View) -> Seen:
        """Return the rows as a task sees them.

        Raises:
            DataError: a split lacks a column that others have.
        """
        every = [part.rows for part in self.parts.values()]
        tables = {
            split: role_table(part.rows, one.found, one.roles, every) for split, part in self.parts.items()
        }
        nothing = next(iter(tables.values())).rows(())
        rows = {split: table.rows(self.parts[split].chosen) for split, table in tables.items()}
        splits = {split: rows.get(split, nothing) for split in SPLITS}
        return Seen(
            view=one,
            splits=splits,
            faults={split: _within(table, self.parts[split].chosen) for split, table in tables.items()},
            label_counts=_label_counts(one, splits, tables),
            fingerprint=self._fingerprint(one, tables),
        )

    def _fingerprint(self, one: View, tables: Mapping[str, RoleTable]) -> str:
        """Tell rows, roles and splits from any others; splits follow from the view that they were made by."""
        columns = _columns(one)
        by = [] if columns == _columns(self.primary) else [_columns(self.primary)]
        named = [digest for table in tables.values() for digest in table.file_digests()]
        return combined([*self.content, columns, *by, *([named] if named else [])])


def _columns(one: View) -> list[list[str]]:
    return [[item.role, item.column] for item in one.found.found]


def _within(table: RoleTable, chosen: Sequence[int]) -> tuple[RoleFault, ...]:
    if not table.faults:
        return ()
    rows = frozenset(chosen)
    return tuple(found for fault in table.faults if (found := fault.within(table.table, rows)))


def _label_counts(
    one: View, splits: Mapping[str, RoleRows], tables: Mapping[str, RoleTable]
) -> tuple[LabelCount, ...]:
    role = next((role for role in one.roles if one.target and role.name == one.target.role), None)
    if one.target is None or role is None or role.kind not in ("label", "tags"):
        return ()
    if any(fault.unfit for table in tables.values() for fault in table.faults if fault.role == role.name):
        return ()
    values = (value for rows in splits.values() for value in rows.values(role.name) if value is not None)
    several = role.multiple or role.kind == "tags"
    counts = Counter(label for value in values for label in (set(value) if several else [value]))
    for table in tables.values():
        declared = table.table.classes.get(one.target.column)
        if declared and set(counts) <= set(declared):
            return tuple(LabelCount(label, counts[label]) for label in declared)
    return tuple(LabelCount(label, counts[label]) for label in sort_labels(counts))
