"""The session's data sets: read once, read again when they were parked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from hfshell.api.guards import Guard
from hfshell.commands.data import DataCommandOptions
from hfshell.data import DataOptions, DataSet, Formats, load_data, load_recipe
from hfshell.data.formats import ending
from hfshell.errors import DataError, UsageError
from hfshell.session.data_formats import plugin_formats
from hfshell.session.lookup import SPLITS
from hfshell.session.names import A_KIND, Binding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hfshell.api.roles import Role
    from hfshell.session.context import CommandContext
    from hfshell.session.session import Session


@dataclass(frozen=True)
class FoundData:
    """A data set that a word named, and the split behind its dot."""

    dataset: DataSet
    split: str | None
    name: str

    @property
    def measured_split(self) -> str:
        """The split that was named, or the one to report on: test, else validation, else train."""
        if self.split:
            return self.split
        return next((name for name in ("test", "validation") if self.dataset.splits[name]), "train")


class DataSets:
    """Reads data, and finds it by name."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def read(self, options: DataCommandOptions, context: CommandContext) -> DataSet:
        """Read a data set as `data` says, and bind it when the line has a name."""
        if not options.sources:
            raise UsageError("data wants a file, a folder or a Hub id", hint="tickets = data tickets.csv")
        dataset = load_data(
            options.sources,
            _data_options(options),
            self._tasks(),
            name=context.binding or "",
            cancelled=context.cancelled,
            emit=context.emit,
            formats=self._formats,
        )
        if context.binding:
            self._session.names.bind(Binding(context.binding, "data", dict(dataset.recipe), dataset))
        return dataset

    def get(self, word: str, context: CommandContext, *, whole: bool = False) -> FoundData:
        """Find a bound data set, `NAME` or `NAME.split`, or read a file.

        Args:
            word: what the user wrote.
            context: the command's surroundings.
            whole: take a file as it is, as rows to measure on, instead of splitting it.

        Raises:
            UsageError: nothing has that name.
        """
        name, _, split = word.partition(".")
        if self._session.names.find(name, "data"):
            dataset = self._alive(name, context)
            if split:
                dataset.split(split)
            return FoundData(dataset, split or None, name)
        if word in self._session.names:
            raise UsageError(f"{word} is {A_KIND[self._session.names.get(word).kind]}, not a data set")
        if not Path(word).expanduser().exists() and "/" not in word:
            if self.is_file_name(word):
                raise UsageError(
                    f"there is no file {word}", hint="check the path; it starts from the folder you run in"
                )
            self._session.names.get(word)
        dataset = load_data(
            (f"test={word}" if whole and Path(word).expanduser().is_file() else word,),
            DataOptions(),
            self._tasks(),
            cancelled=context.cancelled,
            emit=context.emit,
            formats=self._formats,
        )
        return FoundData(replace(dataset, source=word), None, dataset.name)

    def require(
        self,
        dataset: DataSet,
        roles: Sequence[Role],
        *,
        splits: Sequence[str] = SPLITS,
        training: bool = False,
    ) -> None:
        """Hold data against what a task needs; where none of its columns would do, say what it is for.

        Raises:
            DataError: as `DataSet.require` does.
        """
        try:
            dataset.require(roles, splits=splits, training=training)
        except DataError as error:
            if error.hint is None and dataset.for_task(roles).missing_roles():
                tasks = self.tasks_for(dataset)
                known = f"it has the columns of {', '.join(tasks)}: `--task {tasks[0]}`" if tasks else None
                error.hint = known and f"{known}, with a model for it"
            raise

    def tasks_for(self, dataset: DataSet) -> tuple[str, ...]:
        """Names of the tasks that fit a data set."""
        return self._session.tasks.for_data(dataset)

    def is_file_name(self, word: str) -> bool:
        """Whether a word ends like the name of a data file."""
        return ending(PurePath(word), self._formats.by_ending) is not None

    @property
    def _formats(self) -> Formats:
        """What plugins read; they may come and go while the session lives."""
        return plugin_formats(self._session.plugins)

    def _alive(self, name: str, context: CommandContext) -> DataSet:
        binding = self._session.names.get(name)
        if binding.value is not None:
            alive: DataSet = binding.value
            return alive
        dataset = load_recipe(
            binding.recipe, cancelled=context.cancelled, emit=context.emit, formats=self._formats
        )
        if dataset.fingerprint != binding.recipe.get("fingerprint"):
            message = f"{name} has changed on disk since it was first read"
            context.guard(Guard("data-changed", "warn", message, hint=f"`{name} = data …` reads it anew"))
        self._session.names.revive(name, dataset)
        return dataset

    def _tasks(self) -> Sequence[Sequence[Role]]:
        """What the installed tasks want, each set of roles once: many want a text and a label."""
        return list(dict.fromkeys(spec.roles for spec in self._session.plugins.tasks() if spec.roles))


def _data_options(options: DataCommandOptions) -> DataOptions:
    return DataOptions(
        map=_role_map(options.map),
        columns=tuple(options.columns.split(",")) if options.columns else None,
        encoding=options.encoding,
        skip_bad_rows=options.skip_bad_rows,
        limit=options.limit,
        validation=options.validation,
        test=options.test,
        seed=options.seed,
        dedup=options.dedup,
    )


def _role_map(pairs: tuple[str, ...]) -> dict[str, Any]:
    roles = {}
    for pair in pairs:
        role, equals, column = pair.partition("=")
        if not (role and equals and column):
            raise UsageError(f"--map {pair} is not ROLE=COLUMN", hint="--map text=message")
        roles[role] = column
    return roles
