"""`plugins`: what is installed, and why something failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hfshell.api.options import argument
from hfshell.api.results import Message, PluginTable, Result
from hfshell.api.specs import CommandSpec
from hfshell.errors import UsageError

if TYPE_CHECKING:
    from hfshell.commands.local import LocalContext


@dataclass(frozen=True)
class PluginsOptions:
    """Options of `plugins`."""

    action: str | None = argument("list, or why", default=None, choices=("list", "why"), metavar="ACTION")
    name: str | None = argument(
        "The plugin that `why` explains", default=None, complete="plugin", metavar="NAME"
    )


COMMAND = CommandSpec(
    name="plugins",
    summary="List plugins, or say why one failed",
    options=PluginsOptions,
    target="hfshell.commands.plugins:show_plugins",
    where="local",
    section="Shell",
    description="Listing imports nothing: a plugin is imported when what it gives is first named.",
    examples=(("plugins", "name, distribution, version, state"), ("plugins why ner", "its traceback")),
)


def show_plugins(context: LocalContext, options: PluginsOptions) -> Result:
    """List the plugins, or explain a failure."""
    if options.action != "why":
        return PluginTable(plugins=context.plugins.rows())
    if options.name is None:
        raise UsageError("`plugins why` wants a plugin's name", hint="`plugins` lists them")
    failure = context.plugins.failure(options.name)
    if failure is None:
        return Message(lines=(f"{options.name} has not failed",))
    return Message(lines=tuple(failure.traceback.rstrip().splitlines()))
