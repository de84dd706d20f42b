"""`unload`: give memory back."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.options import argument, option
from hfshell.api.specs import CommandSpec


@dataclass(frozen=True)
class UnloadOptions:
    """Options of `unload`."""

    names: tuple[str, ...] = argument(
        "Models, data or results to forget", default=(), complete="name", metavar="NAME"
    )
    all: bool = option(False, "Forget every name")
    park: bool = option(False, "Keep the names; their weights are read again on the next mention")


COMMAND = CommandSpec(
    name="unload",
    summary="Forget names and give their memory back",
    options=UnloadOptions,
    target="hfshell.session.verbs.unload:unload",
    section="Models",
    examples=(
        ("unload base", "forget one model"),
        ("unload router --park", "free its memory, keep its name"),
        ("unload --all", "start afresh"),
    ),
)
