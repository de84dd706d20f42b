"""Help, made from the declarations that also parse and complete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfshell.api.options import OptionField, option_fields
from hfshell.api.results import HelpEntry, HelpOption, HelpOverview, HelpPage
from hfshell.commands.help_topics import TOPICS
from hfshell.commands.parsing import usage_line
from hfshell.commands.task_options import is_for

if TYPE_CHECKING:
    from hfshell.api.specs import CommandSpec
    from hfshell.commands.table import CommandTable
    from hfshell.plugin_host import PluginHost


def overview(commands: CommandTable) -> HelpOverview:
    """Every command, by section, and the topics."""
    specs = [commands.get(name) for name in commands.names()]
    return HelpOverview(
        commands=tuple(HelpEntry(spec.name, spec.summary, spec.section) for spec in specs),
        topics=tuple(HelpEntry(topic.name, topic.summary, "Topics") for topic in TOPICS.values()),
    )


def page(spec: CommandSpec, plugins: PluginHost) -> HelpPage:
    """One command, with the options that installed tasks add to it."""
    lines = [option_line(field) for field in option_fields(spec.options)]
    if spec.verb:
        for task in plugins.tasks():
            added = task.options.get(spec.verb) if is_for(spec, task) else None
            lines += [option_line(field, task.name) for field in option_fields(added)] if added else []
    return HelpPage(
        name=spec.name,
        usage=usage_line(spec),
        summary=spec.summary,
        description=spec.description,
        options=tuple(lines),
        examples=spec.examples,
    )


def option_line(field: OptionField, task: str = "") -> HelpOption:
    """Return an option's line in the table of a page."""
    text = field.info.help
    flag = field.flag
    if field.type is bool and field.default is True:
        flag = f"--no-{flag[2:]}"
        text = f"Do not: {text[:1].lower()}{text[1:]}"
    return HelpOption(flag, _value(field), text, _default(field), field.info.positional, task)


def _value(field: OptionField) -> str:
    if field.info.positional or field.type is bool:
        return ""
    if field.info.choices:
        return "|".join(field.info.choices)
    value = field.info.metavar or {int: "N", float: "X"}.get(field.type, "WORD")
    return f"[{value}]" if field.info.optional_value is not None else value


def _default(field: OptionField) -> str:
    if field.required or field.type is bool or field.default in (None, ()):
        return ""
    return f"{field.default:g}" if isinstance(field.default, float) else str(field.default)
