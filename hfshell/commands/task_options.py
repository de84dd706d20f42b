"""Options that tasks add to a command: one task's, or every task's while it is not known which is meant."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hfshell.api.specs import CommandSpec, Verb
    from hfshell.commands.parsing import Argument
    from hfshell.plugin_host import PluginHost


def added_options(spec: CommandSpec, task: str | None, plugins: PluginHost) -> type | None:
    """Return a dataclass of the options that may stand on a line beside the command's own, or None.

    Args:
        spec: the command.
        task: the task that is meant; None while it is not known.
        plugins: where tasks are declared.

    Raises:
        UsageError: no plugin offers the task.
        PluginError: the plugin that offers it failed.
    """
    if spec.verb is None:
        return None
    specs = [plugins.task(task)] if task else plugins.tasks()
    return _merged(
        [options for item in specs if (options := item.options.get(spec.verb)) is not None], spec.verb
    )


def asked_task(arguments: Sequence[Argument]) -> str | None:
    """Return what stands behind `--task`, before any option is parsed."""
    texts = [argument.text or "" for argument in arguments]
    for index, text in enumerate(texts):
        if text.startswith("--task="):
            return text.partition("=")[2]
        if text == "--task" and index + 1 < len(texts):
            return texts[index + 1] or None
    return None


def _merged(declarations: Sequence[type], verb: Verb) -> type | None:
    """Join declarations; of two options with one name the first stands."""
    if len(declarations) < 2:
        return declarations[0] if declarations else None
    fields: dict[str, tuple[str, type, object]] = {}
    for declaration in declarations:
        for item in dataclasses.fields(declaration):
            again = dataclasses.field(default=item.default, metadata=item.metadata)
            fields.setdefault(item.name, (item.name, item.type, again))  # type: ignore[arg-type] # names of types too
    return dataclasses.make_dataclass(f"{verb.title()}Options", fields.values(), frozen=True)
