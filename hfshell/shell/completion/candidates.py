"""What may stand at the cursor: commands, options, names, files, models. Never waits for anybody."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import MISSING, dataclass
from functools import cached_property
from pathlib import Path

from hfshell.api.options import OptionField, option_fields
from hfshell.api.requests import NameInfo
from hfshell.commands.table import CommandTable
from hfshell.commands.task_options import added_options
from hfshell.plugin_host import PluginHost
from hfshell.settings import setting_help, setting_names
from hfshell.shell.completion.files import DATA, SCRIPTS, files
from hfshell.shell.completion.suggestions import (
    Candidate,
    Command,
    Comparable,
    Declared,
    File,
    OptionName,
    OptionValue,
    Reference,
    ScriptParameter,
    Suggestion,
)

_SPLITS = ("train", "validation", "test")


@dataclass(frozen=True)
class Candidates:
    """Looks candidates up.

    Args:
        commands, plugins: what there is.
        names: what is bound, as far as it is known.
        runs: the folder of run directories.
    """

    commands: CommandTable
    plugins: PluginHost
    names: Callable[[], Sequence[NameInfo]]
    runs: Path

    def find(self, name: str) -> Declared | None:
        """Find a command with its fields, and those that tasks add to it."""
        spec = self.commands.find(name)
        if spec is None:
            return None
        added = added_options(spec, None, self.plugins)
        return Declared(spec, (*option_fields(spec.options), *(option_fields(added) if added else ())))

    def of(self, suggestion: Suggestion, typed: str) -> Iterable[Candidate]:
        """Return what a suggestion stands for; not yet filtered, but for paths.

        Args:
            suggestion: what could stand there.
            typed: what is typed so far; paths and members of names follow it.
        """
        match suggestion:
            case Command():
                return [*self._command_names(), *self._members(typed, shown=True)]
            case OptionName():
                return [_option(field) for field in suggestion.fields]
            case OptionValue():
                return self._values(suggestion.field, typed)
            case Reference():
                return self._references(typed)
            case Comparable():
                return self._members(typed, kinds=("result",))
            case File():
                return files(typed)
            case ScriptParameter():
                return _parameters(suggestion.file)

    def _command_names(self) -> list[Candidate]:
        specs = (self.commands.find(name) for name in self.commands.names())
        return [Candidate(spec.name, spec.summary) for spec in specs if spec]

    def _values(self, field: OptionField, typed: str) -> Iterable[Candidate]:
        if field.info.choices:
            return [Candidate(choice) for choice in field.info.choices]
        getter = self._getters.get(field.info.complete or "")
        if getter is not None:
            return getter(typed)
        if field.default in (MISSING, None, ()) or field.type is bool:
            return []
        shown = f"{field.default:g}" if isinstance(field.default, float) else str(field.default)
        return [Candidate(shown, "default")]

    @cached_property
    def _getters(self) -> dict[str, Callable[[str], Iterable[Candidate]]]:
        return {
            "command": lambda _: self._command_names(),
            "data": self._data,
            "file": lambda typed: files(typed, fitting=SCRIPTS),
            "folder": lambda typed: files(typed, folders_only=True),
            "model": self._models,
            "name": lambda typed: self._members(typed, shown=True),
            "plugin": lambda _: [Candidate(row.name, row.distribution) for row in self.plugins.listed()],
            "run": lambda _: self._runs(),
            "setting": lambda _: [Candidate(name, setting_help(name)) for name in setting_names()],
            "split": lambda _: [Candidate(split) for split in _SPLITS],
            "task": lambda _: [Candidate(name) for name in self.plugins.task_names()],
            "text": lambda typed: self._members(typed, kinds=("data",)),
        }

    def _data(self, typed: str) -> Iterator[Candidate]:
        yield from self._members(typed, kinds=("data",))
        yield from files(typed, fitting=DATA)

    def _models(self, typed: str) -> Iterator[Candidate]:
        models = [info for info in self.names() if info.kind == "model"]
        yield from (Candidate(info.name, info.detail) for info in models)
        if models:
            yield Candidate("_", "the last model used")
        for source in self.plugins.model_sources():
            yield from (Candidate(name, source.summary) for name in source.names)
            if typed.startswith(f"{source.scheme}:"):
                yield from (Candidate(f"{source.scheme}:{name}") for name in source.names)
        for task in self.plugins.tasks():
            yield from (Candidate(f"{scheme}:", task.summary, final=False) for scheme in task.schemes)
        if typed.startswith("run:"):
            yield from (Candidate(f"run:{run.text}", run.meta) for run in self._runs())
        for folder in files(typed, folders_only=True):
            if typed or Path(folder.text, "config.json").exists():
                yield folder

    def _runs(self) -> list[Candidate]:
        from hfshell.shell.completion.runs import newest_runs

        return newest_runs(self.runs)

    def _references(self, typed: str) -> Iterator[Candidate]:
        if typed.startswith("env:"):
            yield from (Candidate(f"env:{name}") for name in sorted(os.environ) if name.isidentifier())
            return
        yield from self._members(typed, kinds=("value", "result", "data", "model"))

    def _members(
        self, typed: str, kinds: Sequence[str] | None = None, *, shown: bool = False
    ) -> Iterator[Candidate]:
        """Names of these kinds; once a dot is typed, the members of the name before it."""
        owner, dot, _ = typed.partition(".")
        for info in self.names():
            if kinds is not None and info.kind not in kinds:
                continue
            if not dot:
                yield Candidate(info.name, info.detail or info.kind, final=not (info.fields or info.splits))
            elif info.name == owner:
                members = (*info.splits, *info.fields) if shown or info.kind != "data" else info.splits
                yield from (Candidate(f"{owner}.{member}") for member in members)


def _option(field: OptionField) -> Candidate:
    text = field.info.help
    if field.type is bool and field.default is True:
        return Candidate(f"--no-{field.flag[2:]}", f"Do not: {text[:1].lower()}{text[1:]}")
    return Candidate(field.flag, text)


def _parameters(file: str) -> list[Candidate]:
    from hfshell.commands.script_files import read_source
    from hfshell.errors import HfshellError
    from hfshell.language import format_word, parse_source

    try:
        script = parse_source(read_source(file, ""))
    except HfshellError:
        return []  # whatever is wrong with the script is said when it runs
    defaults = {
        parameter.name.text: f"default {format_word(parameter.default)}"
        if parameter.default
        else "must be given"
        for parameter in script.parameters
    }
    return [Candidate(f"{name}=", meta, final=False) for name, meta in defaults.items()]
