"""`show`: look at what a name holds."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.options import argument, option
from hfshell.api.specs import CommandSpec

ERRORS = "errors"
"""`show NAME.errors`: the rows that an evaluation got wrong, the worst of them."""


@dataclass(frozen=True)
class ShowOptions:
    """Options of `show`."""

    name: str = argument("A bound name, NAME.split, NAME.field, or _", complete="name", metavar="NAME")
    rows: int = option(3, "How many rows of a data set; of errors all without it", minimum=1, maximum=1000)


COMMAND = CommandSpec(
    name="show",
    summary="Show what a name holds: a result, a model, rows of a data set",
    options=ShowOptions,
    target="hfshell.session.verbs.show:show",
    section="Data",
    examples=(
        ("show tickets.test --rows 5", "rows as the task sees them"),
        ("show ev", "an evaluation again"),
        ("show ev.accuracy", "one field"),
        ("show ev.errors > errors.csv", "the rows that went wrong, at most 20"),
    ),
)
