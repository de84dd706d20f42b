"""`param`: what a script must be told. The language's own word; this file gives it a help page."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.options import argument
from hfshell.api.specs import CommandSpec


@dataclass(frozen=True)
class ParamOptions:
    """Words of `param`."""

    declaration: tuple[str, ...] = argument("NAME, or NAME = DEFAULT", metavar="NAME [= DEFAULT]")


COMMAND = CommandSpec(
    name="param",
    summary="Declare a parameter at the top of a script",
    options=ParamOptions,
    target="hfshell.session.verbs.words:misplaced_param",
    section="Script words",
    description="Filled by `hfshell FILE NAME=VALUE`; without a default it must be given.",
    examples=(("param epochs = 3", "then $epochs"), ("param file", "must be given")),
    binds="nothing",
    raw=True,
)
