"""A data set as tasks see it: rows by role, in splits, with what the audit found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hfshell.api.results import Finding, LabelCount
from hfshell.api.roles import Role
from hfshell.data.fingerprint import row_keys
from hfshell.data.folder import SPLITS, split_named
from hfshell.data.loaded import Loaded, Seen
from hfshell.data.roles import RolesFound
from hfshell.data.rows import RoleRows
from hfshell.data.wording import names_of
from hfshell.errors import DataError, Place, UsageError


@dataclass(frozen=True, eq=False)
class DataSet:
    """A data set; fits `hfshell.api.TaskData`.

    As it was read it has the roles of all tasks that it is for. `for_task` gives the same rows, in the same
    splits, as one task sees them.

    Attributes:
        name: the name that the user bound, or the file's.
        source: what the user gave, as written.
        columns: all columns, in file order.
        how: how the splits came about: `stratified, seed 42`, `as given`.
        findings: what was noticed while reading, and by the audit.
        seconds: reading took.
        recipe: JSON types from which `load_recipe` reads it again.
        loaded: the rows, split.
        seen: the rows by role.
    """

    name: str
    source: str
    columns: tuple[str, ...]
    how: str
    findings: tuple[Finding, ...]
    seconds: float
    recipe: Mapping[str, Any]
    loaded: Loaded
    seen: Seen

    def for_task(self, roles: Sequence[Role]) -> DataSet:
        """Return the data set as a task sees it: rows by its roles, its labels, its fingerprint.

        Raises:
            DataError: a split lacks a column that others have.
        """
        view = self.loaded.view(roles)
        return self if view == self.seen.view else replace(self, seen=self.loaded.seen(view))

    def is_for(self, tasks: Sequence[Sequence[Role]], own: Sequence[bool] = ()) -> list[bool]:
        """Tell which of all installed tasks it is for, by their roles.

        It is for a task whose columns it has; of tasks that would learn one column differently, for those
        that learn what the column most naturally is.

        Args:
            tasks: the roles of each.
            own: which of them hfshell ships; all without it.
        """
        return self.loaded.is_for(tasks, own)

    def known_to(self, tasks: Sequence[Sequence[Role]], roles: Sequence[Role]) -> list[bool]:
        """Tell which of some tasks know by its name the column that another one would learn.

        Args:
            tasks: the roles of each.
            roles: of the one that would learn it.
        """
        return self.loaded.known_to(tasks, roles)

    @property
    def roles(self) -> RolesFound:
        """Which columns have a role, and how that was found."""
        return self.seen.view.found

    def missing_roles(self) -> tuple[str, ...]:
        """Roles that the task which comes nearest needs, and that no column has."""
        wanted = [role.name for role in self.seen.view.roles if role.required]
        return tuple(role for role in wanted if self.roles.column(role) is None)

    @property
    def label_counts(self) -> tuple[LabelCount, ...]:
        """The labels with their rows over all splits."""
        return self.seen.label_counts

    @property
    def splits(self) -> Mapping[str, RoleRows]:
        """Rows by split: train, validation, test; some may be empty."""
        return self.seen.splits

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the bytes of files, also of those that rows name, options, roles, and the reader."""
        return self.seen.fingerprint

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the labels, or tags, in the data's own order; empty where none are learnt."""
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

    def row_keys(self, split: str, limit: int | None = None) -> frozenset[str]:
        """Return the `row_key` of each of a split's texts, or of its first ones, to see leaks with."""
        rows = self.splits.get(split_named(split) or "", ())
        return row_keys(rows[:limit], self.seen.view.roles)

    def require(
        self, roles: Sequence[Role], *, splits: Sequence[str] = SPLITS, training: bool = False
    ) -> None:
        """Hold the data against what a task needs.

        Args:
            roles: the task's; those that are not required are passed over.
            splits: the splits that it will use.
            training: it will train: there must be rows to train on, and something to learn from them.

        Raises:
            DataError: a role has no column, rows in these splits have nothing fit for a role, or there is
                nothing to learn.
        """
        self.for_task(roles)._require(  # noqa: SLF001 - its own
            [role for role in roles if role.required], splits, training=training
        )

    def _require(self, roles: Sequence[Role], splits: Sequence[str], *, training: bool) -> None:
        if self.seen.view.ambiguous is not None:
            raise self.seen.view.ambiguous
        for role in roles:
            if self.roles.column(role.name) is None:
                raise self._without(role)
        names = {role.name for role in roles}
        for split in splits:
            for fault in self.seen.faults.get(split, ()):
                if fault.role in names:
                    raise fault.error()
        if training:
            self._require_something_to_learn(roles)

    def _require_something_to_learn(self, roles: Sequence[Role]) -> None:
        place = Place(self.source)
        if not self.train:
            hint = "`data train=FILE` says which they are"
            raise DataError("there are no rows to train on", place=place, hint=hint)
        for role in roles:
            complaint = _nothing_to_learn(role, self.train.values(role.name)) if role.target else None
            if complaint:
                raise DataError(f"train has {complaint}: there is nothing to learn", place=place)

    def _without(self, role: Role) -> DataError:
        table = next(iter(self.loaded.parts.values())).rows
        message, hint = self.roles.why_not(role, table, self.columns)
        return DataError(message, place=Place(self.source), hint=hint)


def _nothing_to_learn(role: Role, values: Sequence[Any]) -> str | None:
    """Say what there is of a target where that teaches nothing."""
    if role.kind == "label" and role.multiple:
        return None if any(values) else "no label on any row"
    given = [value for value in values if value is not None]
    if not given:
        return f"no {role.kind}" if role.kind in ("label", "number") else f"no {role.name} on any row"
    if role.kind not in ("label", "number", "tags"):
        return None
    known = {tag for tags in given for tag in tags} if role.kind == "tags" else set(given)
    noun = "tag" if role.kind == "tags" else role.kind
    return None if len(known) > 1 else f"one {noun} only, {', '.join(map(str, known))}"
