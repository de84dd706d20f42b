"""`check`: find mistakes in a script without running it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hfshell.api.options import argument
from hfshell.api.results import Message
from hfshell.api.specs import CommandSpec

if TYPE_CHECKING:
    from hfshell.commands.local import LocalContext


@dataclass(frozen=True)
class CheckOptions:
    """Options of `check`."""

    file: str = argument("A script", complete="file", metavar="FILE")
    parameters: tuple[str, ...] = argument("Values for its parameters", default=(), metavar="NAME=VALUE")


COMMAND = CommandSpec(
    name="check",
    summary="Find mistakes in a script without running it",
    options=CheckOptions,
    target="hfshell.commands.check:check",
    where="local",
    section="Shell",
    description=(
        "Finds unknown commands and options, names used before they are bound, missing parameters, files and "
        "packages. The same as `hfshell check FILE` outside."
    ),
    examples=(("check train.hfsh", "each finding as FILE:LINE:COL"),),
)


def check(context: LocalContext, options: CheckOptions) -> Message:
    """Check a script; the findings are lines."""
    from hfshell.commands.checking import check_file, raise_for

    problems = check_file(options.file, context.commands, context.plugins, options.parameters)
    raise_for(problems)
    return Message(lines=(f"{options.file}: nothing to complain about",))
