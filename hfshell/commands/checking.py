"""`check`: the language's checker, with the commands' declarations as its vocabulary."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from hfshell.commands.parsing import Argument, Trace, parse
from hfshell.commands.requirements import require_installed
from hfshell.commands.task_options import possible_options
from hfshell.errors import HfshellError, Place, UsageError
from hfshell.language import Problem, Reading, Source, WordProblem, WordUse, check_script, parse_source

if TYPE_CHECKING:
    from hfshell.api.options import OptionField
    from hfshell.api.specs import CommandSpec
    from hfshell.commands.table import CommandTable
    from hfshell.language import CommandLine, Word
    from hfshell.plugin_host import PluginHost

_DATA_ENDINGS = (
    ".csv",
    ".tsv",
    ".json",
    ".jsonl",
    ".ndjson",
    ".gz",
    ".parquet",
    ".arrow",
    ".feather",
    ".txt",
)


def check_file(
    file: str, commands: CommandTable, plugins: PluginHost, parameters: Sequence[str] | None = None
) -> list[Problem]:
    """Check a script file; relative paths in it start from the folder we are in.

    Args:
        file: the script.
        commands: the commands there are.
        plugins: where tasks are declared.
        parameters: NAME=VALUE words that it would be given; None when they are not known.
    """
    try:
        script = parse_source(read_source(file, ""))
    except HfshellError as error:
        return [Problem.of(error, Place(file))]
    given = None if parameters is None else [word.partition("=")[0] for word in parameters]
    return check_script(
        script,
        CommandVocabulary(commands, plugins),
        exists=lambda path: Path(path).expanduser().exists(),
        given_parameters=given,
        read_source=read_source,
    )


def raise_for(problems: Sequence[Problem]) -> None:
    """Raise the findings as one error, the first in front.

    Raises:
        UsageError: there is a finding.
    """
    if not problems:
        return
    first, *others = problems
    hint = "\n".join([*([first.hint] if first.hint else []), *(str(problem) for problem in others)])
    raise UsageError(first.message, place=first.place, hint=hint or None)


def read_source(path: str, sourcing: str) -> Source:
    """Read a script that another one, or nobody, sources.

    Raises:
        UsageError: it is missing, a folder, or not UTF-8.
    """
    found = Path(path).expanduser()
    if sourcing and not sourcing.startswith("<") and not found.is_absolute():
        found = Path(sourcing).parent / found
    return Source(read_script(found).removeprefix("\ufeff"), os.path.normpath(found))


def read_script(path: Path) -> str:
    """Read a script's text.

    Raises:
        UsageError: it is missing, a folder, or not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(f"there is no script {path}", hint=_similar(path)) from None
    except IsADirectoryError:
        raise UsageError(f"{path} is a folder, not a script") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text (byte {error.start})") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None


def _similar(path: Path) -> str | None:
    from hfshell.language.suggest import did_you_mean

    try:
        return did_you_mean(path.name, [found.name for found in path.parent.glob("*.hfsh")])
    except OSError:
        return None


class CommandVocabulary:
    """The commands, as the language's checker asks for them.

    Args:
        commands: the commands there are.
        plugins: where tasks are declared.
        task: the task that a line is about which does not say; None where it may be any.
    """

    def __init__(self, commands: CommandTable, plugins: PluginHost, *, task: str | None = None) -> None:
        self._commands = commands
        self._plugins = plugins
        self._task = task
        self._names = tuple(commands.names())

    def names(self) -> Collection[str]:
        """Names of all commands."""
        return self._names

    def read(self, line: CommandLine) -> Reading:
        """Read a line's words as its command's declaration does."""
        spec = self._commands.get(line.command.text)
        if line.heredoc and not spec.heredoc:
            return Reading(problems=[WordProblem(f"{spec.name} reads no heredoc")])
        arguments = [_argument(word, line) for word in line.words]
        try:
            trace = self._trace(spec, arguments, line.place(line.command))
        except HfshellError as error:
            return Reading(problems=[_problem(error, arguments)])
        if spec.name == "require" and not line.ignore_error:
            return _requirement(arguments)
        return Reading(uses=[use for field, index in trace if (use := _use(spec, field, index, arguments))])

    def _trace(self, spec: CommandSpec, arguments: Sequence[Argument], place: Place) -> Trace:
        """Read the words, by the options of any task that the line may be about.

        Raises:
            HfshellError: it is wrong whichever is meant.
        """
        first: HfshellError | None = None
        for added in possible_options(spec, arguments, self._plugins, self._task):
            trace: Trace = []
            try:
                parse(spec, arguments, place, added, trace)
            except UsageError as error:
                first = first or error
            else:
                return trace
        raise first or UsageError(f"no task has options of {spec.name}", place=place)


def _requirement(arguments: Sequence[Argument]) -> Reading:
    """Hold what `require` wants, unless only the run can know it, against what is installed."""
    try:
        for argument in arguments:
            if argument.text is not None:
                require_installed(argument.text)
    except UsageError as error:
        return Reading(problems=[WordProblem(error.message, 0, error.hint)], package_missing=True)
    return Reading()


def _argument(word: Word, line: CommandLine) -> Argument:
    option_like = word.raw.startswith("-")
    flag, equals, _ = word.raw.partition("=")
    known = word.plain is not None or not (option_like and equals)
    return Argument(word.plain, option_like, line.place(word), flag="" if known else f"{flag}=")


def _problem(error: HfshellError, arguments: Sequence[Argument]) -> WordProblem:
    places = [argument.place for argument in arguments]
    index = places.index(error.place) if error.place in places else None
    return WordProblem(error.message, index, error.hint)


def _use(spec: CommandSpec, field: OptionField, index: int, arguments: Sequence[Argument]) -> WordUse | None:
    text = arguments[index].text
    if not text:
        return None
    if spec.name == "data":
        text = text.partition("=")[2] or text
    kind = _kind(spec, field, text)
    return WordUse(index, text, kind) if kind else None


def _kind(
    spec: CommandSpec, field: OptionField, text: str
) -> Literal["name", "source", "file", "output"] | None:
    complete = field.info.complete
    if complete == "name" or (complete == "model" and spec.name in ("use", "save")):
        return "name"
    if complete == "folder":
        return "output"
    if complete == "file":
        return "file"
    if complete in ("model", "data"):
        return "file" if _is_path(text) else "source"
    return None


def _is_path(text: str) -> bool:
    return text.startswith(("./", "../", "/", "~")) or text.endswith(_DATA_ENDINGS)
