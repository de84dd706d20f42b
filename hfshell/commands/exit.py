"""`exit`: leave the script or the shell."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.options import argument
from hfshell.api.specs import CommandSpec


@dataclass(frozen=True)
class ExitOptions:
    """Words of `exit`."""

    code: int = argument("Exit code", default=0, metavar="CODE", minimum=0, maximum=255)


COMMAND = CommandSpec(
    name="exit",
    summary="Leave the script, or the shell",
    options=ExitOptions,
    target="hfshell.session.verbs.words:leave",
    section="Script words",
    examples=(("exit", "done"), ("exit 1", "with a code of your own")),
    binds="nothing",
)
