"""What a local command is given: no model, no kernel to wait for. The shell and a session both provide it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hfshell.api.results import KernelStatus
    from hfshell.commands.table import CommandTable
    from hfshell.plugin_host import PluginHost
    from hfshell.settings import Configuration


class LocalContext(Protocol):
    """The surroundings of `help`, `history`, `set`, `plugins`, `kernel` and `check`."""

    @property
    def commands(self) -> CommandTable:
        """All commands."""

    @property
    def plugins(self) -> PluginHost:
        """All plugins."""

    def history(self) -> Sequence[str]:
        """Lines typed, oldest first."""

    def kernel_status(self) -> KernelStatus:
        """How the kernel is; answers at once, also when it is busy."""

    def restart_kernel(self) -> None:
        """End the kernel and start another."""

    @property
    def configuration(self) -> Configuration:
        """The settings in force, and who chose them."""

    def change_setting(self, name: str, text: str | None) -> None:
        """Change a setting; None takes back what `set` said before.

        Raises:
            UsageError: no such setting, or a value that it cannot have.
        """
