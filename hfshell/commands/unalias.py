"""`unalias`: forget an alias."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hfshell.api.options import argument, option
from hfshell.api.results import AliasRow, AliasTable
from hfshell.api.specs import CommandSpec
from hfshell.commands.alias import require_prompt
from hfshell.errors import UsageError
from hfshell.language import did_you_mean

if TYPE_CHECKING:
    from hfshell.commands.local import LocalContext


@dataclass(frozen=True)
class UnaliasOptions:
    """Words of `unalias`."""

    names: tuple[str, ...] = argument("Aliases to forget", complete="alias", metavar="NAME")
    save: bool = option(False, "Take them out of config.toml as well")


COMMAND = CommandSpec(
    name="unalias",
    summary="Forget aliases",
    options=UnaliasOptions,
    target="hfshell.commands.unalias:forget_aliases",
    where="local",
    section="Shell",
    examples=(
        ("unalias ev", "until the prompt is left"),
        ("unalias --save ev", "for good"),
    ),
    binds="nothing",
)


def forget_aliases(context: LocalContext, options: UnaliasOptions) -> AliasTable:
    """Forget aliases."""
    preferences = context.preferences
    require_prompt(preferences, "say it at the prompt, alone on its line")
    for name in options.names:
        if name not in preferences.aliases:
            raise UsageError(
                f"there is no alias {name}",
                hint=did_you_mean(name, list(preferences.aliases)) or "`alias` lists them",
            )
    rows = tuple(AliasRow(name, preferences.aliases[name]) for name in dict.fromkeys(options.names))
    for row in rows:
        preferences.set_alias(row.name, None, save=options.save)
    saved = str(preferences.path) if options.save else ""
    return AliasTable(aliases=rows, removed=True, saved=saved)
