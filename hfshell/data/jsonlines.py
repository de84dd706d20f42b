"""JSON Lines: one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from hfshell.api.results import Finding
from hfshell.data.badrows import BadRows
from hfshell.data.files import InputFile
from hfshell.data.jsonvalues import TOO_MANY_DIGITS, RowFault, check_row, decoder, rows_to_table
from hfshell.data.lines import Lines
from hfshell.data.reading import FileRead, Reading
from hfshell.data.stream import open_text
from hfshell.data.table import RowTable, concatenate
from hfshell.data.wording import lines_of, quoted, rows_of
from hfshell.errors import DataError

_BATCH = 1 << 14
_FIRST_SHOWN = 30


def read_json_lines(file: InputFile, reading: Reading) -> FileRead:
    """Read a JSON Lines file.

    Raises:
        DataError: it cannot be read exactly.
    """
    bad = BadRows(file.shown)
    escaped: list[int] = []
    with open_text(file, reading.options.encoding) as text:
        lines = text.lines()
        first = lines.peek()
        tables = list(_batches(file, reading, lines, bad, escaped))
        digest = text.digest()
    if first is None:
        raise DataError("no rows: the file is empty", place=file.place())
    good = sum(len(table) for table in tables)
    if not good and not first.lstrip().startswith("{"):
        raise _another_format(file, first)
    findings = bad.settle(good, skip=reading.options.skip_bad_rows)
    return FileRead(concatenate(tables), digest, (*findings, *surrogates_said(file, escaped)))


def surrogates_said(file: InputFile, lines: Sequence[int]) -> tuple[Finding, ...]:
    """Say which rows held half of a surrogate pair."""
    if not lines:
        return ()
    where = f"{rows_of(len(lines))} of {file.shown}, {lines_of(lines)}"
    message = f"half of a surrogate pair, which is no character, is kept as its escape, \\ud83d, in {where}"
    return (Finding("surrogates", "warn", message, len(lines)),)


def _batches(
    file: InputFile, reading: Reading, lines: Lines, bad: BadRows, escaped: list[int]
) -> Iterator[RowTable]:
    numbers: list[int] = []
    rows: list[dict[str, Any]] = []
    for number, row in _rows(lines, bad, escaped):
        numbers.append(number)
        rows.append(row)
        if len(rows) == _BATCH:
            yield rows_to_table(rows, numbers, file.shown)
            reading.advance(len(rows))
            numbers, rows = [], []
    if rows:
        yield rows_to_table(rows, numbers, file.shown)
        reading.advance(len(rows))


def _rows(lines: Lines, bad: BadRows, escaped: list[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    decode = decoder().decode
    lines.begin_record()
    for line in lines:
        fault = lines.fault
        lines.begin_record()
        if fault is not None:
            bad.add(fault.line, fault.reason, fault.text, column=fault.column, hint=fault.hint)
            continue
        if not line.strip():
            continue
        try:
            row, changed = _row(line, decode)
        except RowFault as why:
            bad.add(lines.number, str(why), line, column=why.column)
            continue
        if changed:
            escaped.append(lines.number)
        yield lines.number, row


def _row(line: str, decode: Any) -> tuple[dict[str, Any], bool]:
    try:
        return check_row(decode(line), line)
    except RecursionError:
        raise RowFault("this row is nested too deeply") from None
    except json.JSONDecodeError as error:
        if not line.endswith(("\n", "\r")) and line.lstrip().startswith("{"):
            raise RowFault("the last line is cut short: an interrupted download?", error.colno) from None
        raise RowFault(f"this line is not JSON: {error.msg}", error.colno) from None
    except RowFault:
        raise
    except ValueError:
        raise RowFault(TOO_MANY_DIGITS) from None


def _another_format(file: InputFile, first: str) -> DataError:
    start = first.strip()
    if start.startswith("["):
        hint = "a JSON array? name the file .json"
    else:
        hint = "name the file after what it holds: .csv, .tsv, .json or .txt"
    shown = quoted(start[:_FIRST_SHOWN] + ("…" if len(start) > _FIRST_SHOWN else ""))
    return DataError(
        f"this does not look like JSON Lines: no line holds an object, the first is {shown}",
        place=file.place(1),
        hint=hint,
    )
