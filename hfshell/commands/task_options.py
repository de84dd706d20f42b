"""Options that tasks add to a command: one task's, or every task's while it is not known which is meant."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, get_type_hints

from hfshell.api.options import option_field, option_fields
from hfshell.errors import UsageError

if TYPE_CHECKING:
    from hfshell.api.options import OptionField
    from hfshell.api.specs import CommandSpec, TaskSpec
    from hfshell.commands.parsing import Argument
    from hfshell.plugin_host import PluginHost


def added_options(
    spec: CommandSpec, task: str | None, plugins: PluginHost, arguments: Sequence[Argument] = ()
) -> type | None:
    """Return a dataclass of the options that may stand on a line beside the command's own, or None.

    While the task is not known, an option that means one thing for a task and another for the next is left
    out: what was installed last would decide how the line is read.

    Args:
        spec: the command.
        task: the task that is meant; None while it is not known.
        plugins: where tasks are declared.
        arguments: the line's words.

    Raises:
        UsageError: no plugin offers the task; or it must be known to read one of the line's options.
        PluginError: the plugin that offers it failed.
    """
    if spec.verb is None:
        return None
    of_tasks = _options_of_tasks(spec, task, plugins)
    taken = _flags(option_fields(spec.options))
    unclear = _unclear(of_tasks) if len(of_tasks) > 1 else {}
    for argument in arguments:
        flag = (argument.text or argument.flag).partition("=")[0]
        if argument.option_like and flag in unclear:
            whose = " and ".join(unclear[flag])
            raise UsageError(
                f"{flag} is not the same for {whose}", place=argument.place, hint="say which with --task"
            )
    for name, declared in of_tasks.items():
        for field in option_fields(declared):
            if taken & _flags([field]):
                plugins.notice(f"{field.flag} of task {name} is left out: `{spec.name}` has its own")
    return _joined(f"{spec.verb.title()}Options", of_tasks.values(), taken | unclear.keys())


def possible_options(
    spec: CommandSpec, arguments: Sequence[Argument], plugins: PluginHost, task: str | None = None
) -> tuple[type | None, ...]:
    """Return the options that a line may be about whose task only its run will know, the likeliest first.

    With a task, they are that one's, unless the line names another.

    Raises:
        UsageError: no plugin offers the task that is asked for.
        PluginError: the plugin that offers it failed.
    """
    task = named_task(arguments, plugins) or task
    try:
        return (added_options(spec, task, plugins, arguments),)
    except UsageError:
        if task is not None:
            raise
        return tuple(added_options(spec, name, plugins) for name in _options_of_tasks(spec, None, plugins))


def named_task(arguments: Sequence[Argument], plugins: PluginHost) -> str | None:
    """Return the task that a line names, before any option is parsed.

    It stands behind `--task`; or the first word is a model that only one task makes, `bayes:multinomial`.
    """
    texts = [argument.text or "" for argument in arguments]
    for index, text in enumerate(texts):
        if text.startswith("--task="):
            return text.partition("=")[2]
        if text == "--task" and index + 1 < len(texts):
            return texts[index + 1] or None
    return _task_of_scheme(texts[0], plugins) if texts and ":" in texts[0] else None


def _task_of_scheme(source: str, plugins: PluginHost) -> str | None:
    scheme = source.partition(":")[0]
    if any(found.scheme == scheme for found in plugins.model_sources()):
        return None  # a model source of that scheme goes before a task's
    return next((spec.name for spec in plugins.tasks() if scheme in spec.schemes), None)


def _options_of_tasks(spec: CommandSpec, task: str | None, plugins: PluginHost) -> dict[str, type]:
    """Return the declared options by the task's name."""
    verb = spec.verb
    specs = [plugins.task(task)] if task else plugins.tasks()
    if verb is None:
        return {}
    return {item.name: item.options[verb] for item in specs if is_for(spec, item) and verb in item.options}


def is_for(spec: CommandSpec, task: TaskSpec) -> bool:
    """Whether a command works with a task: with any, or with those that have a role of a kind."""
    return spec.role is None or any(role.kind == spec.role for role in task.roles)


def all_fields(spec: CommandSpec, plugins: PluginHost) -> tuple[OptionField, ...]:
    """Return a command's fields, and those that any task adds to it; of one name the first counts."""
    fields = {field.name: field for field in option_fields(spec.options)}
    if spec.verb is not None:
        for task in plugins.tasks():
            added = task.options.get(spec.verb) if is_for(spec, task) else None
            for field in option_fields(added) if added else ():
                fields.setdefault(field.name, field)
    return tuple(fields.values())


def _unclear(of_tasks: dict[str, type]) -> dict[str, list[str]]:
    """Return flags, and names, of the options that tasks read differently, with those tasks."""
    readings: dict[str, dict[str, Any]] = {}
    for task, declared in of_tasks.items():
        for field in option_fields(declared):
            for flag in _flags([field]):
                readings.setdefault(flag, {})[task] = _reading(field)
    return {flag: list(found) for flag, found in readings.items() if len(set(found.values())) > 1}


def _reading(field: OptionField) -> tuple[Any, ...]:
    """Return all that decides how a word is read; a default does not, for each task has its own."""
    info = field.info
    return (
        field.name,
        field.type,
        field.many,
        info.minimum,
        info.maximum,
        tuple(info.choices),
        info.optional_value,
    )


def _flags(fields: Iterable[OptionField]) -> frozenset[str]:
    """Return what no other option may be called beside these: their names, as typed and as fields."""
    return frozenset(chain.from_iterable(_names(field) for field in fields))


def _names(field: OptionField) -> tuple[str, ...]:
    off = (f"--no-{field.flag[2:]}",) if field.type is bool and not field.info.positional else ()
    return (field.name, field.flag, *off)


def _joined(name: str, declarations: Iterable[type], left_out: Iterable[str]) -> type | None:
    """Join declarations, but for some options; a single one that is whole stays itself."""
    declared = list(declarations)
    without = frozenset(left_out)
    fields: dict[str, tuple[str, Any, Any]] = {}
    for declaration in declared:
        hints = get_type_hints(declaration)  # what another module's names meant there
        for field in option_fields(declaration):
            if not without & _flags([field]):
                again = option_field(field.info, field.default)
                fields.setdefault(field.name, (field.name, hints[field.name], again))
    if len(declared) == 1 and len(fields) == len(dataclasses.fields(declared[0])):
        return declared[0]
    return dataclasses.make_dataclass(name, fields.values(), frozen=True) if declared else None
