"""What a plugin's code prints: counted, kept within bounds, and never on a terminal."""

from __future__ import annotations

import contextlib
import io
import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

KEPT = 1 << 16
"""Bytes that are passed on to the log of what one call prints."""

STANDARD_OUTPUT = "the standard output"
_SHOWN = 120
_STREAMS = ("stdout", "stderr", "stdin")
_NUMBERS = {"stdout": 1, "stderr": 2}


@dataclass
class Tally:
    """What one call printed and closed.

    Attributes:
        count: bytes.
        first: the first of them.
        shut: names of what was closed.
    """

    count: int = 0
    first: bytes = b""
    shut: set[str] = field(default_factory=set)

    def said(self) -> Iterator[tuple[str, str]]:
        """Give each deed, and what to say of it: how much was printed and how it began, what was closed."""
        if self.count:
            first = self.first.decode("utf-8", "replace").splitlines() or [""]
            yield "printed", f"printed {self.count:,} bytes, beginning {first[0][:60]!a}"
        yield from ((f"closed {what}", f"closed {what}") for what in sorted(self.shut))


class _Counted(io.BufferedIOBase):
    """The bytes beneath `Printed`: counted during the call, passed on to whoever prints there after it."""

    mode = "wb"

    def __init__(self, name: str, real: Any, tally: Tally, log: Any) -> None:
        self.name = f"<{name}>"
        self._stream, self._real = name, real
        self._tally: Tally | None = tally
        self._log = log

    def writable(self) -> bool:
        """Yes, always."""
        return True

    def write(self, given: Any) -> int:
        """Count some bytes; pass on what is within bounds."""
        data, tally = bytes(given), self._tally
        if tally is None:
            _pass_on(data, self._after())
            return len(data)
        if len(tally.first) < _SHOWN:
            tally.first = (tally.first + data)[:_SHOWN]
        left = KEPT - tally.count
        tally.count += len(data)
        if self._log is not None and left > 0:
            _pass_on(data[:left], self._log)
        return len(data)

    def flush(self) -> None:
        """Flush what is beneath once the call is over; during it nothing waits here."""
        after = self._after() if self._tally is None else None
        if after is not None:
            after.flush()

    def close(self) -> None:
        """Note it, and do nothing: the stream is not the plugin's to close."""
        if self._tally is not None:
            self._tally.shut.add(STANDARD_OUTPUT)

    def fileno(self) -> int:
        """Return the number of the real stream, for programs that the plugin starts, and for crashes.

        Raises:
            io.UnsupportedOperation: there is none.
        """
        with contextlib.suppress(AttributeError, OSError, ValueError):
            return int(self._real.fileno())
        if not _is_open(_NUMBERS[self._stream]):
            raise io.UnsupportedOperation("fileno")
        return _NUMBERS[self._stream]

    def release(self) -> None:
        """Count no more: the call is over, and who kept the stream prints as anybody does."""
        self._tally = self._log = None

    def _after(self) -> Any:
        now = getattr(sys, self._stream)
        return self._real if isinstance(now, Printed) and now.buffer is self else now


class Printed(io.TextIOWrapper):
    """Takes what is printed in place of a stream; closing it closes nothing."""

    def __init__(self, name: str, real: Any, tally: Tally, log: Any) -> None:
        self._beneath = _Counted(name, real, tally, log)
        super().__init__(self._beneath, "utf-8", "backslashreplace", newline="\n", write_through=True)

    def close(self) -> None:
        """Note it, and do nothing."""
        self._beneath.close()

    def detach(self) -> Any:
        """Return the bytes beneath, and stay usable."""
        return self._beneath

    def reconfigure(self, **_settings: Any) -> None:
        """Do nothing: nobody reads what is printed in an encoding of their own."""

    def release(self) -> None:
        """Count no more."""
        self._beneath.release()


class Catch:
    """Takes what is printed to either stream, and puts the streams back behind it.

    Args:
        into_log: whether our own streams are a log, to which it is passed on within bounds; else it is only
            counted.
    """

    def __init__(self, *, into_log: bool) -> None:
        self.tally = Tally()
        self._before = {name: getattr(sys, name) for name in _STREAMS}
        self._copies = dict(_copies()) if into_log else {}
        log = _real(self._before["stderr"]) if into_log else None
        self._printed = [Printed(name, _real(self._before[name]), self.tally, log) for name in _NUMBERS]
        sys.stdout, sys.stderr = self._printed

    def end(self) -> Tally:
        """Put the streams back, and return what was caught."""
        for name, stream in self._before.items():
            setattr(sys, name, stream)
        self.tally.shut.update(closed_streams())
        for printed in self._printed:
            printed.release()
        for number, copy in self._copies.items():
            _reopen(number, copy)
        return self.tally


def closed_streams() -> list[str]:
    """Name the standard streams that are closed."""
    closed = [
        name for number, name in ((1, STANDARD_OUTPUT), (2, "the error output")) if not _is_open(number)
    ]
    if sys.stdout is not None and sys.stdout.closed and STANDARD_OUTPUT not in closed:
        closed.append(STANDARD_OUTPUT)
    return closed


def _real(stream: Any) -> Any:
    """Return what is beneath a plugin that called another: what the inner one prints is not the outer's."""
    return stream._beneath._real if isinstance(stream, Printed) else stream  # noqa: SLF001 - our own classes


def _pass_on(data: bytes, stream: Any) -> None:
    if stream is not None:
        stream.write(data.decode("utf-8", "backslashreplace"))


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _copies() -> Iterator[tuple[int, tuple[int, int]]]:
    """Copy the descriptors of output, and remember how long the files behind them are.

    Where no more can be had, because a plugin used them up, its next call does without.
    """
    for number in (1, 2):
        with contextlib.suppress(OSError):
            length = _length(number)
            yield number, (os.dup(number), length)


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
