"""What local commands are given at the prompt (`hfshell.commands.local.LocalContext`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hfshell.shell.route import Local, local_options

if TYPE_CHECKING:
    from hfshell.api.results import KernelStatus, Result
    from hfshell.commands.local import LocalContext
    from hfshell.commands.table import CommandTable
    from hfshell.plugin_host import PluginHost
    from hfshell.shell.kernel_watch import KernelWatch


@dataclass(frozen=True)
class ShellContext:
    """The shell, as a local command sees it."""

    commands: CommandTable
    plugins: PluginHost
    kernel: KernelWatch
    lines: Callable[[], Sequence[str]]

    def history(self) -> Sequence[str]:
        """Lines typed, oldest first."""
        return self.lines()

    def kernel_status(self) -> KernelStatus:
        """How the kernel is; answers at once, also when it is busy."""
        return self.kernel.supervisor().status()

    def restart_kernel(self) -> None:
        """End the kernel and start another."""
        self.kernel.supervisor().restart()


def run_local(local: Local, context: LocalContext) -> Result | None:
    """Run a local command in this process.

    Raises:
        HfshellError: the command failed; its place is the command's when it knows no better one.
    """
    from hfshell.errors import HfshellError

    options = local_options(local.spec, local.line)
    function = context.plugins.resolve(local.spec.target, owner=local.spec.name)
    try:
        result: Result | None = function(context, options)
    except HfshellError as error:
        raise error.at(local.line.place(local.line.command)) from None
    return result
