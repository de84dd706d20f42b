"""Text files as numbered lines: hashed, unpacked, decoded strictly, and cut short by nobody in silence."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from hfshell.errors import DataError, HfshellError, Place, UsageError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LONGEST_LINE = 1 << 28
"""Characters. A line beyond it is no text, and would take the memory before anybody sees it."""
_EXPANSION = 200
_ALWAYS_ALLOWED = 1 << 30
_ENCODING_HINT = "another encoding? `--encoding latin-1` (or cp1252, utf-16, …) reads it"
_NUL_HINT = "UTF-16 without a byte order mark? `--encoding utf-16` reads it"
_GZIP = b"\x1f\x8b"
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_FOREIGN = {
    b"PK\x03\x04": (
        "a zip archive, perhaps a spreadsheet",
        "save the sheet as CSV in UTF-8, or unpack the archive",
    ),
    b"PAR1": ("a Parquet file", "name it .parquet"),
    b"ARROW1": ("an Arrow file", "name it .arrow"),
    _GZIP: ("compressed with gzip", "add .gz to its name"),
}


@dataclass(frozen=True)
class InputFile:
    """A file to read.

    Attributes:
        path: where it is.
        shown: the path as the user wrote it, for messages.
    """

    path: Path
    shown: str

    def place(self, line: int | None = None, column: int | None = None, text: str | None = None) -> Place:
        """Return a place in this file."""
        return Place(self.shown, line, column, 1, text)


class _HashedFile(io.RawIOBase):
    """A file whose bytes go through SHA-256 on their way, so that what was hashed is what was read."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        self.hash = hashlib.sha256()
        self.size = path.stat().st_size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        count = self._file.readinto(buffer) or 0
        self.hash.update(memoryview(buffer)[:count])
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


@dataclass(frozen=True)
class Fault:
    """Why a line is no text: its number, the 1-based column, and what may have happened."""

    reason: str
    line: int
    column: int
    text: str
    hint: str | None = None


class Lines:
    """The physical lines of a text file, one at a time, as an iterator that knows where it is.

    Lines end with a line feed (or, in a file that has none, a carriage return), which they keep; no other
    character ends one.

    Attributes:
        number: of the line given last, from 1.
        record: lines given since `begin_record`.
        fault: of the first line of the record that is no text, or None.
    """

    def __init__(self, file: InputFile, text: io.TextIOBase, encoding: str, most_characters: int) -> None:
        self.number = 0
        self.record: list[str] = []
        self.fault: Fault | None = None
        self._file = file
        self._encoding = encoding
        self._lines = _physical_lines(text, file, encoding, most_characters)
        self._again: list[str] = []
        self._undecodable = False

    def __iter__(self) -> Lines:
        """Return itself: it is read once."""
        return self

    def __next__(self) -> str:
        """Return the next line, its end included."""
        line = self._again.pop() if self._again else next(self._lines)
        self.number += 1
        self.record.append(line)
        if self.fault is None and ("\0" in line or not line.isascii()):
            self._inspect(line)
        return line

    def peek(self) -> str | None:
        """Return the next line that is not blank, without reading it; None at the end."""
        self.begin_record()
        line = next((line for line in self if line.strip("\r\n")), None)
        self.give_back(keep=0)
        self.begin_record()
        return line

    def begin_record(self) -> None:
        """Forget the record before."""
        self.record = []
        self.fault = None

    def give_back(self, *, keep: int = 1) -> None:
        """Read all lines of the record but the first `keep` again."""
        again = self.record[keep:]
        self._again += reversed(again)
        self.number -= len(again)

    def _inspect(self, line: str) -> None:
        shown = line.rstrip("\r\n").encode("utf-8", "replace").decode()
        nul = line.find("\0")
        if nul >= 0:
            self.fault = Fault("this line holds a NUL byte", self.number, nul + 1, shown, _NUL_HINT)
            return
        try:
            line.encode()
        except UnicodeEncodeError as error:
            reason = _undecodable(self._file, self._encoding, line[error.start], first=not self._undecodable)
            self._undecodable = True
            self.fault = Fault(reason, self.number, error.start + 1, shown, _ENCODING_HINT)


@dataclass(frozen=True)
class TextFile:
    """An open text file: its lines, and the hash of its bytes once they are all read."""

    file: InputFile
    encoding: str
    stream: io.TextIOBase
    most_characters: int
    raw: _HashedFile

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
            raise _too_large(self.file)
        try:
            text.encode()
        except UnicodeEncodeError as error:
            reason = _undecodable(self.file, self.encoding, text[error.start], first=True)
            line = text.count("\n", 0, error.start) + 1
            column = error.start - text.rfind("\n", 0, error.start)
            raise DataError(reason, place=self.file.place(line, column), hint=_ENCODING_HINT) from None
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
    with _plain_errors(file, encoding), _HashedFile(file.path) as raw:
        stream = _unpacked(file, raw)
        head = stream.peek(8)[:8]
        _refuse_foreign(file, head)
        used = _encoding(encoding, head)
        # Bytes that are no text come through as lone surrogates, so that a bad line is one bad row.
        with io.TextIOWrapper(cast("BinaryIO", stream), used, errors="surrogateescape", newline="\n") as text:
            most = max(_ALWAYS_ALLOWED, _EXPANSION * raw.size)
            yield TextFile(file, used, text, most, raw)


@contextmanager
def _plain_errors(file: InputFile, encoding: str | None) -> Iterator[None]:
    try:
        yield
    except HfshellError:
        raise
    except EOFError:
        hint = "an interrupted download? fetch it again"
        raise DataError("the compressed file is cut short", place=file.place(), hint=hint) from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"the compressed file is damaged: {error}", place=file.place()) from None
    except UnicodeError as error:
        name = _name(encoding or "utf-16")
        raise DataError(
            f"this file is not {name}: {getattr(error, 'reason', error)}", place=file.place()
        ) from None
    except OSError as error:
        raise DataError(f"cannot read this file: {error.strerror or error}", place=file.place()) from None


def check_regular(file: InputFile) -> None:
    """Refuse what is not a plain file: reading a pipe or a device might never end.

    Raises:
        DataError: it is none, or cannot be looked at.
    """
    try:
        mode = file.path.stat().st_mode
    except OSError as error:
        raise DataError(f"cannot read this file: {error.strerror}", place=file.place()) from None
    if not stat.S_ISREG(mode):
        hint = "write its content to a file first"
        raise DataError("not a plain file but a pipe, socket or device", place=file.place(), hint=hint)


def file_digest(file: InputFile) -> str:
    """Return the SHA-256 of a file's bytes.

    Raises:
        DataError: it cannot be read.
    """
    with _plain_errors(file, None), file.path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _undecodable(file: InputFile, encoding: str, escaped: str, *, first: bool) -> str:
    """Put an undecodable byte into words; the first one with its offset, for which the file is read again."""
    byte = f"byte 0x{ord(escaped) & 0xFF:02x}"
    if first:
        with _HashedFile(file.path) as raw, _unpacked(file, raw) as stream:
            try:
                stream.read().decode(encoding)
            except UnicodeDecodeError as error:
                byte += f" at offset {error.start:,}"
    return f"{byte} is not {_name(encoding)}"


def _unpacked(file: InputFile, raw: _HashedFile) -> io.BufferedReader:
    if file.path.suffix.lower() != ".gz":
        return io.BufferedReader(raw, 1 << 16)
    packed = gzip.GzipFile(fileobj=io.BufferedReader(raw, 1 << 16))
    return io.BufferedReader(cast("io.RawIOBase", packed), 1 << 16)


def _refuse_foreign(file: InputFile, head: bytes) -> None:
    for magic, (kind, hint) in _FOREIGN.items():
        if head.startswith(magic):
            raise DataError(f"this is {kind}, not text", place=file.place(), hint=hint)


def _encoding(chosen: str | None, head: bytes) -> str:
    if chosen is not None:
        try:
            name = codecs.lookup(chosen).name
            "".encode(name)  # a codec between bytes and bytes, such as hex, is not one of text
        except LookupError:
            hint = "latin-1, cp1252, utf-16, shift_jis, …"
            raise UsageError(f"there is no text encoding {chosen}", hint=hint) from None
        return "utf-8-sig" if name == "utf-8" else name
    return next((name for bom, name in _BOMS.items() if head.startswith(bom)), "utf-8")


def _name(encoding: str) -> str:
    return "UTF-8" if encoding.startswith("utf-8") else encoding.upper()


def _physical_lines(
    text: io.TextIOBase, file: InputFile, encoding: str, most_characters: int
) -> Iterator[str]:
    read = 0
    line = text.readline(LONGEST_LINE)
    if encoding not in _BOMS.values():  # those codecs took the mark away themselves
        line = line.removeprefix("\ufeff")
    if "\r" in line and not line.endswith("\n"):
        yield from _split_at_carriage_returns(line)
        return
    while line:
        if len(line) >= LONGEST_LINE:
            raise _too_large(file)
        read += len(line)
        if read > most_characters:
            raise _too_large(file)
        yield line
        line = text.readline(LONGEST_LINE)


def _split_at_carriage_returns(text: str) -> Iterator[str]:
    lines = text.split("\r")
    yield from (f"{line}\r" for line in lines[:-1])
    if lines[-1]:
        yield lines[-1]


def _too_large(file: InputFile) -> DataError:
    return DataError(
        "this file unpacks to far more than text does, or has a line without end",
        place=file.place(),
        hint="if that is right, unpack it and split its lines",
    )
