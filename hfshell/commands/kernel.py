"""`kernel`: the process that holds the models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hfshell.api.options import argument
from hfshell.api.specs import CommandSpec

if TYPE_CHECKING:
    from hfshell.api.results import Result
    from hfshell.commands.local import LocalContext


@dataclass(frozen=True)
class KernelOptions:
    """Options of `kernel`."""

    action: str = argument(
        "status, or restart", default="status", choices=("status", "restart"), metavar="ACTION"
    )


COMMAND = CommandSpec(
    name="kernel",
    summary="Show or restart the process that holds the models",
    options=KernelOptions,
    target="hfshell.commands.kernel:show_kernel",
    where="local",
    section="Shell",
    description="After a restart every name is known; models and data are read again on their next mention.",
    examples=(("kernel", "state, memory, versions"), ("kernel restart", "free everything, keep the names")),
)


def show_kernel(context: LocalContext, options: KernelOptions) -> Result:
    """Say how the kernel is, or restart it."""
    if options.action == "restart":
        context.restart_kernel()
    return context.kernel_status()
