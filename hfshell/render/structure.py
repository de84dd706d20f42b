"""Anything that has no screen of its own, shown neatly: JSON-like values as names and values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from rich.cells import cell_len
from rich.console import Group
from rich.text import Text

from hfshell.render.layout import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from hfshell.render.look import Look

ITEMS_SHOWN = 20
_DEEPEST = 4
_WIDEST_NAME = 24  # cells

Line = tuple[str, Text]
"""A margin, and what stands behind it; it is wrapped there."""


def render_structure(value: Any, look: Look) -> RenderableType:
    """Return a value of JSON types, or a dataclass of them; its strings have been made safe."""
    lines = _lines(msgspec.to_builtins(value, enc_hook=str), look, 0)
    return Group(*(Block(text, margin) for margin, text in lines))


def _lines(value: Any, look: Look, depth: int) -> Iterator[Line]:
    if _is_short(value) or depth == _DEEPEST:
        yield "", Text(_in_line(value, look))
    elif isinstance(value, dict):
        yield from _mapping(value, look, depth)
    else:
        yield from _sequence(value, look, depth)


def _is_short(value: Any) -> bool:
    """Whether it is a plain value, or a list of them: then it stands on one line."""
    items = value if isinstance(value, list) else [value]
    return not any(isinstance(item, (dict, list)) and item for item in items)


def _mapping(value: dict[str, Any], look: Look, depth: int) -> Iterator[Line]:
    widest = min(max(cell_len(name) for name in value), _WIDEST_NAME)
    for name, item in value.items():
        label = Text(name.replace("\n", " "), "dim")
        if _is_short(item):
            blanks = " " * max(widest - label.cell_len, 0)
            yield "", Text.assemble(label, blanks, "  ", _in_line(item, look))
        else:
            yield "", label
            yield from ((f"  {margin}", text) for margin, text in _lines(item, look, depth + 1))


def _sequence(value: list[Any], look: Look, depth: int) -> Iterator[Line]:
    for item in value[:ITEMS_SHOWN]:
        mark = "- "
        for margin, text in _lines(item, look, depth + 1):
            yield mark + margin, text
            mark = "  "
    if len(value) > ITEMS_SHOWN:
        yield "", Text(f"{look.symbols.ellipsis} {len(value) - ITEMS_SHOWN} more", "dim")


def _in_line(value: Any, look: Look) -> str:
    if not isinstance(value, list) or not value:
        return _scalar(value, look)
    more = [f"{look.symbols.ellipsis} {len(value) - ITEMS_SHOWN} more"] if len(value) > ITEMS_SHOWN else []
    return ", ".join([*(_scalar(item, look) for item in value[:ITEMS_SHOWN]), *more])


def _scalar(value: Any, look: Look) -> str:
    if value is None or value in ([], {}):
        return look.symbols.absent
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (dict, list)):
        return look.symbols.ellipsis
    return f"{value:.4g}" if isinstance(value, float) else str(value)
