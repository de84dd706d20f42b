"""The options of a line, as flags with values that another line can repeat."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from hfshell.api.options import option_fields

if TYPE_CHECKING:
    from hfshell.api.options import OptionField
    from hfshell.session.context import CommandContext


def options_again(
    context: CommandContext, *, without: Collection[str] = ()
) -> tuple[tuple[str, str | None], ...]:
    """Return what was given on a command's line: each flag with a value, a flag that is one alone with None.

    Args:
        context: the command's.
        without: names of fields that are left out.
    """
    found: list[tuple[str, str | None]] = []
    for options in (context.command, context.task_options):
        if options is None:
            continue
        for field in option_fields(type(options)):
            if field.name in context.given and field.name not in without and not field.info.positional:
                found += _written(field, getattr(options, field.name))
    return tuple(found)


def _written(field: OptionField, value: Any) -> list[tuple[str, str | None]]:
    if field.type is bool:
        return [(field.flag if value else f"--no-{field.flag[2:]}", None)]
    values = value if field.many else (value,)
    return [(field.flag, str(item)) for item in values]
