"""A document as one HTML page that needs nothing else and runs no script."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from hfshell.api.view import Bar, Bars, Line, Span, Stack, Table, View
from hfshell.render.bars import amount_texts
from hfshell.render.cells import WrittenCell, written_cells
from hfshell.render.document import shown
from hfshell.render.look import UNICODE
from hfshell.render.spans import mark_colour

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hfshell.render.document import Cell, Document

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
div { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { padding: .3rem .8rem; border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
th { text-align: left; font-weight: 600; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
td { vertical-align: top; white-space: pre-wrap; }
p { white-space: pre-wrap; overflow-wrap: anywhere; }
meter { width: 12rem; }
mark { --tag: gray; color: inherit; padding: 0 .2em; border-radius: .2em;
  background: color-mix(in srgb, var(--tag) 30%, transparent); }
.mark-0 { --tag: darkcyan; } .mark-1 { --tag: mediumorchid; } .mark-2 { --tag: seagreen; }
.mark-3 { --tag: royalblue; } .mark-4 { --tag: goldenrod; }
.good { color: color-mix(in srgb, seagreen 80%, currentColor); }
.warn { color: color-mix(in srgb, darkgoldenrod 80%, currentColor); }
.bad { color: color-mix(in srgb, crimson 80%, currentColor); }
.dim { opacity: .7; }
"""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""


def web_page(document: Document) -> str:
    """Return the document as HTML."""
    title = html.escape(document.title)
    parts = [f"<h1>{title}</h1>"]
    if document.facts:
        parts.append(_sheet((), document.facts))
    if document.view is not None:
        parts.append(_view(document.view))
    for sheet in document.sheets:
        parts += [f"<h2>{html.escape(sheet.title)}</h2>", _sheet(sheet.names, sheet.rows)]
    return _PAGE.format(title=title, style=_STYLE, body="\n".join(parts))


def _sheet(names: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    cells = [
        [_cell(html.escape(shown(cell)), right=isinstance(cell, (int, float))) for cell in row]
        for row in rows
    ]
    return _table(names, cells)


def _view(view: View) -> str:
    match view:
        case Line((Span(text, "heading", ""),)):
            return f"<h2>{html.escape(text)}</h2>"
        case Line(spans):
            return f"<p>{''.join(_span(span) for span in spans)}</p>"
        case Table():
            return _table(view.columns, _written(written_cells(view, UNICODE.absent)))
        case Bars():
            return _bars(view)
        case Stack(views):
            return "\n".join(_view(item) for item in views)


def _written(rows: Sequence[Sequence[WrittenCell]]) -> list[list[str]]:
    return [[_cell(_span(cell.span), right=cell.right) for cell in row] for row in rows]


def _bars(bars: Bars) -> str:
    numbers = amount_texts([bar.value for bar in bars.bars], bars.maximum)
    rows = [
        [
            f'<th scope="row">{html.escape(bar.label)}</th>',
            _cell(_meter(bar, bars.maximum), right=False),
            _cell(text or UNICODE.absent, right=True),
        ]
        for bar, text in zip(bars.bars, numbers, strict=True)
    ]
    return _table((), rows)


def _meter(bar: Bar, maximum: float) -> str:
    if bar.value is None:
        return ""
    value = min(max(bar.value, 0.0), maximum)
    return (
        f'<meter min="0" max="{maximum!r}" value="{value!r}" aria-label="{html.escape(bar.label)}"></meter>'
    )


def _span(span: Span | str) -> str:
    if isinstance(span, str):
        return html.escape(span)
    text, tag = html.escape(span.text), html.escape(span.tag)
    behind = f" <small>{tag}</small>" if tag else ""
    match span.style:
        case "mark":
            colour = f' class="mark-{mark_colour(span.tag)}"' if tag else ""
            return f"<mark{colour}>{text}{behind}</mark>"
        case "plain":
            return text + behind
        case "name" | "number" | "heading":
            return f"<b>{text}</b>{behind}"
        case style:
            return f'<span class="{style}">{text}</span>{behind}'


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    header = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in names)
    lines = [f"<tr>{header}</tr>"] if header else []
    lines += [f"<tr>{''.join(row)}</tr>" for row in rows]
    return "<div><table>\n" + "\n".join(lines) + "\n</table></div>"


def _cell(content: str, *, right: bool) -> str:
    kind = ' class="number"' if right else ""
    return f"<td{kind}>{content}</td>"
