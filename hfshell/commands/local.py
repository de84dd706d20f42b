"""What a local command is given: no model, no kernel to wait for. The shell and a session both provide it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hfshell.api.results import KernelStatus
    from hfshell.commands.table import CommandTable
    from hfshell.plugin_host import PluginHost


class LocalContext(Protocol):
    """The surroundings of `help`, `history`, `plugins`, `kernel` and `check`."""

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
