"""Which column has which role: by the user's word, by name, by values; never guessed between two."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from hfshell.api.results import RoleFound
from hfshell.api.roles import TYPED, Role
from hfshell.data.columns import could_be, is_worded, label_columns, text_columns
from hfshell.data.naming import fold, nearest
from hfshell.data.table import RowTable
from hfshell.data.targets import set_columns
from hfshell.data.wording import names_of
from hfshell.errors import DataError, UsageError


@dataclass(frozen=True)
class RolesFound:
    """The columns that have a role.

    Attributes:
        found: role, column and how it was found, in the order of the roles.
        unclear: why a role has no column although several might have it, by role; with a hint.
    """

    found: tuple[RoleFound, ...] = ()
    unclear: Mapping[str, tuple[str, str]] = field(default_factory=lambda: MappingProxyType({}))

    def column(self, role: str) -> str | None:
        """Return the column that has a role, or None."""
        return next((item.column for item in self.found if item.role == role), None)

    def why_not(self, role: Role, table: RowTable, columns: Sequence[str]) -> tuple[str, str | None]:
        """Return why a role has no column, and a hint where one of the table's would do."""
        if role.name in self.unclear:
            return self.unclear[role.name]
        taken, spoken_of = self.by_role.values(), self.column(role.of)
        fit = [
            column
            for column in table.columns
            if column not in taken and _would_do(role, table, column, spoken_of)
        ]
        named = word(fit[0]) if len(fit) == 1 else "COLUMN"
        hint = f"`--map {role.name}={named}` says which it is" if fit else None
        return f"no column is the {role.name}: the columns are {names_of(columns)}", hint

    @property
    def by_role(self) -> dict[str, str]:
        """Columns by role."""
        return {item.role: item.column for item in self.found}


def find_roles(table: RowTable, roles: Sequence[Role], overrides: Mapping[str, str]) -> RolesFound:
    """Find the column of each role.

    The user's word goes first. Then names: a column named like the role itself, else like a synonym; of
    several texts the best synonym's is taken, of several columns to learn none. Then values: the one column
    of long, mostly distinct texts, the one column of few, repeated values, the one column of sets of these.

    Texts that make a pair are found together, by names that go together, or not at all.

    Args:
        table: the rows.
        roles: what a task wants.
        overrides: column by role; those of other tasks' roles are passed over.

    Raises:
        DataError: two columns are both named like what is to be learnt.
    """
    names = [role.name for role in roles]
    found = {role: RoleFound(role, column, "map") for role, column in overrides.items() if role in names}
    unclear: dict[str, tuple[str, str]] = {}
    alone = _find_pairs(table, roles, found)
    # Before what speaks of a column comes the column: tags are known by their tokens.
    for role in sorted(roles, key=lambda role: bool(role.of)):
        if role.name not in found and role.name not in alone:
            _keep(found, role, _by_name(table, role, found), "name")
    # Texts first: a column of few values is a label only beside a text.
    texts = {role.name for role in roles if role.kind in TYPED}
    guess = [role.kind for role in roles].count("text") == 1
    for role in sorted(roles, key=lambda role: role.kind not in TYPED):
        if role.name not in found:
            beside_text = bool(texts & found.keys())
            _find_by_values(table, role, found, unclear, beside_text=beside_text, guess_text=guess)
    return RolesFound(tuple(found[name] for name in dict.fromkeys(names) if name in found), unclear)


def known_names(roles: Sequence[Role]) -> frozenset[str]:
    """Return the folded names that columns of these roles usually have."""
    return frozenset(fold(name) for role in roles for name in (role.name, *role.synonyms))


def check_overrides(table: RowTable, roles: Sequence[Role], overrides: Mapping[str, str]) -> None:
    """Refuse a user's word on columns that names nothing.

    Raises:
        DataError: an override names no column.
        UsageError: an override names no role of any task.
    """
    names = list(dict.fromkeys(role.name for role in roles))
    for role, column in overrides.items():
        if role not in names:
            near = nearest(role, names)
            hint = f"did you mean --map {near}={column}?" if near else f"roles are {names_of(names)}"
            raise UsageError(f"there is no role {role}", hint=hint)
        if column not in table.columns:
            near = nearest(column, table.columns)
            raise DataError(
                f"there is no column '{column}', the columns are {names_of(table.columns)}",
                place=replace(table.place(0), line=None),
                hint=f"did you mean --map {role}={near}?" if near else None,
            )


def _keep(found: dict[str, RoleFound], role: Role, column: str | None, how: str) -> None:
    if column is not None:
        found[role.name] = RoleFound(role.name, column, how)


def _find_pairs(table: RowTable, roles: Sequence[Role], found: dict[str, RoleFound]) -> set[str]:
    """Find texts that make a pair; return the roles of those that have no partner, and so are not there."""
    by_name = {role.name: role for role in roles}
    alone: set[str] = set()
    for second in roles:
        first = by_name.get(second.beside)
        if first is None or first.name in found or second.name in found:
            continue
        alone |= {first.name, second.name}
        for names in zip((first.name, *first.synonyms), (second.name, *second.synonyms), strict=False):
            columns = [
                _named(table, (name,), found, role) for name, role in zip(names, (first, second), strict=True)
            ]
            if all(columns):
                _keep(found, first, columns[0][0], "name")
                _keep(found, second, columns[1][0], "name")
                break
    return alone


def _by_name(table: RowTable, role: Role, found: Mapping[str, RoleFound]) -> str | None:
    for group in ((role.name,), role.synonyms):
        named = _named(table, group, found, role)
        if named and named[0] in table.goes_by:
            return named[0]
        if len(named) > 1 and (role.kind in ("label", "number") or fold(named[0]) == fold(named[1])):
            raise _ambiguous(table, role, named)
        if named:
            return named[0]
    return None


def _named(table: RowTable, names: Sequence[str], found: Mapping[str, RoleFound], role: Role) -> list[str]:
    """Return the columns that have one of the names and fitting values, in the order of the names.

    A column goes by other names too when it was read as something: before those that only have the name.
    """
    taken = {item.column for item in found.values()}
    spoken_of = found[role.of].column if role.of in found else None
    by_name: dict[str, list[str]] = {}
    for column, others in table.goes_by.items():
        for kind, name in others:
            if kind == role.kind:
                by_name.setdefault(fold(name), []).append(column)
    for column in table.columns:
        by_name.setdefault(fold(column), []).append(column)
    wanted = dict.fromkeys(fold(name) for name in names)
    candidates = dict.fromkeys(column for name in wanted for column in by_name.get(name, ()))
    return [
        column for column in candidates if column not in taken and _could_be(role, table, column, spoken_of)
    ]


def _could_be(role: Role, table: RowTable, column: str, beside: str | None) -> bool:
    wanted = (role.kind, role.multiple, role.containing, role.endings, bool(role.of))
    question = ("could be", *wanted, column, beside)
    return table.once(question, lambda: could_be(role, table, column, beside))


def _would_do(role: Role, table: RowTable, column: str, beside: str | None) -> bool:
    """Whether a column is worth a user's word: it may have the role, and is not plainly something else."""
    kinds = {kind for kind, _ in table.goes_by.get(column, ())}
    if kinds and role.kind not in kinds:
        return False
    if role.kind == "text" and not is_worded(table, column):
        return False
    return _could_be(role, table, column, beside)


def _find_by_values(
    table: RowTable,
    role: Role,
    found: dict[str, RoleFound],
    unclear: dict[str, tuple[str, str]],
    *,
    beside_text: bool,
    guess_text: bool,
) -> None:
    taken = {item.column for item in found.values()}
    free = [column for column in table.columns if column not in taken and column not in table.derived]
    if role.kind == "text" and guess_text:
        texts = table.once(("texts", *free), lambda: text_columns(table, free))
        candidates = [column for column in texts if _could_be(role, table, column, None)]
    elif role.kind == "file" and role.endings:
        candidates = [column for column in free if _could_be(role, table, column, None)]
    elif role.kind == "label" and beside_text:
        looks = set_columns if role.multiple else label_columns
        candidates = table.once((looks.__name__, *free), lambda: looks(table, free))
    else:
        return
    if len(candidates) == 1:
        _keep(found, role, candidates[0], "only" if len(table.columns) == 1 else "values")
    elif candidates:
        unclear[role.name] = (
            f"several columns could be the {role.name}: {names_of(candidates)}",
            f"`--map {role.name}={word(candidates[0])}` says which",
        )


def _ambiguous(table: RowTable, role: Role, columns: Sequence[str]) -> DataError:
    named = " and ".join(f"'{column}'" for column in columns)
    return DataError(
        f"{named} could both be the {role.name}"
        if len(columns) == 2
        else f"{named} could each be the {role.name}",
        place=replace(table.place(0), line=None),
        hint=f"`--map {role.name}={word(columns[0])}` says which",
    )


def word(column: str) -> str:
    """Return a column's name as it is typed."""
    return shlex.quote(column)
