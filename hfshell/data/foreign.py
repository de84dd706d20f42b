"""Files in formats that plugins read: their rows, checked one by one, and kept as they came."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hfshell.data.files import InputFile, file_digest
from hfshell.data.foreign_formats import ForeignFormat
from hfshell.data.jsonvalues import DEEPEST, escape_surrogates, rows_to_table
from hfshell.data.reading import FileRead, Reading
from hfshell.data.table import RowTable, concatenate
from hfshell.errors import DataError, HfshellError, PluginError

_BATCH = 1 << 12
_JSON_TYPES = (str, bool, int, float, type(None))


def read_foreign(file: InputFile, reading: Reading, known: ForeignFormat) -> FileRead:
    """Read a file with a plugin's reader. Places count its rows from 1, unless its errors say lines.

    Raises:
        DataError: the reader says that the file cannot be read exactly, or it gave no row.
        PluginError: the reader failed, or gave what is no row.
        Interrupted: the user asked to stop.
    """
    digest = file_digest(file)
    tables = list(_tables(file, reading, known))
    if not tables:
        raise DataError("no rows: the file has none", place=file.place())
    return FileRead(concatenate(tables), digest)


def _tables(file: InputFile, reading: Reading, known: ForeignFormat) -> Iterator[RowTable]:
    rows: list[dict[str, Any]] = []
    done = 0
    for number, row in enumerate(_rows(file, known), 1):
        reading.cancelled.raise_if_set()
        complaint = _complaint(row)
        if complaint:
            hint = "rows are dicts of JSON types by column; tell the author of the plugin"
            raise PluginError(f"{known.who} gave a row that {complaint}", place=file.place(number), hint=hint)
        rows.append(dict(row))
        if len(rows) == _BATCH:
            yield _table(rows, done, file)
            reading.advance(len(rows))
            rows, done = [], number
    if rows:
        yield _table(rows, done, file)
        reading.advance(len(rows))


def _rows(file: InputFile, known: ForeignFormat) -> Iterator[Any]:
    """Yield a reader's rows; whatever it raises names the format and the file."""
    try:
        yield from known.read(file.path)
    except HfshellError as error:
        raise error.at(file.place()) from None
    except OSError as error:
        message = f"cannot read this file: {error.strerror or error}"
        raise DataError(message, place=file.place()) from None
    except Exception as error:  # noqa: BLE001 - a stranger's code may raise anything
        said = f"{type(error).__name__}: {error}".rstrip(": ").splitlines()[0]
        raise PluginError(f"{known.who} cannot read this file: {said}", place=file.place()) from None


def _table(rows: list[dict[str, Any]], done: int, file: InputFile) -> RowTable:
    numbers = range(done + 1, done + len(rows) + 1)
    try:
        return rows_to_table(rows, numbers, file.shown)
    except UnicodeEncodeError:  # half of a surrogate pair is no character; it is kept as its escape
        return rows_to_table([escape_surrogates(row) for row in rows], numbers, file.shown)


def _complaint(row: Any) -> str | None:
    """Say what is wrong with a row, None when it is one."""
    if not isinstance(row, dict):
        return f"is no dict but {type(row).__name__}"
    for name, value in row.items():
        if not isinstance(name, str):
            return f"has a column named {name!r}, which is no text"
        fault = _fault(value, DEEPEST)
        if fault:
            return f"holds {fault} in column '{name}'"
    return None


def _fault(value: Any, levels: int) -> str | None:
    """Name what is no JSON in a value, None when all of it is."""
    if type(value) in _JSON_TYPES:
        return None
    if levels == 0:
        return f"more than {DEEPEST} levels"
    if isinstance(value, (list, tuple)):
        return next((fault for item in value if (fault := _fault(item, levels - 1))), None)
    if isinstance(value, dict):
        named = next((name for name in value if not isinstance(name, str)), None)
        if named is not None:
            return f"the key {named!r}"
        return next((fault for item in value.values() if (fault := _fault(item, levels - 1))), None)
    return f"a {type(value).__name__}"
