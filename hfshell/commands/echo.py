"""`echo`: print words."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.options import argument
from hfshell.api.specs import CommandSpec


@dataclass(frozen=True)
class EchoOptions:
    """Words of `echo`."""

    words: tuple[str, ...] = argument("What to print", default=(), metavar="WORD")


COMMAND = CommandSpec(
    name="echo",
    summary="Print words, with names expanded",
    options=EchoOptions,
    target="hfshell.session.verbs.words:echo",
    section="Script words",
    examples=(('echo "accuracy: ${ev.accuracy}"', "a field in a sentence"),),
    raw=True,
)
