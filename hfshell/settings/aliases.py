"""Aliases: words of one's own for the beginning of a line. They are the prompt's, and no script sees them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hfshell.errors import UsageError
from hfshell.language import Token, lex

_ALIAS = re.compile(r"[^\W\d][\w-]*")


def check_alias(name: str, text: str) -> None:
    """See that an alias could be typed, and that a line may begin with what it stands for.

    Raises:
        UsageError: it could not.
    """
    if not _ALIAS.fullmatch(name):
        raise UsageError(f"{name} cannot be an alias", hint="letters, digits, - and _, no digit first")
    if not text.strip():
        raise UsageError(f"the alias {name} stands for nothing", hint=f"alias {name} = eval router")
    if "\n" in text:
        raise UsageError(f"the alias {name} is more than one line", hint="write a script, and `source` it")
    if lex(text).incomplete is not None:
        raise UsageError(f"the alias {name} ends inside a quote: {text}")


def expand_aliases(text: str, aliases: Mapping[str, str]) -> str:
    """Put in the place of each line's command what it is an alias for.

    What an alias stands for may begin with another one; each is expanded once on a line, so that there is an
    end.

    Args:
        text: what was typed, one line or several.
        aliases: what each stands for.
    """
    for command in reversed(_commands(text)):
        if (name := _named(command, text)) in aliases:
            text = text[: command.start] + _expanded(name, aliases) + text[command.end :]
    return text


def _expanded(name: str, aliases: Mapping[str, str]) -> str:
    text, seen = aliases[name], {name}
    while commands := _commands(text):
        command = commands[0]
        name = _named(command, text)
        if name in seen or name not in aliases:
            break
        seen.add(name)
        text = text[: command.start] + aliases[name] + text[command.end :]
    return text


def _commands(text: str) -> list[Token]:
    return [token for token in lex(text).tokens if token.kind == "command"]


def _named(command: Token, text: str) -> str:
    """Return a command as it was typed: one in quotes is no alias."""
    return text[command.start : command.end]
