"""A document as Markdown, with pipe tables."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from hfshell.api.view import Bars, Line, Span, Stack, Table, View
from hfshell.render.bars import amount_texts
from hfshell.render.cells import written_cells
from hfshell.render.document import shown
from hfshell.render.look import UNICODE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hfshell.render.document import Document, Sheet

_BOLD = ("name", "number", "heading", "mark")
_BLANK_ENDS = re.compile(r"^(?:<br>|\s)+|(?:<br>|\s)+$")
_BLOCK = re.compile(r"[-+#=]|\d+(?=[.)])")  # what would make a heading or a list of a line's beginning


def markdown(document: Document) -> str:
    """Return the document as Markdown."""
    parts = [f"# {_escaped(document.title)}"]
    if document.facts:
        parts.append(_pipe_table(("", ""), _texts(document.facts), _numeric(document.facts, 2)))
    if document.view is not None:
        parts += _view(document.view)
    for sheet in document.sheets:
        parts += [f"## {_escaped(sheet.title)}", _sheet(sheet)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _sheet(sheet: Sheet) -> str:
    return _pipe_table(
        [_escaped(name) for name in sheet.names], _texts(sheet.rows), _numeric(sheet.rows, len(sheet.names))
    )


def _texts(rows: Iterable[Iterable[object]]) -> list[list[str]]:
    return [[_escaped(shown(cell)) for cell in row] for row in rows]


def _numeric(rows: Iterable[Sequence[object]], columns: int) -> list[bool]:
    return [all(not isinstance(row[place], str) for row in rows) for place in range(columns)]


def _view(view: View) -> list[str]:
    match view:
        case Line((Span(text, "heading", ""),)):
            return [f"## {_escaped(text.strip())}"]
        case Line(spans):
            return [_paragraph(spans)]
        case Table():
            return [_table(view)]
        case Bars():
            return [_bars(view)]
        case Stack(views):
            return [part for item in views for part in _view(item)]


def _table(table: Table) -> str:
    rows = written_cells(table, UNICODE.absent)
    columns = len(table.columns) or (len(rows[0]) if rows else 0)
    headings = [_escaped(heading) for heading in table.columns] or [""] * columns
    numeric = [bool(rows) and all(row[place].right for row in rows) for place in range(columns)]
    return _pipe_table(headings, [[_inline([cell.span]) for cell in row] for row in rows], numeric)


def _bars(bars: Bars) -> str:
    numbers = amount_texts([bar.value for bar in bars.bars], bars.maximum)
    rows = [
        [_escaped(bar.label), text or UNICODE.absent] for bar, text in zip(bars.bars, numbers, strict=True)
    ]
    return _pipe_table(["", ""], rows, [False, True])


def _paragraph(spans: Sequence[Span | str]) -> str:
    text = _BLANK_ENDS.sub("", _inline(spans))
    begins = _BLOCK.match(text)
    if begins is None:
        return text
    number = begins[0] if begins[0].isdigit() else ""
    return f"{number}\\{text[len(number) :]}"


def _inline(spans: Sequence[Span | str]) -> str:
    text = ""
    for span in spans:
        part = _span(span)
        if text.endswith("**") and part.startswith("**"):  # four stars in a row mean neither
            part = _span(span, stars=False)
        text += part
    return text


def _span(span: Span | str, *, stars: bool = True) -> str:
    if isinstance(span, str):
        return _escaped(span)
    text = _bold(span.text, stars=stars) if span.style in _BOLD else _escaped(span.text)
    if not span.tag:
        return text
    tag = _escaped(span.tag)
    return f"{text} ({tag})" if span.style == "mark" else f"{text}/{tag}"


def _bold(text: str, *, stars: bool) -> str:
    """Stars mean bold only where they touch a letter or a digit."""
    core = text.strip()
    if not core:
        return _escaped(text)
    start = text.index(core)
    before, after = _escaped(text[:start]), _escaped(text[start + len(core) :])
    if stars and core[0].isalnum() and core[-1].isalnum():
        return f"{before}**{_escaped(core)}**{after}"
    return f"{before}<b>{_escaped(core)}</b>{after}"


def _pipe_table(headings: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool]) -> str:
    rule = ["--:" if is_number else "---" for is_number in numeric]
    return "\n".join(f"| {' | '.join(row)} |" for row in [headings, rule, *rows] if row)


def _escaped(text: str) -> str:
    """Escape what Markdown or the HTML inside it would take for its own."""
    for mark in "\\`*_[]|~":
        text = text.replace(mark, f"\\{mark}")
    return html.escape(text, quote=False).replace("\n", "<br>")
