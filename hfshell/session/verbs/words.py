"""The script words that need only names and text: `let require source echo exit`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfshell.api.results import Message, Value
from hfshell.commands.requirements import require_installed
from hfshell.errors import HfshellError, UsageError
from hfshell.session.interpreter import Leave

if TYPE_CHECKING:
    from hfshell.commands.echo import EchoOptions
    from hfshell.commands.exit import ExitOptions
    from hfshell.commands.let import LetOptions
    from hfshell.commands.param import ParamOptions
    from hfshell.commands.require import RequireOptions
    from hfshell.commands.source import SourceOptions
    from hfshell.session.context import CommandContext


def let(context: CommandContext, options: LetOptions) -> Value:
    """Name a plain value: one word, taken as it is."""
    if context.binding is None or len(options.words) != 1:
        raise UsageError(
            "let wants NAME = VALUE", hint='a value with spaces stands in quotes: let who = "Ada L"'
        )
    context.session.names.bind_value(context.binding, options.words[0])
    return Value(name=context.binding, value=options.words[0])


def require(context: CommandContext, options: RequireOptions) -> None:  # noqa: ARG001 - a verb's signature
    """Stop unless a distribution is installed in a version that will do."""
    require_installed(options.requirement)


def source(context: CommandContext, options: SourceOptions) -> None:
    """Run another script in this session; its failure is this line's."""
    code = context.session.interpreter.source(options.file, _as_parameters(options.parameters))
    if code:
        error = HfshellError(f"{options.file} stopped with exit code {code}")
        error.exit_code = code
        raise error


def echo(context: CommandContext, options: EchoOptions) -> Message:  # noqa: ARG001 - a verb's signature
    """Print words."""
    return Message(lines=tuple(" ".join(options.words).split("\n")))


def leave(context: CommandContext, options: ExitOptions) -> None:  # noqa: ARG001 - a verb's signature
    """Leave the script."""
    raise Leave(options.code)


def misplaced_param(context: CommandContext, options: ParamOptions) -> None:  # noqa: ARG001 - a verb's signature
    """Explain that `param` stands in a script's header only."""
    raise UsageError("param stands at the top of a script, before its first command")


def _as_parameters(words: tuple[str, ...]) -> dict[str, str]:
    """Read NAME=VALUE words.

    Raises:
        UsageError: a word has no `=`.
    """
    pairs: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name.isidentifier():
            raise UsageError(f"{word} is not NAME=VALUE")
        pairs[name] = value
    return pairs
