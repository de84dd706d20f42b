"""The same columns as each task sees them, and which tasks they are for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from hfshell.api.results import RoleFound
from hfshell.api.roles import Role
from hfshell.data.naming import fold
from hfshell.data.roles import RolesFound, find_roles
from hfshell.data.table import RowTable
from hfshell.data.targets import Target, natural_target
from hfshell.errors import DataError


@dataclass(frozen=True)
class View:
    """A task's roles, and the columns that have them.

    Attributes:
        roles: what the task wants.
        found: where it was found.
        ambiguous: why it cannot be told which column is which; None when it can.
    """

    roles: tuple[Role, ...]
    found: RolesFound = RolesFound()  # noqa: RUF009 - frozen
    ambiguous: DataError | None = None

    @property
    def is_complete(self) -> bool:
        """Whether there is a column for all that the task cannot do without."""
        wanted = {role.name for role in self.roles if role.required}
        return self.ambiguous is None and wanted <= self.found.by_role.keys()

    @property
    def target(self) -> RoleFound | None:
        """Where what the task learns was found; None when it learns nothing, or it was not found."""
        wanted = next((role for role in self.roles if role.target), None)
        return next((item for item in self.found.found if wanted and item.role == wanted.name), None)


def view(table: RowTable, roles: Sequence[Role], overrides: Mapping[str, str]) -> View:
    """Find the columns of a task."""
    wanted = tuple(roles)

    def find() -> View:
        try:
            return View(wanted, find_roles(table, wanted, overrides))
        except DataError as error:
            error.__traceback__ = None  # it is kept, and its frames would keep what they hold
            return View(wanted, ambiguous=error)

    return table.once(("view", wanted, tuple(sorted(overrides.items()))), find)


def widened(found: View, others: Sequence[RowTable], overrides: Mapping[str, str]) -> View:
    """Add columns that only other splits have, of what stands beside the target: several references, say."""
    for table in others:
        missing = {
            role.name
            for role in found.roles
            if role.target and not role.required and found.found.column(role.name) is None
        }
        more = [item for item in view(table, found.roles, overrides).found.found if item.role in missing]
        if missing and more:
            joint = RolesFound((*found.found.found, *more), found.found.unclear)
            found = replace(found, found=joint)
    return found


def fitting(
    table: RowTable,
    views: Sequence[View],
    overrides: Mapping[str, str],
    strangers: Sequence[View] = (),
) -> list[View]:
    """Return the views of tasks that a data set is for, in their order.

    It is for a task when there is a column for all that the task cannot do without. A column that is called
    as what a task learns is not for those that guess by its values. Of tasks that learn one column
    differently, it is for those that learn what the column most naturally is: whole numbers are labels before
    they are amounts. A task to which what another reads and learns is only a part of the data goes before it:
    a question with its choices is no text with a label; a stranger's task goes before ours only where
    ours is for any text. Of tasks that read the same, one whose own words the columns are called by goes
    before those that know them by other names: `source` and `target` are a translation.
    What the user said of a column goes before all.

    Args:
        table: the rows.
        views: of all installed tasks.
        overrides: column by role, as the user said.
        strangers: those of the views that only plugins of others have.
    """
    complete = [one for one in views if one.is_complete]
    called = {one.target.column for one in complete if one.target and _is_called_so(one.target)}
    complete = [
        one
        for one in complete
        if one.target is None or one.target.column not in called or one.target.how in ("name", "map")
    ]
    claimed = {one.target.column for one in complete if one.target and _is_natural(table, one, overrides)}
    natural = [
        one
        for one in complete
        if one.target is None or one.target.column not in claimed or _is_natural(table, one, overrides)
    ]

    def rivals(one: View) -> list[View]:
        """Return the views that one may give way to: any, for a stranger's and for what is for any text."""
        if one in strangers or _is_for_any_text(one):
            return natural
        return [other for other in natural if other not in strangers]

    return [one for one in natural if not any(_goes_before(table, other, one) for other in rivals(one))]


def to_show(table: RowTable, views: Sequence[View], overrides: Mapping[str, str]) -> list[View]:
    """Return the views to go by: of all fitting tasks, else of the one that finds the most.

    Raises:
        DataError: none fits, and the first task cannot tell which column is which.
    """
    found = fitting(table, views, overrides)
    if found or not views:
        return found
    if views[0].ambiguous is not None:
        raise views[0].ambiguous
    return [max(views, key=lambda one: len(one.found.found))]


def joined(views: Iterable[View]) -> View:
    """Return views as one; of roles with one name the first stands."""
    roles: dict[str, Role] = {}
    found: dict[str, RoleFound] = {}
    unclear: dict[str, tuple[str, str]] = {}
    for one in views:
        for role in one.roles:
            roles.setdefault(role.name, role)
        for item in one.found.found:
            found.setdefault(item.role, item)
        unclear = {**one.found.unclear, **unclear}
    return View(tuple(roles.values()), RolesFound(tuple(found.values()), unclear))


def learners(views: Sequence[View], column: str) -> list[View]:
    """Return the views of tasks that could learn a column, were they asked: they know it by its name."""
    return [
        one
        for one in views
        if one.is_complete
        and one.target is not None
        and one.target.column == column
        and one.target.how in ("name", "map")
    ]


def _goes_before(table: RowTable, other: View, one: View) -> bool:
    """Tell whether a view tells more of the data than another, and the user does not want that one."""
    if any(item.how == "map" for item in one.found.found):
        return False
    if _is_better_named(table, other, one):
        return True
    more, less = _origins(table, other), _origins(table, one)
    if less == more:
        return _is_for_some_texts(other) and not _is_for_some_texts(one)
    return less < more or (_only_reads_texts(one) and other.target is not None)


def _origins(table: RowTable, one: View) -> set[str]:
    return {name for item in one.found.found for name in table.origins(item.column)}


def _only_reads_texts(one: View) -> bool:
    return all(role.kind == "text" and not role.target for role in one.roles)


def _is_for_any_text(one: View) -> bool:
    """Tell whether a task finds its column wherever there is a text."""
    return [role.kind for role in one.roles if role.required] == ["text"]


def _is_for_some_texts(one: View) -> bool:
    """Tell whether a task wants texts that hold marks, or name files."""
    return any(role.containing or role.kind == "file" for role in one.roles)


def _is_called_so(target: RoleFound) -> bool:
    return target.how == "name" and fold(target.column) == fold(target.role)


def _is_natural(table: RowTable, one: View, overrides: Mapping[str, str]) -> bool:
    if one.target is None:
        return True
    said = [role for role, column in overrides.items() if column == one.target.column]
    if said:
        return one.target.role in said
    wanted = next(role for role in one.roles if role.name == one.target.role)
    kind = _kind(wanted)
    return kind is None or kind == natural_target(table, one.target.column)


def _is_better_named(table: RowTable, other: View, one: View) -> bool:
    """Tell whether two tasks read the same, whose columns are called as the one calls them, not the other."""
    if not other.found.found or _origins(table, other) != _origins(table, one):
        return False
    return all(_in_own_words(table, other)) and not any(_in_own_words(table, one))


def _in_own_words(table: RowTable, one: View) -> list[bool]:
    """Tell of each column whether it is called as the task calls it, rather than by a synonym."""

    def names(column: str) -> set[str]:
        return {fold(name) for name in (column, *(name for _, name in table.goes_by.get(column, ())))}

    return [item.how == "name" and fold(item.role) in names(item.column) for item in one.found.found]


def _kind(role: Role) -> Target | None:
    """Return as what a role is learnt; None for a kind that no other competes with."""
    if role.kind == "number":
        return "number"
    if role.kind == "label":
        return "labels" if role.multiple else "label"
    return None
