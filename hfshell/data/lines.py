"""The lines of a text file, numbered, and what is no text in them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from hfshell.data.encodings import HINT, TAKES_MARK_AWAY, undecodable
from hfshell.data.files import InputFile
from hfshell.errors import DataError

LONGEST_LINE = 1 << 26
"""Characters. A line beyond it is no text, and would take the memory before anybody sees it."""
_NUL_HINT = "UTF-16 without a byte order mark? `--encoding utf-16-le` reads it"


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
        shown = line.rstrip("\r\n").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        nul = line.find("\0")
        if nul >= 0:
            hint = _NUL_HINT if 3 * line.count("\0") > len(line) else None
            self.fault = Fault("this line holds a NUL byte", self.number, nul + 1, shown, hint)
            return
        try:
            line.encode()
        except UnicodeEncodeError as error:
            reason = undecodable(self._file, self._encoding, line[error.start], first=not self._undecodable)
            self._undecodable = True
            self.fault = Fault(reason, self.number, error.start + 1, shown, HINT)


def too_large(file: InputFile) -> DataError:
    """Return the error for what only looks like a text file."""
    return DataError(
        "this file unpacks to far more than text does, or has a line without end",
        place=file.place(),
        hint="if that is right, unpack it and split its lines",
    )


def _physical_lines(
    text: io.TextIOBase, file: InputFile, encoding: str, most_characters: int
) -> Iterator[str]:
    read = 0
    line = text.readline(LONGEST_LINE)
    if encoding not in TAKES_MARK_AWAY:
        line = line.removeprefix("\ufeff")
    if "\r" in line and not line.endswith("\n"):
        yield from _split_at_carriage_returns(line)
        return
    while line:
        if len(line) >= LONGEST_LINE:
            raise too_large(file)
        read += len(line)
        if read > most_characters:
            raise too_large(file)
        yield line
        line = text.readline(LONGEST_LINE)


def _split_at_carriage_returns(text: str) -> Iterator[str]:
    lines = text.split("\r")
    yield from (f"{line}\r" for line in lines[:-1])
    if lines[-1]:
        yield lines[-1]
