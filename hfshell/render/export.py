"""Results as text for programs: `--json` lines, and what `> FILE` writes in the format that the name says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import msgspec

from hfshell.api.results import DataSample, PredictionResult
from hfshell.errors import UsageError
from hfshell.render.safe_text import made_safe

if TYPE_CHECKING:
    from hfshell.api.events import CommandFinished
    from hfshell.api.results import Result
    from hfshell.api.view import View

SCHEMA = 1

FORMATS = (".jsonl", ".json", ".csv", ".tsv", ".md", ".html", ".txt")
"""Endings of the files that results can be written to."""

_FOR_PEOPLE = (".md", ".html", ".txt")

# What JSON may hold but a terminal must not get, when somebody looks at it there: see safe_text.
_UNSAFE = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")


def to_json_line(finished: CommandFinished) -> str:
    """Return a finished command as one line of JSON, without the newline; see `finished_as_dict`."""
    return json_text(finished_as_dict(finished))


def finished_as_dict(finished: CommandFinished) -> dict[str, Any]:
    """Return a finished command as JSON types.

    `{"schema", "file", "line", "command", "name", "status", "seconds"}` and `result`, or `error` when it
    failed; `status` is `ok`, `failed`, or `ignored` for a failed line that begins with `-`. A result that
    tells of a failure has `failed` beside it.
    """
    started = finished.started
    line: dict[str, Any] = {
        "schema": SCHEMA,
        "file": started.file,
        "line": started.line,
        "command": started.command,
        "name": started.name,
        "status": "ok",
        "seconds": round(finished.seconds, 6),
    }
    if finished.error is None:
        if finished.result is not None and finished.result.exit_code:
            line["status"] = "failed"
        line["result"] = as_dict(finished.result) if finished.result else None
    else:
        line["status"] = "ignored" if finished.ignored else "failed"
        line["error"] = finished.error.to_dict()
    return line


def as_dict(result: Result) -> dict[str, Any]:
    """Return `to_dict()`, with lone surrogates, which JSON's encoding has no bytes for, written out."""
    try:
        return result.to_dict()
    except UnicodeEncodeError:
        return made_safe(result).to_dict()


def json_text(value: Any, indent: int | None = None) -> str:
    """Return JSON types as text; what would steer a terminal is written as JSON's own escapes."""
    try:
        encoded = msgspec.json.encode(value)
    except UnicodeEncodeError:
        encoded = msgspec.json.encode(made_safe(value))
    if indent:
        encoded = msgspec.json.format(encoded, indent=indent)
    return _UNSAFE.sub(_escaped, encoded.decode())


def _escaped(found: re.Match[str]) -> str:
    """Write a character as JSON's own escape, which means the same."""
    return json.dumps(found[0])[1:-1]


def export(result: Result, file: str, *, header: bool = True, view: View | None = None) -> str:
    """Return a result as the text of a file, in the format that the file's name ends in.

    Predictions and rows of data become rows; anything else is one object. Documents for people show the
    view where there is one; files for programs have the result itself.

    Args:
        result: any result.
        file: its name ends in .jsonl, .json, .csv, .tsv, .md, .html or .txt.
        header: whether csv and tsv begin with the names of the columns; False when appending to a file.
        view: how the result is to look.

    Raises:
        UsageError: the name ends in something else.
    """
    require_format(file)
    formats: dict[str, Callable[[], str]] = {
        ".jsonl": lambda: "".join(f"{json_text(row)}\n" for row in rows_of(result)),
        ".json": lambda: f"{json_text(as_dict(result), indent=2)}\n",
        ".csv": lambda: _separated(result, ",", header=header),
        ".tsv": lambda: _separated(result, "\t", header=header),
        ".md": lambda: _markdown(result, view),
        ".html": lambda: _web_page(result, view),
        ".txt": lambda: _text(result, view),
    }
    return formats[PurePath(file).suffix.lower()]()


def require_format(file: str) -> None:
    """Make sure that a file's name says a format.

    Raises:
        UsageError: it ends in something else.
    """
    suffix = PurePath(file).suffix.lower()
    if suffix not in FORMATS:
        raise UsageError(
            f"results cannot be written as {suffix or 'a file without an ending'}",
            hint=f"end it in {', '.join(FORMATS)}",
        )


def shows_views(file: str) -> bool:
    """Return whether a file's format shows a result as its view."""
    return PurePath(file).suffix.lower() in _FOR_PEOPLE


def rows_of(result: Result) -> Iterable[dict[str, Any]]:
    """Yield a result as JSON objects: one a row of predictions or data, otherwise the one that it is."""
    if isinstance(result, PredictionResult):
        yield from _predictions(result)
    elif isinstance(result, DataSample):
        yield from (dict(row) for row in result.rows)
    else:
        yield as_dict(result)


def _predictions(result: PredictionResult) -> Iterable[dict[str, Any]]:
    for index, row in enumerate(as_dict(result)["rows"]):
        text = result.inputs[index] if index < len(result.inputs) else None
        yield {"row": index + 1, "text": text, "prediction": row}


def flat_rows_of(result: Result) -> list[dict[str, Any]]:
    """Return a result's rows with plain values alone: label and score rather than a list of them."""
    if isinstance(result, PredictionResult):
        return [_flat(row) for row in _predictions(result)]
    if isinstance(result, DataSample):
        return [{name: _plain(value) for name, value in row.items()} for row in result.rows]
    return [{"kind": result.kind, **result.fields()}]


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    prediction = row.pop("prediction")
    items = prediction if isinstance(prediction, list) else [prediction]
    for number, item in enumerate(items, 1):
        values = item if isinstance(item, dict) else {"prediction": item}
        ending = "" if number == 1 else f"_{number}"
        row |= {f"{name}{ending}": _plain(value) for name, value in values.items()}
    return row


def _plain(value: Any) -> Any:
    return json_text(value) if isinstance(value, (dict, list)) else value


def _separated(result: Result, separator: str, *, header: bool) -> str:
    from hfshell.render.separated import separated

    return separated(flat_rows_of(result), separator, header=header)


def _markdown(result: Result, view: View | None) -> str:
    from hfshell.render.document import document_of
    from hfshell.render.markdown import markdown

    return markdown(document_of(result, view))


def _web_page(result: Result, view: View | None) -> str:
    from hfshell.render.document import document_of
    from hfshell.render.web_page import web_page

    return web_page(document_of(result, view))


def _text(result: Result, view: View | None) -> str:
    import io

    from hfshell.render.console import make_console
    from hfshell.render.results import show

    stream = io.StringIO()
    show(make_console(stream, plain=True, width=100), result, view)
    return stream.getvalue()
