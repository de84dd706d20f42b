"""What a local command is given: no model, no kernel to wait for. The shell and a session both provide it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hfshell.api.requests import NameInfo
    from hfshell.api.results import KernelStatus
    from hfshell.commands.table import CommandTable
    from hfshell.plugin_host import PluginHost
    from hfshell.settings.preferences import Preferences


class Worked(Protocol):
    """The lines of a session that worked.

    Attributes:
        lines: the oldest first.
        hidden: how many more there are that may not be written down.
    """

    lines: list[str]
    hidden: int

    def script(self) -> str:
        """Return the script that the lines are."""

    def findings(self, file: Path, context: LocalContext) -> Sequence[str]:
        """Return what `check` finds in the script, a line each."""


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

    def worked(self) -> Worked:
        """What of this session can be saved as a script."""

    def known_names(self) -> Sequence[NameInfo]:
        """What is bound, as far as it is known at once."""

    def kernel_status(self) -> KernelStatus:
        """How the kernel is; answers at once, also when it is busy."""

    def restart_kernel(self) -> None:
        """End the kernel and start another."""

    @property
    def preferences(self) -> Preferences:
        """The settings and aliases in force."""
