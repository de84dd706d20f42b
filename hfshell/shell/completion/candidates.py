"""What may stand at the cursor: commands, options, names, files, models. Never waits for anybody."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING
from functools import cached_property

from hfshell.api.guards import REFUSING
from hfshell.api.options import OptionField
from hfshell.api.requests import NameInfo
from hfshell.commands.help_topics import TOPICS
from hfshell.commands.table import CommandTable
from hfshell.home import Home
from hfshell.language import COMPARISONS
from hfshell.plugin_host import PluginHost
from hfshell.settings import DECLARATIONS
from hfshell.shell.completion.bound_names import ALL, BoundNames
from hfshell.shell.completion.command_words import CommandWords
from hfshell.shell.completion.data_words import SPLITS, DataWords
from hfshell.shell.completion.declarations import Declarations
from hfshell.shell.completion.files import SCRIPTS, files
from hfshell.shell.completion.model_words import ModelWords, architectures, devices
from hfshell.shell.completion.runs import newest_runs
from hfshell.shell.completion.sessions import saved_sessions
from hfshell.shell.completion.suggestions import (
    Candidate,
    Command,
    Comparable,
    File,
    Operator,
    OptionName,
    OptionValue,
    Reference,
    ScriptParameter,
    Suggestion,
)

_MEANINGS = {
    "==": "the same", "!=": "not the same", "<=": "at most", ">=": "at least", "<": "less than",
    ">": "more than", "~": "the same to the digits on the right",
}  # fmt: skip
_USUAL_DIGITS = 3

Getter = Callable[[str, OptionValue], Iterable[Candidate]]


class Candidates:
    """Looks candidates up.

    Args:
        commands, plugins: what there is.
        names: gives what is bound, as far as it is known.
        home: where runs and saved sessions are.
        aliases: gives the user's own words, and what they stand for.

    Attributes:
        declarations: finds commands with their options.
        bound: what is bound.
    """

    def __init__(
        self,
        commands: CommandTable,
        plugins: PluginHost,
        names: Callable[[], Sequence[NameInfo]],
        home: Home,
        *,
        aliases: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self.bound = BoundNames(names)
        self.declarations = Declarations(commands, plugins, self.bound)
        self.aliases = aliases
        self._plugins = plugins
        self._home = home
        self._commands = CommandWords(commands, self.bound, aliases)
        self._data = DataWords(self.bound, plugins)
        self._models = ModelWords(self.bound, plugins, home.runs)

    def of(self, suggestion: Suggestion, typed: str) -> Iterable[Candidate]:
        """Return what a suggestion stands for; not yet held against what is typed.

        Args:
            suggestion: what could stand there.
            typed: what is typed so far; paths and members of names follow it.
        """
        match suggestion:
            case Command():
                return self._first(suggestion, typed)
            case OptionName():
                return [_option(field) for field in suggestion.fields]
            case OptionValue():
                return self._values(suggestion, typed)
            case Reference():
                return self._references(typed)
            case Comparable():
                return self._comparable(suggestion, typed)
            case Operator():
                return [Candidate(sign, _MEANINGS[sign], written=True) for sign in COMPARISONS]
            case File():
                return files(typed, fitting=suggestion.endings)
            case ScriptParameter():
                return _parameters(suggestion.file)

    def _first(self, command: Command, typed: str) -> Iterator[Candidate]:
        yield from self._commands.valid(typed, binding=command.binding)
        if not command.binding:
            yield from self.bound.members(typed, ALL, shown=True)

    def _values(self, value: OptionValue, typed: str) -> Iterable[Candidate]:
        field = value.field
        if field.info.choices:
            return [
                Candidate(choice, "default" if choice == field.default else "")
                for choice in field.info.choices
            ]
        getter = self._getters.get(field.info.complete or "")
        if getter is not None:
            return getter(typed, value)
        if field.default in (MISSING, None, ()) or field.type is bool:
            return []
        return [Candidate(_shown(field.default), "default")]

    @cached_property
    def _getters(self) -> dict[str, Getter]:
        return {
            "alias": lambda _, __: self._commands.aliases(),
            "architecture": lambda _, __: architectures(),
            "bound-model": lambda _, __: self._models.bound(),
            "command": lambda _, __: self._commands.all(),
            "data": lambda typed, value: self._data.sources(typed, value.field),
            "device": lambda _, __: devices(),
            "file": lambda typed, _: files(typed, fitting=SCRIPTS),
            "folder": lambda typed, _: files(typed, folders_only=True),
            "guard": lambda _, __: [Candidate(name, text) for name, text in REFUSING.items()],
            "label": lambda typed, value: self._data.labels(typed, value.beside),
            "label-map": lambda typed, value: self._data.label_map(typed, value.beside),
            "model": lambda typed, _: self._models.sources(typed),
            "name": lambda typed, _: self.bound.members(typed, ALL, shown=True),
            "plugin": lambda _, __: [Candidate(row.name, row.distribution) for row in self._plugins.listed()],
            "role-map": lambda typed, value: self._data.roles(typed, value.beside),
            "run": lambda _, __: newest_runs(self._home.runs),
            "session": lambda _, __: saved_sessions(self._home.sessions),
            "setting": lambda _, __: _settings(),
            "setting-value": lambda _, value: _setting_values(value),
            "split": lambda _, __: [Candidate(split) for split in SPLITS],
            "subject": self._subjects,
            "task": lambda _, value: self._tasks(value),
            "text": lambda typed, _: self.bound.members(typed, ("data",)),
        }

    def _tasks(self, value: OptionValue) -> Iterator[Candidate]:
        for task in self._plugins.tasks():
            if value.spec.verb is None or value.spec.verb in task.capabilities:
                yield Candidate(task.name, task.summary)

    def _subjects(self, typed: str, value: OptionValue) -> Iterator[Candidate]:
        """Yield whatever `help` explains."""
        yield from self._commands.all()
        yield from (Candidate(topic.name, topic.summary) for topic in TOPICS.values())
        yield from self._tasks(value)
        yield from _settings()
        yield from self.bound.members(typed, ALL, shown=True)

    def _references(self, typed: str) -> Iterable[Candidate]:
        if typed.startswith("env:"):
            return [Candidate(f"env:{name}") for name in sorted(os.environ) if name.isidentifier()]
        return self.bound.members(typed, ALL)

    def _comparable(self, side: Comparable, typed: str) -> Iterator[Candidate]:
        owner, _, field = side.left.partition(".")
        info = self.bound.named(owner) if field else None
        if info is not None and field in info.fields and len(info.values) == len(info.fields):
            value = info.values[info.fields.index(field)]
            if value:
                yield Candidate(_rounded(value), f"{side.left} now")
        yield from self.bound.members(typed, ("result",))


def _option(field: OptionField) -> Candidate:
    text = field.info.help
    if field.type is bool and field.default is True:
        return Candidate(f"--no-{field.flag[2:]}", f"Do not: {text[:1].lower()}{text[1:]}")
    if field.type is bool or field.default in (MISSING, None, ()):
        return Candidate(field.flag, text)
    return Candidate(field.flag, f"{text} ({_shown(field.default)})")


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _rounded(value: str) -> str:
    """Write a score as people compare it; other values stay."""
    try:
        return f"{float(value):.{_USUAL_DIGITS}f}" if "." in value else value
    except ValueError:
        return value


def _settings() -> list[Candidate]:
    return [Candidate(name, declared.help) for name, declared in DECLARATIONS.items()]


def _setting_values(value: OptionValue) -> list[Candidate]:
    (name,) = value.beside.get("setting", ("",))[:1]
    declared = DECLARATIONS.get(name)
    if declared is None:
        return []
    default = declared.show(declared.default)
    words = dict.fromkeys((*declared.choices, default))
    taken_back = Candidate("default", "take back what `set` said")
    return [*(Candidate(word, "default" if word == default else "") for word in words), taken_back]


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
