"""What may stand behind a result's dot, by the command that made it and the tasks that it may be of."""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from hfshell.api import results
from hfshell.api.options import option_fields
from hfshell.language import did_you_mean

if TYPE_CHECKING:
    from hfshell.api.specs import TaskSpec
    from hfshell.checking.symbols import Symbol
    from hfshell.plugin_host import PluginHost

RESULTS: Mapping[str, type[results.Result]] = MappingProxyType(
    {
        "load": results.ModelSummary,
        "new": results.ModelSummary,
        "models": results.ModelTable,
        "use": results.Message,
        "unload": results.Unloaded,
        "save": results.Saved,
        "data": results.DataSummary,
        "augment": results.AugmentedData,
        "finetune": results.FinetuneResult,
        "eval": results.EvaluationResult,
        "let": results.Value,
        "expect": results.Expectation,
        "echo": results.Message,
    }
)
"""The result of each command whose fields are known beforehand. Those of predictions hang on the model."""

_PLAIN = (str, int, float, bool)
_MEASURING = (results.FinetuneResult, results.EvaluationResult)


def fields_of(command: str, tasks: frozenset[str] | None, plugins: PluginHost) -> frozenset[str] | None:
    """Return all fields that a command's result may have; None when it may have any.

    Args:
        command: its name.
        tasks: names of the tasks that it may be of; None for any.
        plugins: where tasks are declared.
    """
    kind = RESULTS.get(command)
    if kind is None:
        return None
    own = frozenset(_plain_fields(kind))
    if kind not in _MEASURING:
        return own
    metrics = _metrics(tasks, plugins)
    return None if metrics is None else own | metrics


def is_field(name: str, fields: Collection[str]) -> bool:
    """Whether a result has a field; a metric's numbers are its options': `pass_at_10` goes by `pass_at_1`."""
    return name in fields or _numberless(name) in {_numberless(field) for field in fields}


def may_have_errors(symbol: Symbol) -> bool:
    """Whether a name may hold an evaluation, whose errors `show` has beside its fields."""
    return symbol.kind in (None, "result") and (symbol.fields is None or "wrong" in symbol.fields)


def why_no_field(symbol: Symbol, name: str, field: str) -> tuple[str, str | None] | None:
    """Return why `NAME.FIELD` cannot be read, with a hint; None when it may be."""
    if symbol.kind in ("model", "data", "value"):
        return f"{name} is {symbol.described} and has no field {field}", _instead(symbol, name)
    if symbol.kind is None or symbol.fields is None or is_field(field, symbol.fields):
        return None
    known = sorted(known for known in symbol.fields if not known.endswith(("_low", "_high")))
    listed = f"it has {', '.join(known)}" if known else "it has none"
    return f"{name} has no field {field}", did_you_mean(field, symbol.fields) or listed


def _instead(symbol: Symbol, name: str) -> str | None:
    if symbol.kind == "model":
        return f"what is measured has fields: ev = eval {name} DATA"
    return f"to put text behind it write ${{{name}}}" if symbol.kind == "value" else None


def _plain_fields(kind: type[results.Result]) -> Iterable[str]:
    """Names of the fields whose values `expect` can see: texts, numbers, truths."""
    hints = typing.get_type_hints(kind)
    return [item.name for item in dataclasses.fields(kind) if _is_plain(hints[item.name])]


def _is_plain(hint: Any) -> bool:
    union = typing.get_origin(hint) in (typing.Union, types.UnionType)
    return any(member in _PLAIN for member in (typing.get_args(hint) if union else (hint,)))


def _metrics(tasks: frozenset[str] | None, plugins: PluginHost) -> frozenset[str] | None:
    """Return the metrics of all tasks that may be meant; None when one of them may measure anything.

    A task of somebody else may measure more than it declares. hfshell's own declare all, but for those that
    an option of `eval` asks for, which are called like it.
    """
    meant = [spec for spec in plugins.tasks() if tasks is None or spec.name in tasks]
    if not meant or not all(_is_own(spec, plugins) for spec in meant):
        return None
    names = {name for spec in meant for name in (*spec.metrics, *_asked_for(spec))}
    return frozenset(f"{name}{end}" for name in names for end in ("", "_low", "_high"))


def _asked_for(spec: TaskSpec) -> list[str]:
    declared = spec.options.get("eval")
    return [field.name for field in option_fields(declared) if field.type is bool] if declared else []


def _is_own(spec: TaskSpec, plugins: PluginHost) -> bool:
    plugin = plugins.provider(spec)
    return plugin is None or plugin.built_in


def _numberless(name: str) -> str:
    return re.sub(r"\d+", "0", name)
