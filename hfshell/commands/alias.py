"""`alias`: a word of one's own for the beginning of a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hfshell.api.options import argument
from hfshell.api.results import AliasRow, AliasTable
from hfshell.api.specs import CommandSpec
from hfshell.errors import UsageError
from hfshell.language import quote_argument
from hfshell.settings.aliases import check_alias

if TYPE_CHECKING:
    from hfshell.commands.local import LocalContext
    from hfshell.settings.preferences import Preferences

_SAVE = "--save"
_FORM = "alias [--save] NAME = WORD …"


@dataclass(frozen=True)
class AliasOptions:
    """Words of `alias`."""

    words: tuple[str, ...] = argument(
        "What a name stands for; all aliases are shown without any word; --save writes it into config.toml",
        default=(),
        complete="command",
        metavar="[--save] [NAME [= WORD …]]",
    )


COMMAND = CommandSpec(
    name="alias",
    summary="Let a word stand for the beginning of a line",
    description=(
        "At the prompt, a line that begins with NAME is run as if it began with what NAME stands for. A "
        "script never sees an alias, and the history keeps what was typed. What holds $, | or > stands in "
        "quotes."
    ),
    options=AliasOptions,
    target="hfshell.commands.alias:set_alias",
    where="local",
    section="Shell",
    examples=(
        ("alias ev = eval router", "then `ev tickets.test`"),
        ("alias again = 'predict router $text'", "a reference stands for what it is when the alias is used"),
        ("alias --save mm = 'models | less'", "for all prompts from now on"),
        ("alias", "all aliases"),
    ),
    binds="nothing",
    raw=True,
)


def set_alias(context: LocalContext, options: AliasOptions) -> AliasTable:
    """Show the aliases, or set one."""
    preferences = context.preferences
    require_prompt(preferences, "what holds $, | or > stands in quotes: alias again = 'predict router $text'")
    save = options.words[:1] == (_SAVE,)
    words = options.words[1:] if save else options.words
    if not words:
        return _table(preferences, tuple(preferences.aliases))
    name, equals, rest = _parts(words)
    if not equals:
        return _table(preferences, (_known(preferences, name),))
    line = rest[0] if len(rest) == 1 else " ".join(quote_argument(word) for word in rest)
    check_alias(name, line)
    if name in context.commands.names():
        raise UsageError(f"{name} is a command; an alias cannot hide it", hint="take another name")
    preferences.set_alias(name, line, save=save)
    return _table(preferences, (name,), saved=str(preferences.path) if save else "")


def require_prompt(preferences: Preferences, hint: str) -> None:
    """See that aliases mean something here.

    Raises:
        UsageError: this is a script, or a session without a prompt.
    """
    if not preferences.at_prompt:
        raise UsageError("aliases are for what is typed at the prompt; a script sees none", hint=hint)


def _parts(words: Sequence[str]) -> tuple[str, bool, list[str]]:
    """Read `NAME = WORD …`; the blanks around the equals sign may be missing, as elsewhere."""
    name, equals, first = words[0].partition("=")
    rest = list(words[1:])
    if equals:
        return name, True, [*filter(None, [first]), *rest]
    if rest[:1] == ["="]:
        return name, True, rest[1:]
    if rest and rest[0].startswith("="):
        return name, True, [rest[0][1:], *rest[1:]]
    if rest:
        raise UsageError(f"this is not {_FORM}", hint=f"alias {name} = {' '.join(rest)}")
    return name, False, []


def _known(preferences: Preferences, name: str) -> str:
    from hfshell.language import did_you_mean

    if name not in preferences.aliases:
        hint = did_you_mean(name, list(preferences.aliases)) or f"make it: alias {name} = eval router"
        raise UsageError(f"there is no alias {name}", hint=hint)
    return name


def _table(preferences: Preferences, names: Sequence[str], *, saved: str = "") -> AliasTable:
    rows = tuple(AliasRow(name, preferences.aliases[name]) for name in sorted(names))
    return AliasTable(aliases=rows, saved=saved)
