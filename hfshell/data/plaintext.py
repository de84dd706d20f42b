"""Plain text: a row a line or a marked text, or a file a row in folders named after labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from hfshell.data.badrows import BadRows
from hfshell.data.documents import as_documents
from hfshell.data.files import InputFile
from hfshell.data.fingerprint import combined
from hfshell.data.lines import Lines
from hfshell.data.reading import FileRead, Reading
from hfshell.data.stream import open_text
from hfshell.data.table import TEXT, RowTable, concatenate
from hfshell.errors import DataError

_BATCH = 1 << 14
COLUMN = "text"


def read_text(file: InputFile, reading: Reading) -> FileRead:
    """Read a text file: each line, without its end, is a row; a blank line is an empty text.

    Where a line is a marker, `<|endoftext|>`, the rows are the texts between markers instead.

    Raises:
        DataError: it cannot be read exactly.
    """
    bad = BadRows(file.shown)
    with open_text(file, reading.options.encoding) as text:
        tables = list(_batches(file, reading, text.lines(), bad))
        digest = text.digest()
    good = sum(len(table) for table in tables)
    findings = bad.settle(good, skip=reading.options.skip_bad_rows)
    if not good:
        raise DataError("no rows: the file is empty", place=file.place())
    return as_documents(FileRead(concatenate(tables), digest, findings), COLUMN)


def read_label_folders(folders: Sequence[InputFile], reading: Reading) -> FileRead:
    """Read folders named after labels, a text in each file of theirs; a final line end is not part of it.

    Raises:
        DataError: a file cannot be read exactly.
    """
    texts: list[str] = []
    labels: list[str] = []
    files: list[str] = []
    digests: list[str] = []
    for folder in folders:
        for path in texts_in(folder.path):
            file = InputFile(path, f"{folder.shown}/{path.name}")
            with open_text(file, reading.options.encoding) as opened:
                texts.append(opened.read().removesuffix("\n").removesuffix("\r"))
                digests.append(f"{folder.path.name}/{path.name} {opened.digest()}")
            labels.append(folder.path.name)
            files.append(file.shown)
            reading.advance(1)
    columns = {COLUMN: pa.array(texts, TEXT), "label": pa.array(labels, TEXT)}
    return FileRead(RowTable.from_columns(columns, [1] * len(files), files), combined(digests))


def texts_in(folder: Path) -> list[Path]:
    """Return the text files of a folder, by name."""
    return sorted(path for path in folder.glob("*.txt") if path.is_file() and not path.name.startswith("."))


def _batches(file: InputFile, reading: Reading, lines: Lines, bad: BadRows) -> Iterator[RowTable]:
    numbers: list[int] = []
    texts: list[str] = []
    lines.begin_record()
    for line in lines:
        fault = lines.fault
        lines.begin_record()
        if fault is not None:
            bad.add(fault.line, fault.reason, fault.text, column=fault.column, hint=fault.hint)
            continue
        numbers.append(lines.number)
        texts.append(line.removesuffix("\n").removesuffix("\r"))
        if len(texts) == _BATCH:
            yield _table(file, numbers, texts)
            reading.advance(len(texts))
            numbers, texts = [], []
    if texts:
        yield _table(file, numbers, texts)
        reading.advance(len(texts))


def _table(file: InputFile, numbers: list[int], texts: list[str]) -> RowTable:
    return RowTable.from_columns({COLUMN: pa.array(texts, TEXT)}, numbers, file.shown)
