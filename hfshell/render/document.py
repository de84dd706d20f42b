"""A result as a document for people: facts and tables, or the view that a plugin made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from hfshell.api.results import DataSample, PredictionResult
from hfshell.render.export import flat_rows_of
from hfshell.render.safe_text import made_safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hfshell.api.results import Result
    from hfshell.api.view import View

Cell = str | float | None


@dataclass(frozen=True)
class Sheet:
    """A table with a heading."""

    title: str
    names: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Document:
    """Facts or a view, then tables. Strings in it are safe to show, but not yet escaped for any format."""

    title: str
    facts: tuple[tuple[str, Cell], ...]
    sheets: tuple[Sheet, ...]
    view: View | None = None


def document_of(result: Result, view: View | None = None) -> Document:
    """Sort a result's fields into facts and tables; with a view there are the guards that spoke beside it."""
    safe = made_safe(result)
    title = safe.kind
    if view is not None:
        guards = msgspec.to_builtins(safe.guards)
        return Document(title, (), (_sheet("guards", guards),) if guards else (), made_safe(view))
    if isinstance(safe, (PredictionResult, DataSample)):
        return Document(title, (), (_sheet("rows", flat_rows_of(safe)),))
    fields = {name: value for name, value in safe.to_dict().items() if name not in ("schema", "kind")}
    facts = tuple((_words(name), _cell(value)) for name, value in fields.items() if not _is_table(value))
    sheets = [
        _sheet(_words(name), _records(value, safe, name))
        for name, value in fields.items()
        if _is_table(value)
    ]
    return Document(title, facts, tuple(sheets))


def _words(name: str) -> str:
    return name.replace("_", " ")


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, (dict, list)) for item in value)


def _records(value: list[Any], result: Any, name: str) -> list[dict[str, Any]]:
    if name == "confusion":
        labels = result.labels
        return [
            {"is": label, **{f"said {said}": count for said, count in zip(labels, row, strict=False)}}
            for label, row in zip(labels, value, strict=False)
        ]
    return [
        item if isinstance(item, dict) else {str(place): cell for place, cell in enumerate(item, 1)}
        for item in value
    ]


def _sheet(title: str, records: Sequence[dict[str, Any]]) -> Sheet:
    names = tuple(dict.fromkeys(name for record in records for name in record))
    rows = tuple(tuple(_cell(record.get(name)) for name in names) for record in records)
    return Sheet(title, tuple(_words(name) for name in names), rows)


def _cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or isinstance(value, (str, int, float)):
        return value
    items = value.items() if isinstance(value, dict) else [(None, item) for item in value]
    return ", ".join(f"{shown(item)}" if name is None else f"{name} {shown(item)}" for name, item in items)


def shown(value: Any) -> str:
    """Return a cell's text."""
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
