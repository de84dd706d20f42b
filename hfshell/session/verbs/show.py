"""`show`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hfshell.api.results import DataSample, EvaluationResult, Value
from hfshell.commands.show import ERRORS
from hfshell.data import sample, summarise
from hfshell.errors import UsageError
from hfshell.language import did_you_mean
from hfshell.session.warm_model import summarise as summarise_model

if TYPE_CHECKING:
    from hfshell.api.results import Result, WrongRow
    from hfshell.commands.show import ShowOptions
    from hfshell.session.context import CommandContext
    from hfshell.session.names import Binding


def show(context: CommandContext, options: ShowOptions) -> Result:
    """Show what a name, a split or a field holds."""
    names = context.session.names
    name, _, rest = options.name.partition(".")
    if name == "_":
        return _show_current(context, options)
    binding = names.get(name)
    if binding.kind == "data":
        return _show_data(context, binding, rest, options)
    if rest:
        return _member(context, options, binding.value)
    if binding.kind == "value":
        return Value(name=name, value=binding.value)
    if binding.kind == "result":
        shown: Result = binding.value
        return shown
    return summarise_model(name, context.session.warm.get(name, context), 0.0)


def _show_current(context: CommandContext, options: ShowOptions) -> Result:
    current = context.session.names.current_result
    if current is None:
        raise UsageError("there is no result yet")
    return _member(context, options, current) if options.name.rstrip(".") != "_" else current


def _member(context: CommandContext, options: ShowOptions, value: object) -> Result:
    name, _, field = options.name.partition(".")
    if isinstance(value, EvaluationResult) and field not in value.fields():
        if field == ERRORS:
            return _errors(f"{name}.{field}", value, options.rows if "rows" in context.given else None)
        if meant := did_you_mean(field, (ERRORS,)):
            raise UsageError(f"{name} has no field {field}", hint=meant)
    return Value(name=f"{name}.{field}", value=context.session.lookup.field(name, field))


def _errors(name: str, found: EvaluationResult, most: int | None) -> DataSample:
    """Return the rows to look at first; a column that none of them has is left out."""
    rows = tuple(_cells(row) for row in found.worst[:most])
    return DataSample(name=name, split="", total=found.n if found.wrong is None else found.wrong, rows=rows)


def _cells(row: WrongRow) -> dict[str, Any]:
    cells = {
        "row": row.row, "predicted": row.predicted, "score": _rounded(row.score),
        "grade": _rounded(row.grade), "expected": row.expected, "text": row.text,
    }  # fmt: skip
    return {name: value for name, value in cells.items() if value is not None}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _show_data(context: CommandContext, binding: Binding, split: str, options: ShowOptions) -> Result:
    found = context.session.datasets.get(binding.name, context)
    tasks = context.session.datasets.tasks_for(found.dataset)
    task = context.session.plugins.task(tasks[0]) if tasks else None
    seen = found.dataset.for_task(task.roles) if task else found.dataset
    rows = sample(seen, split or found.measured_split, options.rows, task.name if task else None)
    if split or "rows" in context.given:
        return rows
    return replace(summarise(found.dataset, binding.name, tasks), examples=rows)
