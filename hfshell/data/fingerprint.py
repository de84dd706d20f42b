"""Fingerprints: of a data set, so that a run knows its data again, and of a text, so that leaks are seen."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from hfshell.api.data_files import DataFile

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

    from hfshell.api.context import Row
    from hfshell.api.roles import Role

READER_VERSION = 2
"""Part of every data set's fingerprint. Raised when the readers give other rows for the same bytes."""

_READ = frozenset({"text", "tokens", "choices", "messages", "file"})


def row_key(*texts: str) -> str:
    """Return a key that is equal for rows whose texts are equal but for case and white space.

    Returns:
        32 hexadecimal digits of BLAKE2b; `EMPTY_KEY` when all texts are blank.
    """
    normalised = "\x1f".join(" ".join(text.split()).casefold() for text in texts).strip("\x1f")
    return hashlib.blake2b(normalised.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


EMPTY_KEY = row_key("")


def row_keys(rows: Iterable[Row], roles: Sequence[Role]) -> frozenset[str]:
    """Return the `row_key` of what a task reads of each row: of those of its roles that were found.

    Blank rows have none: nobody learns anything from them.
    """
    names = [role.name for role in reads(roles)]
    keys = {row_key(*(read_text(row[name]) for name in names if name in row)) for row in rows}
    return frozenset(keys - {EMPTY_KEY})


def reads(roles: Sequence[Role]) -> list[Role]:
    """Return the roles of what a task reads: texts, tokens, choices, messages, files, and not what it learns.

    One that only learns to write reads what it writes.
    """
    found = [role for role in roles if role.kind in _READ and not role.target]
    return found or [role for role in roles if role.kind in _READ]


def read_text(value: Any) -> str:
    """Return what is read of a value, as one text: tokens and messages one by one, a digest of a file."""
    if isinstance(value, DataFile):
        return value.digest
    if isinstance(value, dict):
        return str(value.get("content") or "")
    if isinstance(value, (list, tuple)):
        return "\n".join(map(read_text, value))
    return str(value or "")


def combined(parts: Iterable[Any]) -> str:
    """Return the SHA-256 of values of JSON types, in their order."""
    text = json.dumps(list(parts), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def content_digest(table: Any) -> str:
    """Return the SHA-256 of an Arrow table's content, for data that is no file of the user's."""
    sink = _HashSink()
    whole = table.combine_chunks().replace_schema_metadata(None)
    with pa.PythonFile(sink, "w") as file, pa.ipc.new_stream(file, whole.schema) as writer:
        writer.write_table(whole)
    return sink.hash.hexdigest()


class _HashSink(io.RawIOBase):
    """A file that keeps nothing but the hash of what is written to it."""

    def __init__(self) -> None:
        self.hash = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer) -> int:
        view = memoryview(data)
        self.hash.update(view)
        return view.nbytes
