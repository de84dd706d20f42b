"""Files as they lie on the disk: hashed while they are read, unpacked, and their faults put into words."""

from __future__ import annotations

import gzip
import hashlib
import io
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from hfshell.errors import DataError, HfshellError, Place

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_CHUNK = 1 << 16


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


class HashedFile(io.RawIOBase):
    """A file whose bytes go through SHA-256 on their way, so that what was hashed is what was read."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        self.hash = hashlib.sha256()
        self.size = path.stat().st_size

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read bytes into a buffer, and hash them."""
        count = self._file.readinto(buffer) or 0
        self.hash.update(memoryview(buffer)[:count])
        return count

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


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
    with plain_errors(file), file.path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def unpacked(file: InputFile, raw: HashedFile) -> io.BufferedReader:
    """Return a file's content as a stream, decompressed when its name ends with `.gz`."""
    if file.path.suffix.lower() != ".gz":
        return io.BufferedReader(raw, _CHUNK)
    packed = gzip.GzipFile(fileobj=io.BufferedReader(raw, _CHUNK))
    return io.BufferedReader(cast("io.RawIOBase", packed), _CHUNK)


@contextmanager
def plain_errors(file: InputFile) -> Iterator[None]:
    """Turn the errors of opening, reading and unpacking a file into data errors."""
    try:
        yield
    except HfshellError:
        raise
    except EOFError:
        hint = "an interrupted download? fetch it again"
        raise DataError("the compressed file is cut short", place=file.place(), hint=hint) from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"the compressed file is damaged: {error}", place=file.place()) from None
    except OSError as error:
        raise DataError(f"cannot read this file: {error.strerror or error}", place=file.place()) from None
