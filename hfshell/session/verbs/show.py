"""`show`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hfshell.api.results import Value
from hfshell.data import sample, summarise
from hfshell.errors import UsageError
from hfshell.session.warm_model import summarise as summarise_model

if TYPE_CHECKING:
    from hfshell.api.results import Result
    from hfshell.commands.show import ShowOptions
    from hfshell.session.context import CommandContext
    from hfshell.session.names import Binding


def show(context: CommandContext, options: ShowOptions) -> Result:
    """Show what a name, a split or a field holds."""
    names = context.session.names
    name, _, rest = options.name.partition(".")
    if name == "_":
        return _show_current(context, rest)
    binding = names.get(name)
    if binding.kind == "data":
        return _show_data(context, binding, rest, options)
    if rest:
        return Value(name=options.name, value=context.session.lookup.field(name, rest))
    if binding.kind == "value":
        return Value(name=name, value=binding.value)
    if binding.kind == "result":
        shown: Result = binding.value
        return shown
    return summarise_model(name, context.session.warm.get(name, context), 0.0)


def _show_current(context: CommandContext, field: str) -> Result:
    current = context.session.names.current_result
    if current is None:
        raise UsageError("there is no result yet")
    if field:
        return Value(name=f"_.{field}", value=context.session.lookup.field("_", field))
    return current


def _show_data(context: CommandContext, binding: Binding, split: str, options: ShowOptions) -> Result:
    found = context.session.datasets.get(binding.name, context)
    tasks = context.session.datasets.tasks_for(found.dataset)
    task = context.session.plugins.task(tasks[0]) if tasks else None
    seen = found.dataset.for_task(task.roles) if task else found.dataset
    rows = sample(seen, split or found.measured_split, options.rows, task.name if task else None)
    if split or "rows" in context.given:
        return rows
    return replace(summarise(found.dataset, binding.name, tasks), examples=rows)
