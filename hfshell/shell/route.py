"""Where a line that was typed goes: out of the shell, to the system, to a local command, or to the kernel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hfshell.errors import PROMPT, HfshellError, UsageError
from hfshell.language import Token, lex, parse_script
from hfshell.shell.questions import Question, question_in

if TYPE_CHECKING:
    from hfshell.api.specs import CommandSpec
    from hfshell.commands.table import CommandTable
    from hfshell.language import CommandLine


@dataclass(frozen=True)
class Nothing:
    """A blank line or a comment."""


@dataclass(frozen=True)
class System:
    """`!command`, for the system's shell."""

    command: str


@dataclass(frozen=True)
class Piped:
    """`line | command`: what the line shows is read by a command of the system's shell."""

    text: str
    command: str


@dataclass(frozen=True)
class Leave:
    """`exit`."""

    code: int


@dataclass(frozen=True)
class Local:
    """A command that needs no kernel."""

    spec: CommandSpec
    line: CommandLine

    @property
    def belongs_in_scripts(self) -> bool:
        """Whether a script that does the same again says it too: only settings of the session."""
        from hfshell.settings import DECLARATIONS

        name, *value = (word.plain or "" for word in self.line.words) if self.line.words else ("",)
        declared = DECLARATIONS.get(name)
        return (
            self.spec.name == "set" and bool(value) and declared is not None and declared.heeded == "session"
        )


@dataclass(frozen=True)
class Kernel:
    """Everything else.

    Attributes:
        text: the line, or the lines.
        single: whether it is one line, which may open a prompt of its own.
    """

    text: str
    single: bool = False


Route = Nothing | System | Piped | Leave | Local | Kernel | Question


def route(text: str, commands: CommandTable, is_bound: Callable[[str], bool]) -> Route:
    """Say where a text goes.

    Args:
        text: what was typed, one line or several.
        commands: the commands there are.
        is_bound: whether a name is bound, as far as that is known here.

    Raises:
        SyntaxFault: it is not the language.
        UsageError: a single line names no command, uses `exit` or a local one wrongly, or has nothing on one
            side of its `|`.
    """
    if text.lstrip().startswith("!"):
        command = text.lstrip()[1:].strip()
        return System(command) if command else Nothing()
    if question := question_in(text):
        return question
    if pipe := _pipe(text):
        return _piped(text[: pipe.start], text[pipe.end :].strip())
    script = parse_script(text, PROMPT)
    if not script.lines and not script.parameters:
        return Nothing()
    if script.parameters or len(script.lines) > 1:
        return Kernel(text)
    return _single(text, script.lines[0], commands, is_bound)


def _pipe(text: str) -> Token | None:
    """Return the first `|` of a single line that the language could not read for its sake alone."""
    statement, *others = lex(text).statements
    if any(others):
        return None
    errors = (token for token in statement if token.kind == "error")
    first = next(errors, None)
    return first if first is not None and text[first.start : first.end] == "|" else None


def _piped(line: str, command: str) -> Piped:
    if not (line.strip() and command):
        what = "reads" if line.strip() else "is read"
        raise UsageError(f"nothing {what} here", hint="models | less")
    return Piped(line, command)


def _single(text: str, line: CommandLine, commands: CommandTable, is_bound: Callable[[str], bool]) -> Route:
    name = line.command.text
    spec = commands.find(name)
    if spec is None:
        if not line.words and is_bound(name.partition(".")[0]):
            return Kernel(f"show {text.strip()}")
        try:
            commands.get(name)
        except HfshellError as error:
            raise error.at(line.place(line.command)) from None
    elif is_plain(line) and spec.name == "exit":
        return Leave(local_options(spec, line).code)
    elif is_plain(line) and spec.where == "local" and not _asks_for_devices(line):
        return Local(spec, line)
    return Kernel(text, single=True)


def is_plain(line: CommandLine) -> bool:
    """Whether a line asks nothing of a session: no name to bind or look up, no file to write."""
    asks = line.binding or line.ignore_error or line.redirect or line.heredoc
    return not asks and not any(word.references for word in line.words)


def _asks_for_devices(line: CommandLine) -> bool:
    """Whether it is `set device …`: the kernel knows which devices there are."""
    return line.command.text == "set" and any(word.plain == "device" for word in line.words[:2])


def local_options(spec: CommandSpec, line: CommandLine) -> Any:
    """Read the words of a plain line.

    Raises:
        UsageError: an unknown option, a value that does not fit, something missing or left over.
    """
    from hfshell.commands.parsing import Argument, parse

    arguments = [Argument(word.plain, word.raw.startswith("-"), line.place(word)) for word in line.words]
    return parse(spec, arguments, line.place(line.command)).options
