"""Which commands there are. A declaration is imported when its command is first named."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from hfshell.errors import UsageError

if TYPE_CHECKING:
    from hfshell.api.specs import CommandSpec
    from hfshell.plugin_host import PluginHost

BUILT_IN = (
    "load", "new", "models", "use", "unload", "save",
    "data", "augment", "show",
    "finetune", "eval", "predict", "chat",
    "param", "let", "set", "require", "source", "expect", "echo", "exit",
    "undo", "session",
    "help", "history", "alias", "unalias", "plugins", "kernel", "check",
)  # fmt: skip
"""In the order in which `help` shows them. `param` is the language's own and has only a help page."""


class CommandTable:
    """Built-in commands, and those that plugins add.

    Args:
        plugins: asked only when a name is not built in.
    """

    def __init__(self, plugins: PluginHost) -> None:
        self._plugins = plugins

    def find(self, name: str) -> CommandSpec | None:
        """Return a command's declaration, or None."""
        if name in BUILT_IN:
            spec: CommandSpec = import_module(f"hfshell.commands.{name}").COMMAND
            return spec
        return self._plugins.command(name)

    def get(self, name: str) -> CommandSpec:
        """Return a command's declaration.

        Raises:
            UsageError: there is no such command; the nearest name is offered.
        """
        spec = self.find(name)
        if spec is None:
            raise UsageError(f"there is no command {name}", hint=self._hint(name))
        return spec

    def _hint(self, name: str) -> str:
        from hfshell.api.specs import CommandSpec
        from hfshell.language.suggest import did_you_mean

        given = self._plugins.giver_hint(CommandSpec, name)
        return given or did_you_mean(name, self.names()) or "`help` lists the commands"

    def names(self) -> tuple[str, ...]:
        """Names of all commands, in the order of `help`."""
        added = self._plugins.commands()
        for spec in added:
            if spec.name in BUILT_IN and (plugin := self._plugins.provider(spec)):
                self._plugins.notice(
                    f"{spec.name} is hfshell's own command, and not that of plugin {plugin.label}"
                )
        return tuple(dict.fromkeys((*BUILT_IN, *(spec.name for spec in added))))
