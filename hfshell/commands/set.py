"""`set`: show or change a setting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hfshell.api.options import argument
from hfshell.api.results import Message, Value
from hfshell.api.specs import CommandSpec
from hfshell.settings import find_declaration, setting_help, setting_names

if TYPE_CHECKING:
    from hfshell.api.results import Result
    from hfshell.commands.local import LocalContext

DEFAULT = "default"
"""The word that takes a change back."""


@dataclass(frozen=True)
class SetOptions:
    """Words of `set`."""

    setting: str | None = argument(
        "A setting; all are shown without it", default=None, complete="setting", metavar="SETTING"
    )
    value: str | None = argument(
        "Its new value; `default` takes back what `set` said; the present one is shown without it",
        default=None,
        metavar="VALUE",
    )


COMMAND = CommandSpec(
    name="set",
    summary="Show or change a setting of the session",
    options=SetOptions,
    target="hfshell.commands.set:set_value",
    where="local",
    section="Script words",
    examples=(
        ("set", "all settings"),
        ("set memory 80%", "share of memory that warm models may take"),
        ("set seed 7", "seed of what follows"),
        ("set seed default", "as it was before"),
    ),
    binds="nothing",
)


def set_value(context: LocalContext, options: SetOptions) -> Result:
    """Show the settings, or change one."""
    if options.setting is None:
        settings = context.configuration.settings
        width = max(len(name) for name in setting_names())
        return Message(
            lines=tuple(
                f"{name:<{width}}  {settings.shown(name):<8}  {setting_help(name)}"
                for name in setting_names()
            )
        )
    name = find_declaration(options.setting).name
    if options.value is not None:
        context.change_setting(name, None if options.value.lower() == DEFAULT else options.value)
    return Value(name=name, value=context.configuration.settings.shown(name))
