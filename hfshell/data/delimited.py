"""CSV and TSV. Every cell is text, exactly as written: `NA`, `007` and the empty cell are no exceptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import pyarrow as pa

from hfshell.api.results import Finding
from hfshell.data.badrows import BadRows
from hfshell.data.files import InputFile
from hfshell.data.header import DELIMITERS, check_header, check_names, find_delimiter
from hfshell.data.naming import fold
from hfshell.data.reading import FileRead, Reading
from hfshell.data.records import Records
from hfshell.data.stream import open_text
from hfshell.data.table import TEXT, RowTable, concatenate
from hfshell.data.wording import counted, lines_of, rows_of
from hfshell.errors import DataError

_BATCH = 1 << 14
_Record = tuple[int, list[str]]


@dataclass(frozen=True)
class _Attempt:
    """A file read one way, and whether that way raised no doubt."""

    read: FileRead
    certain: bool


def read_csv(file: InputFile, reading: Reading) -> FileRead:
    """Read a file that calls itself CSV; its delimiter is found from its first line.

    Raises:
        DataError: it cannot be read exactly.
    """
    return _attempt(file, reading, None, quotes=True).read


def read_tsv(file: InputFile, reading: Reading) -> FileRead:
    """Read a TSV file: with quoted cells when that works, else with quotes as plain characters.

    Spreadsheets quote cells of tab-separated files, most corpora do not, and nothing in the file says which.

    Raises:
        DataError: it cannot be read exactly either way.
    """
    try:
        quoted = _attempt(file, reading, "\t", quotes=True)
    except DataError:
        unquoted = _unquoted(file, reading)
        if unquoted is None:
            raise
        return unquoted
    return quoted.read if quoted.certain else _unquoted(file, reading) or quoted.read


def _unquoted(file: InputFile, reading: Reading) -> FileRead | None:
    try:
        read = _attempt(file, reading.strict(), "\t", quotes=False).read
    except DataError:
        return None
    message = f"{file.shown} does not quote its cells: quotes in it are read as text"
    return read.with_finding(Finding("quotes", "info", message))


def _attempt(file: InputFile, reading: Reading, delimiter: str | None, *, quotes: bool) -> _Attempt:
    bad = BadRows(file.shown)
    findings: list[Finding] = []
    with open_text(file, reading.options.encoding) as text:
        lines = text.lines()
        first = lines.peek()
        if first is None:
            raise DataError("no rows: the file is empty", place=file.place())
        if delimiter is None:
            delimiter = find_delimiter(first)
            findings += _said(file, delimiter)
        records = Records(lines, bad, delimiter, quotes=quotes)
        names, rows, header = _named(file, reading, bad, iter(records), findings)
        tables = list(_batches(file, reading, names, _fitting(rows, names, bad, delimiter, header)))
        digest = text.digest()
    good = sum(len(table) for table in tables)
    findings += bad.settle(good, skip=reading.options.skip_bad_rows)
    if not tables:
        raise DataError("no rows: the file has a header and nothing else", place=file.place())
    table = concatenate(tables)
    if header is not None and not set(reading.options.map.values()) & set(names):
        check_header(file, header, table, reading.known)
    swallowing = _swallowed(table, records.swallowing)
    findings += _doubts(file, swallowing)
    certain = not len(bad) and (not swallowing or _is_quoted(first, delimiter))
    return _Attempt(FileRead(table, digest, tuple(findings)), certain)


def _is_quoted(line: str, delimiter: str) -> bool:
    """Whether a program quoted all cells of a line: it did so in the others as well."""
    cells = line.rstrip("\r\n").split(delimiter)
    return all(len(cell) > 1 and cell[0] == cell[-1] == '"' for cell in cells)


def _named(
    file: InputFile, reading: Reading, bad: BadRows, records: Iterator[_Record], findings: list[Finding]
) -> tuple[tuple[str, ...], Iterable[_Record], int | None]:
    """Return the columns' names, the records below them, and the header's line; None without a header."""
    line, first = next(records, (0, []))
    if not first or (len(bad) and reading.options.columns is None):
        bad.settle(0, skip=False)
        raise DataError("no rows: the file has blank lines only", place=file.place())
    names = reading.options.columns
    if names is None:
        check_names(file, first, line)
        return tuple(first), records, line
    check_names(file, names, None)
    if [fold(cell) for cell in first] != [fold(name) for name in names]:
        return names, chain([(line, first)], records), None
    message = f"line {line} of {file.shown} holds the names given: it is a header and no row"
    findings.append(Finding("header", "info", message))
    return names, records, None


def _fitting(
    records: Iterable[_Record], names: Sequence[str], bad: BadRows, delimiter: str, header: int | None
) -> Iterator[_Record]:
    """Yield the records that have a cell for each column; note the others."""
    width = len(names)
    owner = f"there are {width} names" if header is None else f"the header has {width}"
    for line, cells in records:
        if len(cells) == width:
            yield line, cells
            continue
        stray = f"a stray {DELIMITERS[delimiter]}, or one that needs quotes around its cell?"
        reason = f"this row has {counted(len(cells), 'field')}, {owner}"
        bad.add(line, reason, delimiter.join(cells), hint=stray if len(cells) > width else None)


def _batches(
    file: InputFile, reading: Reading, names: Sequence[str], records: Iterable[_Record]
) -> Iterator[RowTable]:
    lines: list[int] = []
    rows: list[list[str]] = []
    for line, cells in records:
        lines.append(line)
        rows.append(cells)
        if len(rows) == _BATCH:
            yield _table(file, names, lines, rows)
            reading.advance(len(rows))
            lines, rows = [], []
    if rows:
        yield _table(file, names, lines, rows)
        reading.advance(len(rows))


def _table(file: InputFile, names: Sequence[str], lines: list[int], rows: list[list[str]]) -> RowTable:
    cells = zip(*rows, strict=True)
    columns = {name: pa.array(column, TEXT) for name, column in zip(names, cells, strict=True)}
    return RowTable.from_columns(columns, lines, file.shown)


def _said(file: InputFile, delimiter: str) -> tuple[Finding, ...]:
    if delimiter == ",":
        return ()
    message = f"{file.shown} separates its columns by {DELIMITERS[delimiter]}s"
    return (Finding("delimiter", "info", message),)


def _swallowed(table: RowTable, candidates: Sequence[tuple[int, str]]) -> list[int]:
    """Return the lines of records that seem to lack a quote: some row's last cell stands in their middle."""
    if not candidates:
        return []
    last = set(table.cells(table.columns[-1]))
    return [line for line, cell in candidates if cell in last]


def _doubts(file: InputFile, swallowing: Sequence[int]) -> tuple[Finding, ...]:
    if not swallowing:
        return ()
    message = (
        f"{rows_of(len(swallowing))} of {file.shown}, from {lines_of(swallowing)}, run over several lines "
        "that each look like a row: a quote that never closes?"
    )
    return (Finding("long-quotes", "warn", message, len(swallowing)),)
