"""`set`: show or change a setting."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from hfshell.api.options import argument, option
from hfshell.api.results import SettingRow, SettingShown, SettingTable
from hfshell.api.specs import CommandSpec
from hfshell.errors import UsageError
from hfshell.settings import DECLARATIONS, Settings, find_declaration

if TYPE_CHECKING:
    from hfshell.api.results import Result
    from hfshell.commands.local import LocalContext
    from hfshell.settings.preferences import Preferences

DEFAULT = "default"
"""The word that takes a change back."""


@dataclass(frozen=True)
class SetOptions:
    """Words of `set`."""

    setting: str | None = argument(
        "A setting; all are shown without it", default=None, complete="setting", metavar="SETTING"
    )
    value: str | None = argument(
        "Its new value, or `default` to take back what `set` said; without it the setting is explained",
        default=None,
        metavar="VALUE",
        complete="setting-value",
    )
    save: bool = option(False, "Write it into config.toml, for all sessions that begin from now on")


COMMAND = CommandSpec(
    name="set",
    summary="Show or change a setting",
    description=(
        "A setting that `set` changes lasts as long as the session. It begins with what a variable of the "
        "environment says, else with what stands in config.toml, else with its default."
    ),
    options=SetOptions,
    target="hfshell.commands.set:set_value",
    where="local",
    section="Script words",
    examples=(
        ("set", "all settings, and who chose them"),
        ("set theme", "what it does and may be"),
        ("set memory 80%", "share of memory that warm models may take"),
        ("set seed default", "as it was before"),
        ("set --save theme light", "from now on, in every session"),
    ),
    binds="nothing",
)


def set_value(context: LocalContext, options: SetOptions) -> Result:
    """Show the settings, or change one."""
    preferences = context.preferences
    if options.setting is None:
        if options.save:
            raise UsageError("--save wants a setting", hint="set --save theme light")
        return SettingTable(settings=tuple(_row(name, preferences) for name in DECLARATIONS))
    name = find_declaration(options.setting).name
    text = None if options.value is None or options.value.lower() == DEFAULT else options.value
    if options.save:
        present = preferences.now.shown(name)
        preferences.save(name, present if options.value is None else text)
    elif options.value is not None:
        preferences.change(name, text)
    return SettingShown(
        **asdict(_row(name, preferences)),
        wanted=find_declaration(name).wanted,
        changed=options.value is not None,
        saved=str(preferences.path) if options.save else "",
    )


def _row(name: str, preferences: Preferences) -> SettingRow:
    return SettingRow(
        name=name,
        value=preferences.now.shown(name),
        default=Settings().shown(name),
        origin=preferences.configuration.origin(name),
        help=DECLARATIONS[name].help,
    )
