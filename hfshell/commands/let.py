"""`let`: name a plain value."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.options import argument
from hfshell.api.specs import CommandSpec


@dataclass(frozen=True)
class LetOptions:
    """Words of `let`."""

    words: tuple[str, ...] = argument("A name, and one word that it stands for", metavar="NAME = VALUE")


COMMAND = CommandSpec(
    name="let",
    summary="Name a plain value",
    options=LetOptions,
    target="hfshell.session.verbs.words:let",
    section="Script words",
    examples=(("let lr = 2e-5", "then `finetune base d --learning-rate $lr`"),),
    binds="value",
    raw=True,
)
