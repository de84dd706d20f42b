"""`set`: change a setting of the session."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.options import argument
from hfshell.api.specs import CommandSpec


@dataclass(frozen=True)
class SetOptions:
    """Words of `set`."""

    setting: str | None = argument(
        "A setting; all are shown without it", default=None, complete="setting", metavar="SETTING"
    )
    value: str | None = argument(
        "Its new value; the present one is shown without it", default=None, metavar="VALUE"
    )


COMMAND = CommandSpec(
    name="set",
    summary="Show or change a setting of the session",
    options=SetOptions,
    target="hfshell.session.verbs.settings:set_value",
    section="Script words",
    examples=(
        ("set", "all settings"),
        ("set memory 80%", "share of memory that warm models may take"),
        ("set seed 7", "seed of what follows"),
    ),
    binds="nothing",
)
