"""A line's words as its command's declaration reads them, each with its place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hfshell.api.options import option_fields
from hfshell.checking.diagnostics import Diagnostic
from hfshell.commands.parsing import Argument, Parsed, Trace, parse
from hfshell.commands.requirements import require_installed
from hfshell.commands.task_options import possible_options
from hfshell.errors import HfshellError, Place, UsageError

if TYPE_CHECKING:
    from hfshell.api.options import OptionField
    from hfshell.api.specs import CommandSpec
    from hfshell.commands.table import CommandTable
    from hfshell.language import CommandLine, Word
    from hfshell.plugin_host import PluginHost

TextOf = Callable[["Word"], str | None]
"""What a word means; None when only the run knows."""


@dataclass(frozen=True)
class Given:
    """A word that one of a command's options took, or what stands behind its `--option=`.

    Attributes:
        option: the option.
        text: what it means; None when only the run knows.
        place: where it stands.
        word: the word, as written.
    """

    option: OptionField
    text: str | None
    place: Place
    word: Word


@dataclass(frozen=True)
class ReadLine:
    """A line that was read.

    Attributes:
        line: the line.
        spec: its command's declaration.
        given: the words that options took, in their order.
        faults: what is wrong with them.
        parsed: the options; None when something is wrong, or the words are not options.
        package_missing: the line asks for a package that is not here: commands, tasks and options that nobody
            knows may be that package's.
    """

    line: CommandLine
    spec: CommandSpec
    given: tuple[Given, ...] = ()
    faults: tuple[Diagnostic, ...] = ()
    parsed: Parsed | None = None
    package_missing: bool = False

    def of(self, name: str) -> tuple[Given, ...]:
        """Return the words that an option took."""
        return tuple(given for given in self.given if given.option.name == name)

    def text(self, name: str) -> str | None:
        """Return the text that an option was given; None without one, or when only the run knows it."""
        given = self.of(name)
        return given[-1].text if given else None

    def value(self, name: str, default: Any = None) -> Any:
        """Return an option's value, its default where it is not given; None when only the run knows it."""
        if self.parsed is None or any(given.text is None for given in self.of(name)):
            return default if self.parsed is None else None
        for options in (self.parsed.options, self.parsed.task_options):
            if hasattr(options, name):
                return getattr(options, name)
        return default


class LineReader:
    """The commands, as the checker asks for them.

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

    def read(self, line: CommandLine, text_of: TextOf | None = None) -> ReadLine:
        """Read the words of a line whose command exists.

        Args:
            line: the line.
            text_of: what a word means; without it, a word with a reference may be any one word.
        """
        spec = self._commands.get(line.command.text)
        place = line.place(line.command)
        if line.heredoc and not spec.heredoc:
            return ReadLine(line, spec, faults=(_usage(f"{spec.name} reads no heredoc", place),))
        arguments = [_argument(word, line, text_of) for word in line.words]
        try:
            parsed, trace = self._parsed(spec, arguments, place)
        except HfshellError as error:
            return ReadLine(line, spec, faults=(Diagnostic.of(error, place),))
        given = tuple(_given(line, parsed, trace, arguments))
        if spec.name == "require" and not line.ignore_error:
            faults = tuple(_missing_packages(arguments))
            return ReadLine(line, spec, given, faults, parsed, package_missing=bool(faults))
        return ReadLine(line, spec, given, (), parsed)

    def _parsed(self, spec: CommandSpec, arguments: Sequence[Argument], place: Place) -> tuple[Parsed, Trace]:
        """Read the words, by the options of any task that the line may be about.

        Raises:
            HfshellError: it is wrong whichever is meant.
        """
        first: HfshellError | None = None
        for added in possible_options(spec, arguments, self._plugins, self._task):
            trace: Trace = []
            try:
                return parse(spec, arguments, place, added, trace), trace
            except UsageError as error:
                first = first or error
        raise first or UsageError(f"no task has options of {spec.name}", place=place)


def _usage(message: str, place: Place) -> Diagnostic:
    return Diagnostic("usage", message, place)


def _argument(word: Word, line: CommandLine, text_of: TextOf | None) -> Argument:
    text = word.plain if text_of is None else text_of(word)
    option_like = word.raw.startswith("-")
    flag, equals, _ = word.raw.partition("=")
    known = text is not None or not (option_like and equals)
    return Argument(text, option_like, line.place(word), flag="" if known else f"{flag}=")


def _given(line: CommandLine, parsed: Parsed, trace: Trace, arguments: Sequence[Argument]) -> Iterator[Given]:
    """Yield the words that options took; click does not tell of what stands behind `--option=`."""
    for field, index in trace:
        yield Given(field, arguments[index].text, arguments[index].place, line.words[index])
    kinds = [type(options) for options in (parsed.options, parsed.task_options) if options is not None]
    fields = {field.flag: field for kind in kinds for field in option_fields(kind)}
    for index, argument in enumerate(arguments):
        flag, equals, value = (argument.text or "").partition("=")
        if argument.option_like and equals and flag in fields:
            yield Given(fields[flag], value, argument.place, line.words[index])


def _missing_packages(arguments: Sequence[Argument]) -> Iterator[Diagnostic]:
    """Hold what `require` wants, unless only the run can know it, against what is installed."""
    for argument in arguments:
        try:
            if argument.text is not None:
                require_installed(argument.text)
        except UsageError as error:
            yield Diagnostic("missing-package", error.message, argument.place, error.hint)
