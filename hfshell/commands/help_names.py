"""Help on a bound name: what it holds, what stands behind its dot, and what may be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfshell.api.results import EvaluationResult, HelpPage
from hfshell.commands.show import ERRORS
from hfshell.errors import UsageError
from hfshell.language.suggest import did_you_mean

if TYPE_CHECKING:
    from hfshell.api.requests import NameInfo

_MOST = 12
"""Labels, columns or fields that are listed; there may be hundreds."""


def name_page(info: NameInfo, member: str = "") -> HelpPage:
    """Explain a bound name, or what stands behind its dot.

    Raises:
        UsageError: it has no such member.
    """
    if member:
        return _member_page(info, member)
    terms, examples = {"model": _model, "data": _data, "result": _result}.get(info.kind, _value)(info)
    return HelpPage(
        name=info.name,
        usage=info.name,
        summary=_summary(info),
        description="",
        options=(),
        examples=examples,
        terms=tuple((term, said) for term, said in terms if said),
    )


def _summary(info: NameInfo) -> str:
    detail = f": {info.detail}" if info.detail else ""
    kinds = {"model": "A model", "data": "A data set", "result": "A result", "value": "A plain value"}
    return f"{kinds.get(info.kind, info.kind)}{detail}"


_Parts = tuple[list[tuple[str, str]], tuple[tuple[str, str], ...]]


def _model(info: NameInfo) -> _Parts:
    current = ", the one that _ means" if info.current else ""
    terms = [
        ("task", info.task or "none yet: a base model"),
        ("state", f"{info.state}{current}"),
        ("labels", _listed(info.labels)),
    ]
    name = info.name
    return terms, (
        (f"show {name}", "what it is"),
        (f'predict {name} "a text"', "what it says"),
        (f"copy = finetune {name} DATA", "train a copy of it"),
        (f"unload {name}", "forget it"),
    )


def _data(info: NameInfo) -> _Parts:
    terms = [
        ("rows", f"{info.rows:,}" if info.rows is not None else ""),
        ("splits", _listed([f"{info.name}.{split}" for split in info.splits])),
        ("columns", _listed(info.columns)),
        ("labels", _listed(info.labels)),
    ]
    split = info.splits[-1] if info.splits else "test"
    return terms, (
        (f"show {info.name}.{split} --rows 5", "rows of a split"),
        (f"finetune MODEL {info.name}", "learn from it"),
        (f"eval MODEL {info.name}.{split}", "measure with it"),
    )


def _result(info: NameInfo) -> _Parts:
    values = info.values or ("",) * len(info.fields)
    fields = [(f"{info.name}.{field}", said) for field, said in zip(info.fields, values, strict=False)]
    examples = [(f"show {info.name}", "see it again"), (f"show {info.name} > {info.name}.jsonl", "keep it")]
    if info.fields:
        field = f"{info.name}.{info.fields[0]}"
        examples += [(f"echo ${field}", "a field of it"), (f"expect {field} >= 0.8", "stop unless it holds")]
    return fields[:_MOST], tuple(examples)


def _value(info: NameInfo) -> _Parts:
    return [], ((f"echo ${info.name}", "what it stands for"), (f"let {info.name} = VALUE", "change it"))


def _member_page(info: NameInfo, member: str) -> HelpPage:
    members = (*info.splits, *info.fields)
    if member == ERRORS and info.detail == EvaluationResult.kind and member not in members:
        name = f"{info.name}.{ERRORS}"
        examples = ((f"show {name}", "look at them"), (f"show {name} > {ERRORS}.csv", "keep them"))
        return _page(name, f"The rows that went wrong when {info.name} was measured", examples)
    if member not in members:
        hint = did_you_mean(member, members) or f"it has {_listed(members)}" if members else None
        raise UsageError(f"{info.name} has nothing called {member}", hint=hint)
    name = f"{info.name}.{member}"
    if member in info.splits:
        examples = ((f"show {name} --rows 5", "rows of it"), (f"eval MODEL {name}", "measure with it"))
        return _page(name, f"A split of the data set {info.name}", examples)
    value = dict(zip(info.fields, info.values, strict=False)).get(member, "")
    said = f"A field of the result {info.name}{f': {value}' if value else ''}"
    return _page(name, said, ((f"echo ${name}", "as a word"), (f"expect {name} >= 0.8", "compare it")))


def _page(name: str, summary: str, examples: tuple[tuple[str, str], ...]) -> HelpPage:
    return HelpPage(name=name, usage=name, summary=summary, description="", options=(), examples=examples)


def _listed(names: tuple[str, ...] | list[str]) -> str:
    shown = ", ".join(names[:_MOST])
    return f"{shown} and {len(names) - _MOST} more" if len(names) > _MOST else shown
