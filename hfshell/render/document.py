"""A result as a document for people: facts and tables, written as Markdown or as one HTML page."""

from __future__ import annotations

import html as html_library
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hfshell.api.results import DataSample, PredictionResult
from hfshell.render.export import flat_rows_of
from hfshell.render.safe_text import made_safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hfshell.api.results import Result

Cell = str | float | None


@dataclass(frozen=True)
class Sheet:
    """A table with a heading."""

    title: str
    names: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Document:
    """Facts, then tables. Strings in it are safe to show, but not yet escaped for any format."""

    title: str
    facts: tuple[tuple[str, Cell], ...]
    sheets: tuple[Sheet, ...]


def document_of(result: Result) -> Document:
    """Sort a result's fields into facts and tables."""
    safe = made_safe(result)
    title = safe.kind
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
    return ", ".join(f"{_shown(item)}" if name is None else f"{name} {_shown(item)}" for name, item in items)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def markdown(document: Document) -> str:
    """Return the document as Markdown with pipe tables."""
    parts = [f"# {_markdown_cell(document.title)}"]
    if document.facts:
        parts.append(_pipe_table(("", ""), document.facts))
    for sheet in document.sheets:
        parts += [f"## {_markdown_cell(sheet.title)}", _pipe_table(sheet.names, sheet.rows)]
    return "\n\n".join(parts) + "\n"


def _pipe_table(names: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    numeric = [all(not isinstance(row[place], str) for row in rows) for place in range(len(names))]
    lines = [names, ["--:" if is_number else "---" for is_number in numeric]]
    cells = [[_markdown_cell(_shown(cell)) for cell in row] for row in rows]
    header = [[_markdown_cell(name) for name in lines[0]], lines[1]]
    return "\n".join(f"| {' | '.join(row)} |" for row in [*header, *cells])


def _markdown_cell(text: str) -> str:
    """Escape what Markdown or the HTML inside it would take for its own."""
    for mark in "\\`*_[]|":
        text = text.replace(mark, f"\\{mark}")
    return html_library.escape(text, quote=False).replace("\n", "<br>")


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }}
div {{ overflow-x: auto; }}
table {{ border-collapse: collapse; margin: 1rem 0; }}
th, td {{ padding: .3rem .8rem; border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent); }}
th {{ text-align: left; font-weight: 600; }}
td.number {{ text-align: right; font-variant-numeric: tabular-nums; }}
td {{ vertical-align: top; white-space: pre-wrap; }}
</style>
</head>
<body>
{body}
</body>
</html>
"""


def html(document: Document) -> str:
    """Return the document as one HTML page that needs nothing else and runs no script."""
    title = html_library.escape(document.title)
    parts = [f"<h1>{title}</h1>"]
    if document.facts:
        parts.append(_html_table((), document.facts))
    for sheet in document.sheets:
        parts += [f"<h2>{html_library.escape(sheet.title)}</h2>", _html_table(sheet.names, sheet.rows)]
    return _PAGE.format(title=title, body="\n".join(parts))


def _html_table(names: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    header = "".join(f"<th>{html_library.escape(name)}</th>" for name in names)
    lines = [f"<tr>{header}</tr>"] if header else []
    lines += [f"<tr>{''.join(_html_cell(cell) for cell in row)}</tr>" for row in rows]
    return "<div><table>\n" + "\n".join(lines) + "\n</table></div>"


def _html_cell(cell: Cell) -> str:
    kind = ' class="number"' if isinstance(cell, (int, float)) else ""
    return f"<td{kind}>{html_library.escape(_shown(cell))}</td>"
