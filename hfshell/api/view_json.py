"""Views as JSON types, and back. Strict and bounded: whoever made the view may have made anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite
from numbers import Integral, Real
from typing import Any, TypeGuard, get_args

import msgspec

from hfshell.api.view import Bar, Bars, Cell, Line, Span, Stack, Style, Table, View

DEEPEST = 8
"""How many views may stand inside each other."""

MOST_PARTS = 20_000
"""How many spans, cells, bars, headings and views a view may have."""

MOST_CHARACTERS = 1_000_000
"""How much text a view may hold."""

_STYLES = get_args(Style)
_LARGEST = 2**63
_KINDS: dict[str, type[Line | Table | Bars]] = {"line": Line, "table": Table, "bars": Bars}


def view_to_dict(view: View) -> dict[str, Any]:
    """Return a view as JSON types, each view with its kind: `{"view": "line", "spans": […]}`.

    Numbers that are not finite become None.

    Raises:
        msgspec.ValidationError: it is no view, or is too large; the message says where, and what is wrong.
    """
    return _as_dict(_Check().view(view, ""))


def view_from_dict(data: Any) -> View:
    """Read a view back from `view_to_dict`.

    Raises:
        msgspec.ValidationError: it is no view, or is too large.
    """
    return _Check().view(_read(data, 1), "")


def _as_dict(view: View) -> dict[str, Any]:
    match view:
        case Stack(views):
            return {"view": "stack", "views": [_as_dict(item) for item in views]}
        case _:
            return {"view": type(view).__name__.lower(), **msgspec.to_builtins(view)}


def _read(data: Any, depth: int) -> Any:
    """Make the views that the data stands for; the check finds what stands for none."""
    if depth > DEEPEST:
        raise _too_deep("")
    kind = data.get("view") if isinstance(data, dict) else None
    if kind == "stack":
        return Stack(tuple(_read(item, depth + 1) for item in _items(data.get("views"), "", "views")))
    if not isinstance(kind, str) or kind not in _KINDS:
        raise _fault("", f"there is no view {kind!r:.40}: it is one of {', '.join(_KINDS)}, stack")
    return msgspec.convert(data, _KINDS[kind])


class _Check:
    """One walk over a view: makes it anew of what may stand in it, and counts."""

    def __init__(self) -> None:
        self._parts = 0
        self._characters = 0

    def view(self, value: object, where: str, depth: int = 1) -> View:
        """Return the view; `where` is its place in the outermost one."""
        if depth > DEEPEST:
            raise _too_deep(where)
        self._count()
        match value:
            case Line():
                return Line(tuple(self._span(*span) for span in _each(value.spans, where, "span")))
            case Table():
                return self._table(value, where)
            case Bars():
                return self._bars(value, where)
            case Stack():
                return Stack(tuple(self.view(*item, depth + 1) for item in _each(value.views, where, "view")))
        raise _fault(where, f"a view is a Line, Table, Bars or Stack, not {_kind(value)}")

    def _table(self, table: Table, where: str) -> Table:
        columns = tuple(self._heading(*heading) for heading in _each(table.columns, where, "column"))
        rows: list[tuple[Cell, ...]] = []
        for row, place in _each(table.rows, where, "row"):
            rows.append(tuple(self._cell(*cell) for cell in _each(row, place, "cell")))
            wanted = len(columns) or len(rows[0])
            if len(rows[-1]) != wanted:
                as_many = "there are columns" if columns else "row 1 has"
                raise _fault(place, f"it has as many cells as {as_many}: {wanted}, not {len(rows[-1])}")
        return Table(columns, tuple(rows))

    def _bars(self, bars: Bars, where: str) -> Bars:
        maximum = _number(bars.maximum)
        if maximum is None or maximum <= 0:
            raise _fault(_in(where, "maximum"), f"it is a number above 0, not {bars.maximum!r:.40}")
        return Bars(tuple(self._bar(*bar) for bar in _each(bars.bars, where, "bar")), maximum)

    def _bar(self, bar: object, where: str) -> Bar:
        if not isinstance(bar, Bar):
            raise _fault(where, f"it is a Bar, not {_kind(bar)}")
        if bar.value is not None and not _is_number(bar.value):
            raise _fault(where, f"value is a number or None, not {_kind(bar.value)}")
        return Bar(self._heading(bar.label, where), _number(bar.value))

    def _heading(self, value: object, where: str) -> str:
        self._count()
        return self._text(value, where)

    def _cell(self, value: object, where: str) -> Cell:
        if isinstance(value, (str, Span)):
            return self._span(value, where)
        self._count()
        match value:
            case None | bool():
                return value
            case Integral():
                return _whole(value, where)
            case Real():
                return _number(value)
        raise _fault(where, f"a cell is a str, a number, a Span or None, not {_kind(value)}")

    def _span(self, value: object, where: str) -> Span | str:
        self._count()
        if not isinstance(value, Span):
            return self._text(value, where, "a Span or a str")
        if value.style not in _STYLES:
            raise _fault(where, f"style is one of {', '.join(_STYLES)}, not {value.style!r:.40}")
        return Span(self._text(value.text, where), value.style, self._text(value.tag, where, "a tag of str"))

    def _text(self, value: object, where: str, wanted: str = "a str") -> str:
        if not isinstance(value, str):
            raise _fault(where, f"it is {wanted}, not {_kind(value)}")
        self._characters += len(value)
        if self._characters > MOST_CHARACTERS:
            raise _fault("", f"a view has at most {MOST_CHARACTERS:,} characters")
        return str.__str__(value)  # an enum's own text, not its name

    def _count(self) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise _fault("", f"a view has at most {MOST_PARTS:,} parts: spans, cells, bars, headings, views")


def _each(items: object, where: str, part: str) -> Iterator[tuple[object, str]]:
    """Yield the items with their places."""
    for number, item in enumerate(_items(items, where, f"{part}s"), 1):
        yield item, _in(where, f"{part} {number}")


def _items(value: object, where: str, name: str) -> Sequence[object]:
    if not isinstance(value, (tuple, list)):
        raise _fault(_in(where, name), f"it is a tuple, not {_kind(value)}")
    return value


def _is_number(value: object) -> TypeGuard[Real]:
    return isinstance(value, Real) and not isinstance(value, bool)


def _number(value: object) -> float | None:
    """Return a number as Python's own; None for one that is not finite, and for what is no number."""
    number = float(value) if _is_number(value) else None
    return number if number is not None and isfinite(number) else None


def _whole(value: Any, where: str) -> int:
    number = int(value)
    if abs(number) >= _LARGEST:
        raise _fault(where, "the number is too large; write it as a str")
    return number


def _kind(value: object) -> str:
    if value is None:
        return "None"
    kind = type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _in(where: str, part: str) -> str:
    return f"{where}, {part}" if where else part


def _too_deep(where: str) -> msgspec.ValidationError:
    return _fault(where, f"at most {DEEPEST} views stand inside each other")


def _fault(where: str, message: str) -> msgspec.ValidationError:
    return msgspec.ValidationError(f"{where}: {message}" if where else message)
