"""`check`: find mistakes in a script without running it."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.options import argument
from hfshell.api.specs import CommandSpec


@dataclass(frozen=True)
class CheckOptions:
    """Options of `check`."""

    file: str = argument("A script", complete="file", metavar="FILE")
    parameters: tuple[str, ...] = argument("Values for its parameters", default=(), metavar="NAME=VALUE")


COMMAND = CommandSpec(
    name="check",
    summary="Find mistakes in a script without running it",
    options=CheckOptions,
    target="hfshell.checking.command:check",
    where="local",
    section="Shell",
    description=(
        "Finds unknown commands, options and settings, names used before they are bound or for what they do "
        "not hold, fields, splits and columns that are not there, missing parameters, files and packages. "
        "The same as `hfshell check FILE` outside."
    ),
    examples=(("check train.hfsh", "each finding as FILE:LINE:COL"),),
)
