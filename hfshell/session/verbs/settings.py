"""`set`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfshell.api.results import Message, Value
from hfshell.commands.settings import setting_help, setting_names

if TYPE_CHECKING:
    from hfshell.api.results import Result
    from hfshell.commands.set import SetOptions
    from hfshell.session.context import CommandContext


def set_value(context: CommandContext, options: SetOptions) -> Result:
    """Show the settings, or change one."""
    session = context.session
    if options.setting is None:
        width = max(len(name) for name in setting_names())
        return Message(
            lines=tuple(
                f"{name:<{width}}  {session.settings.shown(name):<8}  {setting_help(name)}"
                for name in setting_names()
            )
        )
    if options.value is not None:
        session.change_setting(options.setting, options.value)
    return Value(name=options.setting, value=session.settings.shown(options.setting))
