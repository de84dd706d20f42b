"""`use`: choose the model that `_` means."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.options import argument
from hfshell.api.specs import CommandSpec


@dataclass(frozen=True)
class UseOptions:
    """Options of `use`."""

    model: str = argument("A bound model", complete="bound-model", metavar="MODEL")


COMMAND = CommandSpec(
    name="use",
    summary="Make a model the current one, which `_` means",
    options=UseOptions,
    target="hfshell.session.verbs.use:use",
    section="Models",
    examples=(("use router", 'then `predict _ "where is my parcel"`'),),
)
