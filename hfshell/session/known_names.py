"""What is bound, described for completion and the toolbar. Never waits for what runs, and imports nothing."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, Any

from hfshell.api.requests import NameInfo
from hfshell.session.lookup import SPLITS
from hfshell.session.names import Binding, Names

if TYPE_CHECKING:
    from hfshell.api.results import Result
    from hfshell.data import DataSet
    from hfshell.models.task_model import InMemory

_MOST = 500
"""Labels and columns told of one name; nobody picks from more."""


def describe_names(names: Names, in_memory: Callable[[Binding], InMemory | None]) -> tuple[NameInfo, ...]:
    """Describe what is bound.

    Args:
        names: the bindings.
        in_memory: the model of a binding, when it is warm.
    """
    current = names.current_model
    return tuple(
        _describe(binding, in_memory, current is not None and current.name == binding.name)
        for binding in names
    )


def _describe(binding: Binding, in_memory: Callable[[Binding], InMemory | None], current: bool) -> NameInfo:
    match binding.kind:
        case "result":
            return _result(binding.name, binding.value)
        case "data":
            return _data(binding.name, binding.value)
        case "model":
            return _model(binding, in_memory(binding), current)
        case _:
            return NameInfo(binding.name, "value", binding.value)


def _result(name: str, result: Result) -> NameInfo:
    fields = result.fields()
    values = tuple("" if value is None else _shown(value) for value in fields.values())
    return NameInfo(name, "result", result.kind, tuple(fields), values)


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _data(name: str, data: DataSet | None) -> NameInfo:
    if data is None:  # parked: its files are read on the next mention
        return NameInfo(name, "data", splits=SPLITS)
    sizes = {split: len(rows) for split, rows in data.splits.items()}
    return NameInfo(
        name,
        "data",
        splits=tuple(split for split, rows in sizes.items() if rows),
        columns=data.columns[:_MOST],
        labels=tuple(count.label for count in islice(data.label_counts, _MOST)),
        rows=sum(sizes.values()),
    )


def _model(binding: Binding, model: InMemory | None, current: bool) -> NameInfo:
    task = binding.recipe.get("task") or ""
    if model is None:
        return NameInfo(binding.name, "model", task=task, state="parked", current=current)
    return NameInfo(
        binding.name,
        "model",
        type(model.module).__name__,
        labels=model.labels[:_MOST],
        task=model.task or task,
        state="dirty" if model.dirty else "warm",
        current=current,
        parameters=model.parameters,
        bytes=model.bytes,
    )
