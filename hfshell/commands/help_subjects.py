"""Help on what is no command: an option or argument of one, a setting, a task, a topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfshell.api.guards import REFUSING
from hfshell.api.options import OptionField, option_fields
from hfshell.api.results import HelpPage
from hfshell.api.specs.task import VERBS
from hfshell.commands.help_pages import option_line
from hfshell.commands.parsing import usage_line

if TYPE_CHECKING:
    from hfshell.api.specs import CommandSpec, TaskSpec
    from hfshell.commands.help_topics import Topic
    from hfshell.plugin_host import PluginHost
    from hfshell.settings import Declaration

NAMED = {
    "alias": "an alias",
    "architecture": "an architecture",
    "bound-model": "a bound model, or _",
    "command": "a command",
    "data": "a bound data set, a split of one, or a file",
    "device": "a device: auto, cpu, cuda, cuda:1, mps",
    "file": "a file",
    "folder": "a folder",
    "guard": f"a guard that refuses: {', '.join(REFUSING)}, or one of a plugin",
    "label": "labels, between commas",
    "label-map": "labels and what they are for the model, A=B, between commas",
    "model": "a bound model, or a source: starter:NAME, run:ID, new:ARCHITECTURE, a folder, a Hub id",
    "name": "a bound name",
    "plugin": "a plugin",
    "role-map": "a role and its column, ROLE=COLUMN",
    "run": "a run: what stands in the run directory",
    "session": "a saved session",
    "setting": "a setting",
    "setting-value": "a value of the setting",
    "split": "train, validation or test",
    "subject": "whatever has a name",
    "task": "a task",
    "text": "a text, or a bound data set",
}
"""What words stand for, in words."""


def field_page(spec: CommandSpec, field: OptionField, plugins: PluginHost) -> HelpPage:
    """Explain an option or argument of a command: what it takes, its default, its limits, whose it is."""
    line = option_line(field)
    tasks = _tasks_with(spec, field, plugins)
    terms = [
        ("takes", _taken(field)),
        ("default", line.default),
        ("of the task" if len(tasks) == 1 else "of the tasks", ", ".join(tasks)),
    ]
    return HelpPage(
        name=f"{spec.name} {line.flag}",
        usage=f"{spec.name} … {line.flag} {line.value}".rstrip() if line.flag[0] == "-" else usage_line(spec),
        summary=line.help,
        description="",
        options=(),
        examples=tuple(example for example in spec.examples if _mentions(example[0], line.flag)),
        terms=tuple((term, said) for term, said in terms if said),
    )


def _mentions(line: str, flag: str) -> bool:
    return flag in (word.partition("=")[0] for word in line.split())


def _tasks_with(spec: CommandSpec, field: OptionField, plugins: PluginHost) -> list[str]:
    if not spec.verb or any(own.name == field.name for own in option_fields(spec.options)):
        return []
    added = ((task.name, task.options.get(spec.verb)) for task in plugins.tasks())
    return [name for name, options in added if options and _has(options, field.name)]


def _has(options: type, name: str) -> bool:
    return any(field.name == name for field in option_fields(options))


def _taken(field: OptionField) -> str:
    info = field.info
    if field.type is bool:
        return "nothing: it stands alone"
    if info.choices:
        kind = (
            f"{', '.join(info.choices[:-1])} or {info.choices[-1]}" if info.choices[1:] else info.choices[0]
        )
    elif info.complete is not None:
        kind = NAMED[info.complete]
    else:
        kind = {int: "a whole number", float: "a number"}.get(field.type, "a word")
    limits = [f"{word} {limit:g}" for word, limit in _bounds(field) if limit is not None]
    many = ", or several" if field.many and info.positional else ", and may be repeated" if field.many else ""
    bare = f"; {info.optional_value} when nothing follows" if info.optional_value is not None else ""
    return f"{', '.join([kind, *limits])}{many}{bare}"


def _bounds(field: OptionField) -> tuple[tuple[str, float | None], ...]:
    return ("at least", field.info.minimum), ("at most", field.info.maximum)


def setting_page(declared: Declaration) -> HelpPage:
    """Explain a setting: what it takes, its default, and what else sets it."""
    shown = declared.show(declared.default)
    terms = [
        ("takes", declared.wanted),
        ("default", shown),
        ("variable", declared.variable or ""),
        ("heeded by", {"prompt": "the prompt alone", "session": "scripts too"}[declared.heeded]),
    ]
    value = next((choice for choice in declared.choices if choice != shown), shown)
    return HelpPage(
        name=f"set {declared.name}",
        usage=f"set {declared.name} VALUE",
        summary=declared.help,
        description="",
        options=(),
        examples=((f"set {declared.name}", "what it is now"), (f"set {declared.name} {value}", "change it")),
        terms=tuple((term, said) for term, said in terms if said),
    )


def task_page(task: TaskSpec) -> HelpPage:
    """Explain a task: the columns it wants, what it offers and measures, the options it adds."""
    roles = [f"{role.name}{' (learnt)' if role.target else ''}" for role in task.roles]
    options = {
        verb: [field.flag for field in option_fields(added) if not field.info.positional]
        for verb, added in task.options.items()
    }
    terms = [
        ("columns", ", ".join(roles)),
        ("does", ", ".join(verb for verb in VERBS if verb in task.capabilities)),
        ("measures", ", ".join(task.metrics)),
        *((f"{verb} takes", ", ".join(flags)) for verb, flags in options.items()),
    ]
    return HelpPage(
        name=task.name,
        usage=f"--task {task.name}",
        summary=task.summary,
        description="",
        options=(),
        examples=tuple((line, "") for line in task.examples),
        terms=tuple((term, said) for term, said in terms if said),
    )


def alias_page(name: str, line: str) -> HelpPage:
    """Show an alias, and what it stands for."""
    return HelpPage(
        name=name, usage=f"{name} …", summary=f"An alias of yours: it stands for `{line}`",
        description="", options=(), examples=(),
        terms=((f"help {line.split(maxsplit=1)[0]}", "the command"), (f"unalias {name}", "forgets it")),
    )  # fmt: skip


def topic_page(topic: Topic) -> HelpPage:
    """Show a topic: lines, and what they do."""
    return HelpPage(
        name=topic.name, usage=f"help {topic.name}", summary=topic.summary,
        description="", options=(), examples=(), terms=topic.lines,
    )  # fmt: skip
