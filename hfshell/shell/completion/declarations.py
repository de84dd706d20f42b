"""Commands with the options that tasks add to them, read once until plugins change."""

from __future__ import annotations

from collections.abc import Sequence

from hfshell.api.options import OptionField, option_fields
from hfshell.api.requests import NameInfo
from hfshell.api.specs import CommandSpec
from hfshell.commands.parsing import Argument
from hfshell.commands.table import CommandTable
from hfshell.commands.task_options import added_options, all_fields, named_task
from hfshell.errors import PROMPT, HfshellError, Place
from hfshell.language import Word
from hfshell.plugin_host import PluginHost
from hfshell.shell.completion.bound_names import BoundNames
from hfshell.shell.completion.suggestions import Declared

_HERE = Place(PROMPT)


class Declarations:
    """Finds commands and their options.

    Args:
        commands, plugins: what there is.
        bound: what is bound: the task of a model on the line says which options are meant.
    """

    def __init__(self, commands: CommandTable, plugins: PluginHost, bound: BoundNames) -> None:
        self._commands = commands
        self._plugins = plugins
        self._bound = bound
        self._edition: object = None
        self._found: dict[tuple[str, str | None], Declared | None] = {}
        self._flags: dict[str, frozenset[str] | None] = {}

    def find(self, name: str, words: Sequence[Word] = ()) -> Declared | None:
        """Find a command with its fields, and those that the task adds which its line is about.

        Args:
            name: the command.
            words: the words of its line; the options of all tasks are there while none says which.
        """
        self._refresh()
        task = self._task(words)
        if (name, task) not in self._found:
            self._found[(name, task)] = self._read(name, task)
        return self._found[(name, task)]

    def flags(self, name: str) -> frozenset[str] | None:
        """Return all options that a command may have, whatever its task; None when it reads no options."""
        self._refresh()
        if name not in self._flags:
            spec = self._commands.find(name)
            self._flags[name] = None if spec is None or spec.raw else frozenset(self._all_flags(spec))
        return self._flags[name]

    def _refresh(self) -> None:
        edition = self._plugins.edition
        if edition is not self._edition:
            self._edition, self._found, self._flags = edition, {}, {}

    def _read(self, name: str, task: str | None) -> Declared | None:
        spec = self._commands.find(name)
        if spec is None:
            return None
        own = option_fields(spec.options)
        try:
            added = added_options(spec, task, self._plugins)
        except HfshellError:
            added = None  # an unknown task is said when the line runs
        return Declared(spec, (*own, *(option_fields(added) if added else ())))

    def _all_flags(self, spec: CommandSpec) -> list[str]:
        fields = all_fields(spec, self._plugins)
        return [flag for field in fields if not field.info.positional for flag in _flags(field)]

    def _task(self, words: Sequence[Word]) -> str | None:
        arguments = [Argument(word.plain, word.raw.startswith("-"), _HERE) for word in words]
        named = named_task(arguments, self._plugins)
        if named is not None or not words:
            return named
        model = self._model(words[0].plain or "")
        return model.task or None if model else None

    def _model(self, word: str) -> NameInfo | None:
        info = self._bound.named(word)
        return info if info is not None and info.kind == "model" else None


def _flags(field: OptionField) -> tuple[str, ...]:
    return (field.flag, f"--no-{field.flag[2:]}") if field.type is bool else (field.flag,)
