"""Text files, opened: unpacked, hashed, decoded strictly."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast

from hfshell.data.encodings import HINT, find_encoding, name_of, undecodable
from hfshell.data.files import HashedFile, InputFile, plain_errors, unpacked
from hfshell.data.lines import Lines, too_large
from hfshell.errors import DataError

_EXPANSION = 200
_ALWAYS_ALLOWED = 1 << 30
_FOREIGN = {
    b"PK\x03\x04": (
        "a zip archive, perhaps a spreadsheet",
        "save the sheet as CSV in UTF-8, or unpack the archive",
    ),
    b"PAR1": ("a Parquet file", "name it .parquet"),
    b"ARROW1": ("an Arrow file", "name it .arrow"),
    b"\x1f\x8b": ("compressed with gzip", "add .gz to its name"),
}


@dataclass(frozen=True)
class TextFile:
    """An open text file: its lines, and the hash of its bytes once they are all read."""

    file: InputFile
    encoding: str
    stream: io.TextIOBase
    most_characters: int
    raw: HashedFile

    def lines(self) -> Lines:
        """Return the file's lines, to be read once."""
        return Lines(self.file, self.stream, self.encoding, self.most_characters)

    def read(self) -> str:
        """Return the whole text.

        Raises:
            DataError: it is no text.
        """
        text = self.stream.read(self.most_characters)
        if len(text) == self.most_characters:
            raise too_large(self.file)
        try:
            text.encode()
        except UnicodeEncodeError as error:
            reason = undecodable(self.file, self.encoding, text[error.start], first=True)
            line = text.count("\n", 0, error.start) + 1
            column = error.start - text.rfind("\n", 0, error.start)
            raise DataError(reason, place=self.file.place(line, column), hint=HINT) from None
        return text.removeprefix("\ufeff")

    def digest(self) -> str:
        """Return the SHA-256 of the file's bytes, after everything was read."""
        while self.raw.read(1 << 20):
            pass
        return self.raw.hash.hexdigest()


@contextmanager
def open_text(file: InputFile, encoding: str | None) -> Iterator[TextFile]:
    """Open a text file, unpacked when its name ends with `.gz`.

    UTF-8, or UTF-16 by its byte order mark, unless an encoding is given.

    Raises:
        DataError: here or while it is read: it is damaged, cut short, of another format or encoding.
        UsageError: there is no such encoding.
    """
    with plain_errors(file), HashedFile(file.path) as raw:
        stream = unpacked(file, raw)
        head = stream.peek(8)[:8]
        _refuse_foreign(file, head)
        used = find_encoding(encoding, head)
        # Bytes that are no text come through as lone surrogates, so that a bad line is one bad row.
        with io.TextIOWrapper(cast("BinaryIO", stream), used, errors="surrogateescape", newline="\n") as text:
            most = max(_ALWAYS_ALLOWED, _EXPANSION * raw.size)
            try:
                yield TextFile(file, used, text, most, raw)
            except UnicodeError as error:
                message = f"this file is not {name_of(used)}: {getattr(error, 'reason', error)}"
                raise DataError(message, place=file.place(), hint=HINT) from None


def _refuse_foreign(file: InputFile, head: bytes) -> None:
    for magic, (kind, hint) in _FOREIGN.items():
        if head.startswith(magic):
            raise DataError(f"this is {kind}, not text", place=file.place(), hint=hint)
