"""Texts of several lines in a text file: a line that is a marker stands between one and the next."""

from __future__ import annotations

import pyarrow as pa

from hfshell.api.results import Finding
from hfshell.data.reading import FileRead
from hfshell.data.table import TEXT, RowTable
from hfshell.data.wording import counted

MARKERS = ("<|endoftext|>", "<|end_of_text|>", "</s>")
"""What is written between texts where a file holds many of them, as GPT-2's data had it."""


def as_documents(read: FileRead, column: str) -> FileRead:
    """Return lines as whole texts where a marker has a line to itself; else the lines as they are.

    Blank lines around a text are no part of it, and a text of blank lines is none.

    Args:
        read: a row a line, at least one.
        column: the column that holds the lines.
    """
    table = read.table
    lines = table.cells(column)
    marker = next((marker for marker in MARKERS if marker in lines), None)
    if marker is None:
        return read
    numbers = table.lines.to_pylist()
    texts: list[str] = []
    starts: list[int] = []
    for first, last in _between(lines, marker):
        texts.append("\n".join(lines[first:last]))
        starts.append(numbers[first])
    if not texts:
        return read
    documents = RowTable.from_columns({column: pa.array(texts, TEXT)}, starts, table.place(0).file)
    said = f"{counted(len(texts), 'text')} of several lines, with {marker} between them"
    return FileRead(documents, read.digest, (*read.findings, Finding("read-as", "info", said)))


def _between(lines: list[str], marker: str) -> list[tuple[int, int]]:
    """Return where each text begins, and behind its last line."""
    ends = [*(number for number, line in enumerate(lines) if line == marker), len(lines)]
    found: list[tuple[int, int]] = []
    start = 0
    for end in ends:
        filled = [number for number in range(start, end) if lines[number].strip()]
        if filled:
            found.append((filled[0], filled[-1] + 1))
        start = end + 1
    return found
