"""A data set as tasks see it: rows by role, in splits, with what the audit found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hfshell.api.results import Finding, LabelCount
from hfshell.api.roles import Role
from hfshell.data.folder import SPLITS, split_named
from hfshell.data.rolecolumns import RoleFault
from hfshell.data.roles import RolesFound
from hfshell.data.rows import RoleRows
from hfshell.data.wording import names_of
from hfshell.errors import DataError, Place, UsageError


@dataclass(frozen=True, eq=False)
class DataSet:
    """A data set; fits `hfshell.api.TaskData`.

    Attributes:
        name: the name that the user bound, or the file's.
        source: what the user gave, as written.
        columns: all columns, in file order.
        roles: which of them have a role, and how that was found.
        label_counts: the labels with their rows over all splits: in the order that the file declares, else
            whole numbers by value and then the others by their characters.
        splits: rows by split: train, validation, test; some may be empty.
        how: how the splits came about: `stratified, seed 42`, `as given`.
        findings: what was noticed while reading, and by the audit.
        faults: rows, by split, that have nothing fit for a role.
        keys: `row_key` of each row's texts, by split.
        fingerprint: SHA-256 over the files' bytes, the options, the roles and the readers' version.
        seconds: reading took.
        recipe: JSON types from which `load_recipe` reads it again.
    """

    name: str
    source: str
    columns: tuple[str, ...]
    roles: RolesFound
    label_counts: tuple[LabelCount, ...]
    splits: Mapping[str, RoleRows]
    how: str
    findings: tuple[Finding, ...]
    faults: Mapping[str, tuple[RoleFault, ...]]
    keys: Mapping[str, tuple[str, ...]]
    fingerprint: str
    seconds: float
    recipe: Mapping[str, Any]

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the labels, in the data's own order; empty without a label column."""
        return tuple(count.label for count in self.label_counts)

    @property
    def train(self) -> RoleRows:
        """Rows to train on."""
        return self.splits["train"]

    @property
    def validation(self) -> RoleRows:
        """Rows to choose the best checkpoint with; may be empty."""
        return self.splits["validation"]

    @property
    def test(self) -> RoleRows:
        """Rows to report on; may be empty."""
        return self.splits["test"]

    def split(self, name: str) -> RoleRows:
        """Return a split by its name, or another word for it (`dev`).

        Raises:
            UsageError: the data set has no such split, or no rows in it.
        """
        rows = self.splits.get(split_named(name) or "")
        if rows:
            return rows
        present = [f"{self.name}.{split}" for split in SPLITS if self.splits[split]]
        what = "is no split" if rows is None else "has no rows"
        raise UsageError(f"{self.name}.{name} {what}", hint=f"there is {names_of(present)}")

    def row_place(self, split: str, index: int) -> Place:
        """Return the file and line of a split's row; `index` counts from 0."""
        return self.split(split).place(index)

    def row_keys(self, split: str) -> frozenset[str]:
        """Return the `row_key` of each of a split's texts, to see leaks with."""
        return frozenset(self.keys.get(split_named(split) or "", ()))

    def require(
        self, roles: Sequence[Role], *, splits: Sequence[str] = SPLITS, training: bool = False
    ) -> None:
        """Hold the data against what a task needs.

        Args:
            roles: the task's; those that are not required are passed over.
            splits: the splits that it will use.
            training: it will train: there must be rows to train on, of two labels at least.

        Raises:
            DataError: a role has no column, rows in these splits have nothing fit for a role, or there is
                nothing to learn.
        """
        required = [role for role in roles if role.required]
        for role in required:
            if self.roles.column(role.name) is None:
                raise self._without(role)
        names = {role.name for role in required}
        for split in splits:
            for fault in self.faults.get(split, ()):
                if fault.role in names:
                    raise fault.error()
        if training:
            self._require_something_to_learn(required)

    def _require_something_to_learn(self, roles: Sequence[Role]) -> None:
        place = Place(self.source)
        if not self.train:
            hint = "`data train=FILE` says which they are"
            raise DataError("there are no rows to train on", place=place, hint=hint)
        for name in (role.name for role in roles if role.kind == "label"):
            known = {label for label in self.train.values(name) if label is not None}
            if len(known) < 2:
                has = f"one label only, {next(iter(known))}" if known else "no label"
                raise DataError(f"train has {has}: there is nothing to learn", place=place)

    def _without(self, role: Role) -> DataError:
        message, hint = self.roles.why_not(role.name, self.columns)
        return DataError(message, place=Place(self.source), hint=hint)
