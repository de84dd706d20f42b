"""`expect`: the only assertion."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.options import argument
from hfshell.api.specs import CommandSpec


@dataclass(frozen=True)
class ExpectOptions:
    """Words of `expect`."""

    words: tuple[str, ...] = argument("LEFT OPERATOR RIGHT", metavar="LEFT OP RIGHT")


COMMAND = CommandSpec(
    name="expect",
    summary="Stop with exit code 3 unless a comparison holds",
    options=ExpectOptions,
    target="hfshell.session.verbs.expect:expect",
    section="Script words",
    description=(
        "Operators: == != < <= > >= and ~, which holds when both numbers agree to the digits written on the "
        "right. A side is NAME.field or a value; fields are compared, never printed text."
    ),
    examples=(("expect ev.accuracy >= 0.85", "a floor"), ("expect ev.accuracy ~ 0.88", "0.875 to 0.885")),
    raw=True,
)
