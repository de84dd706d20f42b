"""A view's table: columns where the screen is wide enough, otherwise a record for each row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.console import Group
from rich.table import Column
from rich.text import Text

from hfshell.render.cells import written_cells
from hfshell.render.layout import columns
from hfshell.render.safe_text import one_line
from hfshell.render.spans import span_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from hfshell.api.view import Table
    from hfshell.render.cells import WrittenCell
    from hfshell.render.look import Look

_MARGIN = 2  # cells before every line
_GAP = 2
_SHORT = 12  # cells; a narrower column is never wrapped, nor is one of numbers
_TEXT = 16  # cells; a text is wrapped in no narrower column


def render_table(table: Table, look: Look) -> RenderableType:
    """Return a table for the screen; its strings have been made safe."""
    written = written_cells(table, look.symbols.absent)
    headings = [_on_screen(Text(heading)) for heading in table.columns]
    rows = [[_cell(cell, look) for cell in row] for row in written]
    lines = [headings, *rows] if headings else rows
    widths = [max(_width(text) for text in column) for column in zip(*lines, strict=True)]
    numeric = [bool(rows) and all(row[place].right for row in written) for place in range(len(widths))]
    wrapped = [not right and width > _SHORT for width, right in zip(widths, numeric, strict=True)]
    least = [min(width, _TEXT) if wraps else width for width, wraps in zip(widths, wrapped, strict=True)]
    if not widths:
        return Text()
    if sum(least) + _GAP * (len(least) - 1) + _MARGIN > look.width:
        return _records(headings, rows, look)
    shown = columns(look, header=bool(headings))
    for place, width in enumerate(least):
        shown.add_column(
            headings[place] if headings else "",
            justify="right" if numeric[place] else "left",
            min_width=width,
            no_wrap=not wrapped[place],
            overflow="fold",
        )
    for row in rows:
        shown.add_row(*row)
    return shown


def _cell(cell: WrittenCell, look: Look) -> Text:
    text = _on_screen(span_text(cell.span, look))
    if cell.right:
        text.justify = "right"
    return text


def _on_screen(text: Text) -> Text:
    """Put blanks where tabs are: how far a tab leaps depends on where its column begins."""
    text.expand_tabs(4)
    return text


def _width(text: Text) -> int:
    return max((cell_len(line) for line in text.plain.split("\n")), default=0)


def _records(headings: Sequence[Text], rows: Sequence[Sequence[Text]], look: Look) -> RenderableType:
    """Put the cells of a row below each other, each beside its heading, and the rows apart."""
    if not rows:
        return Text("  ").join(headings)
    names = [one_line(heading.plain, look.width // 3, plain=look.plain) for heading in headings]
    widest = max(map(cell_len, names), default=0)
    lines: list[RenderableType] = []
    for row in rows:
        if names:
            lines += [_record(name, widest, cell, look) for name, cell in zip(names, row, strict=True)]
        else:
            lines += [Text.assemble(cell) for cell in row]
        lines.append("")
    return Group(*lines[:-1])


def _record(name: str, widest: int, cell: Text, look: Look) -> RenderableType:
    line = Text.assemble((set_cell_size(name, widest), "dim"), " " * _GAP, cell)
    if _width(line) + _MARGIN <= look.width and "\n" not in cell.plain:
        return line
    cell.justify = "left"
    beside = columns(look, Column(style="dim", no_wrap=True, min_width=widest), Column(), header=False)
    beside.add_row(name, cell)
    return beside
