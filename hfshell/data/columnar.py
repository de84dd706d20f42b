"""Parquet, Feather and Arrow files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hfshell.data.files import InputFile, file_digest
from hfshell.data.header import check_names
from hfshell.data.reading import FileRead, Reading
from hfshell.data.table import TEXT, RowTable
from hfshell.errors import DataError


def read_parquet(file: InputFile, reading: Reading) -> FileRead:
    """Read a Parquet file.

    Raises:
        DataError: it is damaged, or no Parquet.
    """
    return _read(file, reading, "Parquet", lambda: _parquet(file))


def read_arrow(file: InputFile, reading: Reading) -> FileRead:
    """Read an Arrow file (Feather is its other name) or an Arrow stream, which `datasets` writes.

    Raises:
        DataError: it is damaged, or no Arrow.
    """
    return _read(file, reading, "Arrow", lambda: _arrow(file))


def table_of(values: Any, file: str, classes: Mapping[str, tuple[str, ...]] | None = None) -> RowTable:
    """Make a row table of an Arrow table: plain text, no dictionaries, and classes by name.

    Args:
        values: the Arrow table.
        file: what its rows' places name.
        classes: class names by column; without them, those in the metadata that `datasets` writes.
    """
    declared = _declared_classes(values.schema) if classes is None else classes
    columns = {
        name: _named_classes(_plain(values.column(name)), declared[name])
        if name in declared
        else _plain(values.column(name))
        for name in values.column_names
    }
    rows = RowTable.from_columns(columns, range(1, len(values) + 1), file)
    return RowTable(rows.values, rows.files, rows.lines, rows.encoded, declared)


def _read(file: InputFile, reading: Reading, kind: str, load: Any) -> FileRead:
    digest = file_digest(file)
    try:
        values = load()
        values.validate(full=True)
        check_names(file, values.column_names, None)
        table = table_of(values, file.shown)
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        first = str(error).partition("\n")[0].rstrip(".")
        hint = "an interrupted download? fetch it again"
        raise DataError(f"this is no whole {kind} file: {first}", place=file.place(), hint=hint) from None
    if not len(table):
        raise DataError("no rows: the file has columns and nothing else", place=file.place())
    reading.advance(len(table))
    return FileRead(table, digest)


def _parquet(file: InputFile) -> Any:
    with pq.ParquetFile(file.path) as source:
        return source.read()


def _arrow(file: InputFile) -> Any:
    # Into memory, not mapped: a mapped file that somebody cuts short kills the process that looks at it.
    with pa.OSFile(str(file.path)) as source:
        try:
            return pa.ipc.open_file(source).read_all()
        except pa.ArrowInvalid:
            source.seek(0)
            return pa.ipc.open_stream(source).read_all()


def _plain(column: Any) -> Any:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_string(column.type) or pa.types.is_string_view(column.type):
        column = column.cast(TEXT)
    return column


def _declared_classes(schema: Any) -> dict[str, tuple[str, ...]]:
    """Return the class names that `datasets` keeps in a file's metadata, by column."""
    try:
        features = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))["info"]["features"]
        inner = {name: feature.get("feature", feature) for name, feature in features.items()}
        return {
            name: tuple(feature["names"])
            for name, feature in inner.items()
            if feature.get("_type") == "ClassLabel" and name in schema.names
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _named_classes(column: Any, names: tuple[str, ...]) -> Any:
    """Put names in the place of class numbers; -1 is how `datasets` writes that a row has none."""
    if pa.types.is_list(column.type) and pa.types.is_integer(column.type.value_type):
        return _named_lists(column, names)
    if not pa.types.is_integer(column.type):
        return column
    numbers = pc.if_else(pc.and_(pc.greater_equal(column, 0), pc.less(column, len(names))), column, None)
    return pa.chunked_array([pa.array(names, TEXT).take(chunk) for chunk in numbers.chunks], TEXT)


def _named_lists(column: Any, names: tuple[str, ...]) -> Any:
    """Put names in the place of class numbers in lists; one that is no class stays a number, as a text."""
    lists = [
        None if numbers is None else [_name(number, names) for number in numbers if number is not None]
        for numbers in column.to_pylist()
    ]
    return pa.chunked_array([pa.array(lists, pa.list_(TEXT))])


def _name(number: int, names: tuple[str, ...]) -> str:
    return names[number] if 0 <= number < len(names) else str(number)
