"""What a plugin's code prints: counted, kept within bounds, and never on a terminal."""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

KEPT = 1 << 16
"""Characters that are passed on to the log of what one call prints."""

STANDARD_OUTPUT = "the standard output"
_SHOWN = 120
_STREAMS = ("stdout", "stderr", "stdin")


class Printed(io.TextIOBase):
    """Takes what is printed in place of a stream; closing it closes nothing."""

    def __init__(self, beneath: Any) -> None:
        self.count = 0
        self.shut: set[str] = set()
        self.first = ""
        self._beneath = beneath

    def writable(self) -> bool:
        """Yes, always."""
        return True

    def write(self, text: str) -> int:
        """Count a text; pass on what is within bounds."""
        if len(self.first) < _SHOWN:
            self.first = (self.first + text)[:_SHOWN]
        left = KEPT - self.count
        self.count += len(text)
        if self._beneath is not None and left > 0:
            self._beneath.write(text[:left])
        return len(text)

    def close(self) -> None:
        """Note it, and do nothing: the stream is not the plugin's to close."""
        self.shut.add(STANDARD_OUTPUT)

    def fileno(self) -> int:
        """Return the number of what is beneath, for programs that the plugin starts.

        Raises:
            io.UnsupportedOperation: there is none.
        """
        if self._beneath is None:
            raise io.UnsupportedOperation("fileno")
        number: int = self._beneath.fileno()
        return number

    def said(self) -> Iterator[str]:
        """Say how much was printed and how it began, and what was closed."""
        if self.count:
            began = ascii((self.first.splitlines() or [""])[0][:60])
            yield f"printed {self.count:,} characters, beginning {began}"
        yield from (f"closed {what}" for what in sorted(self.shut))


@contextmanager
def caught(*, into_log: bool) -> Iterator[Printed]:
    """Take what is printed to either stream, and put the streams back behind it.

    Args:
        into_log: whether our own streams are a log, to which it is passed on within bounds; else it is only
            counted.
    """
    before = {name: getattr(sys, name) for name in _STREAMS}
    copies = _copies() if into_log else {}
    printed = Printed(before["stderr"] if into_log else None)
    sys.stdout = sys.stderr = printed
    try:
        yield printed
    finally:
        for name, stream in before.items():
            setattr(sys, name, stream)
        printed.shut.update(closed_streams())
        for number, copy in copies.items():
            _reopen(number, copy)


def closed_streams() -> list[str]:
    """Name the standard streams that are closed."""
    closed = [
        name for number, name in ((1, STANDARD_OUTPUT), (2, "the error output")) if not _is_open(number)
    ]
    if sys.stdout is not None and sys.stdout.closed and STANDARD_OUTPUT not in closed:
        closed.append(STANDARD_OUTPUT)
    return closed


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _copies() -> dict[int, tuple[int, int]]:
    """Copy the descriptors of output, and remember how long the files behind them are."""
    return {number: (os.dup(number), _length(number)) for number in (1, 2)}


def _reopen(number: int, copy: tuple[int, int]) -> None:
    """Bring a descriptor back that was closed, and cut what was written past it from a log."""
    descriptor, length = copy
    os.dup2(descriptor, number)
    os.close(descriptor)
    if length >= 0 and _length(number) > length + KEPT + KEPT:
        os.ftruncate(number, length + KEPT)


def _length(number: int) -> int:
    status = os.fstat(number)
    return status.st_size if stat.S_ISREG(status.st_mode) else -1
