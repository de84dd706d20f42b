"""`source`: run another script here."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.options import argument
from hfshell.api.specs import CommandSpec


@dataclass(frozen=True)
class SourceOptions:
    """Words of `source`."""

    file: str = argument("A script, relative to the file that says it", complete="file", metavar="FILE")
    parameters: tuple[str, ...] = argument("Values for its parameters", default=(), metavar="NAME=VALUE")


COMMAND = CommandSpec(
    name="source",
    summary="Run another script in this session",
    options=SourceOptions,
    target="hfshell.session.verbs.words:source",
    section="Script words",
    examples=(
        ("source common.hfsh", "its names are bound here"),
        ("source train.hfsh epochs=1", "with a parameter"),
    ),
    binds="nothing",
)
