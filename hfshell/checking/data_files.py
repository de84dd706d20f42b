"""Data files looked at cheaply: a header, and a count of rows. The reader itself is `hfshell.data`.

What is said here is certain, or not said: a file that cannot be told exactly by its first bytes has None.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Any

from hfshell.checking.disk import path_of

_HEAD = 1 << 16
"""Bytes in which a header is looked for."""
_WHOLE = 1 << 23
"""Bytes of a file of JSON that are read to know its columns: any row may have one of its own."""
_COUNTED = 1 << 26
"""Bytes of a file whose rows are counted; of a longer one they are estimated by its beginning."""

_TEXT_ENDINGS = (
    ".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".txt", ".conll", ".bio", ".iob",
)  # fmt: skip
ENDINGS = (*_TEXT_ENDINGS, *(f"{end}.gz" for end in _TEXT_ENDINGS), ".parquet", ".arrow", ".feather")
"""Endings of the files that `data` reads; plugins may read others."""

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_MARKERS = ("<|endoftext|>", "<|end_of_text|>", "</s>")
_BLANKS = re.compile(r"[ \t]+")
_UNREADABLE = (OSError, EOFError, ValueError, csv.Error, RecursionError, LookupError)


@dataclass(frozen=True)
class FileFacts:
    """What is known of a data file.

    Attributes:
        path: as the user wrote it.
        bytes: its size on the disk.
        columns: those that are known; None when none is.
        complete: whether it has no others.
        rows: how many rows it has; None when that is not known.
        estimated: whether that is a guess by its first part.
    """

    path: str
    bytes: int
    columns: tuple[str, ...] | None = None
    complete: bool = False
    rows: int | None = None
    estimated: bool = False


def ending(name: str, others: Iterable[str] = ()) -> str | None:
    """Return the end of a file's name that says its format; None when none does.

    Args:
        name: the file's name or path.
        others: endings that plugins read.
    """
    last = PurePath(name).name.lower()
    found = [end for end in (*ENDINGS, *others) if last.endswith(end.lower())]
    return max(found, key=len, default=None)


def is_text_file(name: str) -> bool:
    """Whether a file's name says that it holds text, packed or not, so that its encoding matters."""
    kind = ending(name)
    return kind is not None and kind.removesuffix(".gz") in _TEXT_ENDINGS


def is_encoding(name: str) -> bool:
    """Whether there is a text encoding of a name, as `hfshell.data.encodings` has it."""
    try:
        "".encode(codecs.lookup(name).name)
    except (LookupError, ValueError):  # ValueError: a name with a null in it
        return False
    return True


def look_at(
    shown: str,
    *,
    names: tuple[str, ...] | None = None,
    encoding: str | None = None,
    count: bool = False,
) -> FileFacts | None:
    """Look at a data file; None when it cannot be read, or is none.

    Args:
        shown: its path as the user wrote it.
        names: names for its columns, where the user gives them.
        encoding: of its text, where the user says it.
        count: count its rows, which reads all of it.
    """
    try:
        path = path_of(shown).absolute()
        if not path.is_file():
            return None
        now = path.stat()
    except _UNREADABLE:
        return None
    moment = (now.st_mtime_ns, now.st_ctime_ns)
    return _look_at(shown, path, now.st_size, moment, names=names, encoding=encoding, count=count)


@lru_cache(maxsize=64)
def _look_at(
    shown: str,
    path: Path,
    size: int,
    _moment: tuple[int, int],
    *,
    names: tuple[str, ...] | None,
    encoding: str | None,
    count: bool,
) -> FileFacts | None:
    """Look at a file as it is at this moment; once only, for a line asks several things of its files."""
    kind = ending(path.name)
    if kind is None or not is_text_file(path.name):
        return FileFacts(shown, size)
    try:
        plain = kind.removesuffix(".gz")
        columns, complete = _columns(path, plain, names, encoding)
        rows, estimated = _rows(path, plain, size, encoding, header=names is None) if count else (None, False)
    except _UNREADABLE:
        return None
    return FileFacts(shown, size, columns, complete, rows, estimated)


def _columns(
    path: Path, kind: str, names: tuple[str, ...] | None, encoding: str | None
) -> tuple[tuple[str, ...] | None, bool]:
    try:
        if kind in (".csv", ".tsv"):
            columns = names or _header(path, kind, encoding)
            return columns, columns is not None
        if kind == ".txt":
            return ("text",), True
        if kind in (".conll", ".bio", ".iob"):
            columns = _token_columns(path, encoding)
            return columns, columns is not None
        return _keys(path, kind, encoding)
    except _UNREADABLE:
        return None, False


def _header(path: Path, kind: str, encoding: str | None) -> tuple[str, ...] | None:
    """Read the names in the first line of a table; None when that line is not all of the header."""
    with _opened(path, encoding) as text:
        head = text.read(_HEAD)
    first, end, _ = head.partition("\n")
    line = first.removesuffix("\r")
    if not line.strip() or (not end and len(head) == _HEAD) or "\r" in line:
        return None
    delimiter = "\t" if kind == ".tsv" else find_delimiter(line)
    if '"' not in line:
        return tuple(line.split(delimiter))
    if kind == ".tsv" or line.count('"') % 2:
        return None
    (cells,) = csv.reader([line], delimiter=delimiter, strict=True)
    return None if any('"' in cell for cell in cells) else tuple(cells)


def find_delimiter(first: str) -> str:
    """Return what parts the columns of a file that calls itself CSV, as `hfshell.data.header` has it."""
    outside = "".join(first.split('"')[::2])
    if "," in outside:
        return ","
    return max(("\t", ";", ","), key=outside.count) if outside.strip() else ","


def _token_columns(path: Path, encoding: str | None) -> tuple[str, ...] | None:
    with _opened(path, encoding) as text:
        lines = text.read(_HEAD).splitlines()[:-1]
    first = next((line for line in lines if line.strip() and not line.startswith(("#", "-DOCSTART-"))), None)
    if first is None:
        return None
    parted = "\t" in first.strip("\t ")
    width = len(first.rstrip(" ").split("\t") if parted else _BLANKS.split(first.strip(" \t")))
    return ("tokens", *(f"col{number}" for number in range(2, width)), "tags") if width > 1 else None


def _keys(path: Path, kind: str, encoding: str | None) -> tuple[tuple[str, ...] | None, bool]:
    """Return the keys of objects, and whether these are all columns: plain values, and no object unread."""
    with _opened(path, encoding) as text:
        head = text.read(_WHOLE)
        whole = not text.read(1)
    if kind == ".json":
        rows = json.loads(head) if whole else None
        if not isinstance(rows, list):
            return None, False
    else:
        lines = head.splitlines() if whole else head[: head.rfind("\n") + 1].splitlines()
        rows = [json.loads(line) for line in lines if line.strip()]
    if not rows or not all(isinstance(row, dict) for row in rows):
        return None, False
    keys = tuple(dict.fromkeys(key for row in rows for key in row))
    flat = not any(isinstance(value, (dict, list)) for row in rows for value in row.values())
    return keys, whole and flat


def _rows(path: Path, kind: str, size: int, encoding: str | None, *, header: bool) -> tuple[int | None, bool]:
    """Count the rows; whether that is an estimate."""
    whole = size <= _COUNTED
    try:
        with _opened(path, encoding) as text:
            counted = _COUNTERS[kind](text if whole else io.StringIO(_beginning(text)))
    except _UNREADABLE:
        return None, False
    if counted is None:
        return None, False
    table = kind in (".csv", ".tsv") and header
    if whole:
        return max(0, counted - table), False
    if path.suffix == ".gz":
        return None, False
    return round(counted * size / _WHOLE), True


def _beginning(text: io.TextIOBase) -> str:
    head = text.read(_WHOLE)
    return head[: head.rfind("\n") + 1]


def _records(text: Iterable[str], delimiter: str | None = None) -> int | None:
    csv.field_size_limit(sys.maxsize)
    lines = iter(text)
    first = next(lines, "")
    delimiter = delimiter or find_delimiter(first)
    table = csv.reader(_chained(first, lines), delimiter=delimiter, strict=True)
    return sum(1 for record in table if record)


def _chained(first: str, lines: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from lines


def _filled(text: Iterable[str]) -> int:
    return sum(1 for line in text if line.strip())


def _texts(text: Iterable[str]) -> int:
    """Count lines; where a line is a marker, the texts between markers."""
    lines = parts = 0
    marked = filled = False
    for line in text:
        lines += 1
        if line.rstrip("\r\n") in _MARKERS:
            marked, parts, filled = True, parts + filled, False
        else:
            filled = filled or bool(line.strip())
    return parts + filled if marked else lines


def _sentences(text: Iterable[str]) -> int:
    count = 0
    inside = False
    for line in text:
        filled = bool(line.strip(" \t\r\n")) and not line.startswith("-DOCSTART-")
        if filled and not line.startswith("#") and not inside:
            count += 1
            inside = True
        inside = inside and filled
    return count


def _listed(text: io.TextIOBase) -> int | None:
    content = text.read(_WHOLE)
    rows = None if text.read(1) else json.loads(content)
    return len(rows) if isinstance(rows, list) else None


_COUNTERS: dict[str, Callable[[Any], int | None]] = {
    ".csv": _records,
    ".tsv": lambda text: _records(text, "\t"),
    ".json": _listed,
    ".jsonl": _filled,
    ".ndjson": _filled,
    ".txt": _texts,
    ".conll": _sentences,
    ".bio": _sentences,
    ".iob": _sentences,
}


@contextmanager
def _opened(path: Path, encoding: str | None) -> Iterator[io.TextIOBase]:
    """Open a text file, unpacked; its encoding is what the user says, its byte order mark, or UTF-8."""
    opener: Callable[..., Any] = gzip.open if path.suffix.lower() == ".gz" else open
    with opener(path, "rb") as raw:
        head = raw.read(4)
        raw.seek(0)
        found = next((name for mark, name in _MARKS.items() if head.startswith(mark)), "utf-8")
        with io.TextIOWrapper(raw, encoding=encoding or found, errors="strict", newline="\n") as text:
            yield text
