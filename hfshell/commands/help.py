"""`help`: what there is, and how it is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hfshell.api.options import argument
from hfshell.api.specs import CommandSpec

if TYPE_CHECKING:
    from hfshell.api.results import Result
    from hfshell.commands.local import LocalContext


@dataclass(frozen=True)
class HelpOptions:
    """Options of `help`."""

    command: str | None = argument(
        "A command; all are listed without it", default=None, complete="command", metavar="COMMAND"
    )


COMMAND = CommandSpec(
    name="help",
    summary="List the commands, or explain one",
    options=HelpOptions,
    target="hfshell.commands.help:show_help",
    where="local",
    section="Shell",
    examples=(("help", "all commands"), ("help finetune", "one of them")),
)


def show_help(context: LocalContext, options: HelpOptions) -> Result:
    """Explain a command, or list all."""
    from hfshell.commands.help_pages import overview, page

    if options.command is None:
        return overview(context.commands)
    return page(context.commands.get(options.command), context.plugins)
