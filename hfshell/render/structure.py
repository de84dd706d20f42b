"""Anything that has no screen of its own, shown neatly: JSON-like values as names and values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from rich.console import Group
from rich.table import Column
from rich.text import Text

from hfshell.render.layout import columns

if TYPE_CHECKING:
    from rich.console import RenderableType

    from hfshell.render.look import Look

ITEMS_SHOWN = 20
_DEEPEST = 4


def render_structure(value: Any, look: Look, depth: int = 0) -> RenderableType:
    """Return a value of JSON types, or a dataclass of them; its strings have been made safe."""
    value = msgspec.to_builtins(value, enc_hook=str)
    if isinstance(value, dict) and value and depth < _DEEPEST:
        return _mapping(value, look, depth)
    if isinstance(value, list) and value and depth < _DEEPEST:
        return _sequence(value, look, depth)
    return Text(_scalar(value, look))


def _mapping(value: dict[str, Any], look: Look, depth: int) -> RenderableType:
    table = columns(look, Column(style="dim", no_wrap=True, max_width=24), Column(), header=False)
    for name, item in value.items():
        table.add_row(str(name), render_structure(item, look, depth + 1))
    return table


def _sequence(value: list[Any], look: Look, depth: int) -> RenderableType:
    shown, left = value[:ITEMS_SHOWN], len(value) - ITEMS_SHOWN
    more = f"{look.symbols.ellipsis} {left} more" if left > 0 else ""
    if not any(isinstance(item, (dict, list)) for item in shown):
        return Text(", ".join([*(_scalar(item, look) for item in shown), *([more] if more else [])]))
    table = columns(look, Column(style="dim", no_wrap=True), Column(), header=False)
    for item in shown:
        table.add_row("-", render_structure(item, look, depth + 1))
    return Group(table, Text(more, "dim")) if more else table


def _scalar(value: Any, look: Look) -> str:
    if value is None or value in ([], {}):
        return look.symbols.absent
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
