"""Words about a data set: its source, roles and columns, labels, and how labels map to a model's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from hfshell.api.options import OptionField
from hfshell.api.roles import Role
from hfshell.checking.data_files import ENDINGS, look_at
from hfshell.plugin_host import PluginHost
from hfshell.render.quantities import many
from hfshell.shell.completion.bound_names import BoundNames
from hfshell.shell.completion.files import files
from hfshell.shell.completion.hub_cache import cached
from hfshell.shell.completion.suggestions import Candidate

SPLITS = ("train", "validation", "test")

Beside = Mapping[str, tuple[str, ...]]
"""The line's other words, by field."""


class DataWords:
    """Words about data.

    Args:
        bound: what is bound.
        plugins: what is installed.
    """

    def __init__(self, bound: BoundNames, plugins: PluginHost) -> None:
        self._bound = bound
        self._plugins = plugins

    def sources(self, typed: str, field: OptionField) -> Iterator[Candidate]:
        """Whatever `data` reads, bound data first; `train=` and its like where several files may stand."""
        yield from self._bound.members(typed, ("data",))
        yield from files(typed, fitting=self._endings())
        yield from cached("datasets")
        if field.many:
            yield from (Candidate(f"{split}=", f"a file for {split}", final=False) for split in SPLITS)

    def roles(self, typed: str, beside: Beside) -> Iterator[Candidate]:
        """Roles with their `=`; behind it, the columns of the data."""
        role, equals, _ = typed.partition("=")
        if not equals:
            yield from self._roles()
            return
        for column in self._columns(beside):
            yield Candidate(f"{role}={column}", shown=column)

    def labels(self, typed: str, beside: Beside) -> Iterator[Candidate]:
        """Labels of what is on the line, between commas."""
        given, comma, _ = typed.rpartition(",")
        taken = set(given.split(","))
        for label, meta in self._labels(beside, ("data", "model")):
            if label not in taken:
                yield Candidate(f"{given}{comma}{label}", meta, label)

    def label_map(self, typed: str, beside: Beside) -> Iterator[Candidate]:
        """The data's labels with their `=`; behind it, the model's."""
        given, comma, last = typed.rpartition(",")
        label, equals, _ = last.partition("=")
        if equals:
            for name, meta in self._labels(beside, ("model",)):
                yield Candidate(f"{given}{comma}{label}={name}", meta, name)
            return
        taken = {pair.partition("=")[0] for pair in given.split(",")}
        for name, meta in self._labels(beside, ("data",)):
            if name not in taken:
                yield Candidate(f"{given}{comma}{name}=", meta, f"{name}=", final=False)

    def _endings(self) -> tuple[str, ...]:
        added = (ending.lower() for spec in self._plugins.data_formats() for ending in spec.endings)
        return (*ENDINGS, *added)

    def _roles(self) -> Iterator[Candidate]:
        wanting: dict[str, list[Role]] = {}
        for task in self._plugins.tasks():
            for role in task.roles:
                wanting.setdefault(role.name, []).append(role)
        for name, roles in sorted(wanting.items(), key=lambda found: -len(found[1])):
            yield Candidate(f"{name}=", f"{roles[0].kind} of {many(len(roles), 'task')}", final=False)

    def _columns(self, beside: Beside) -> Iterable[str]:
        """Columns of the files on the line; of bound data where these cannot be read at a glance."""
        sources = (word.rpartition("=")[2] for word in beside.get("sources", ()))
        found = [column for source in sources for column in columns_of(source)]
        if not found:
            found = [column for info in self._bound.all() for column in info.columns]
        return dict.fromkeys(found)

    def _labels(self, beside: Beside, kinds: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Labels of the names on the line that hold something of these kinds; else of any such name."""
        named = [info for words in beside.values() for word in words if (info := self._bound.named(word))]
        whose = [info for info in named if info.labels and info.kind in kinds] or [
            info for info in self._bound.all() if info.kind in kinds
        ]
        for info in whose:
            yield from ((label, f"label of {info.name}") for label in info.labels)


def columns_of(file: str) -> tuple[str, ...]:
    """Return the columns of a data file as far as its beginning tells them; none of what is no such file."""
    facts = look_at(file)
    return facts.columns or () if facts else ()
