"""A run's events, one JSON object a line, appended and flushed as they happen."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from hfshell.api.events import Note, Progress
from hfshell.redact import redact_all
from hfshell.runs.disk import disk_refusals

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hfshell.api.events import Event

PROGRESS_SECONDS = 1.0
"""Progress is written at most this often, but for new metrics and the end of an activity."""

_KINDS: dict[type[Any], str] = {Progress: "progress", Note: "note"}


class EventLog:
    """Appends events to a file.

    Args:
        path: the file; made when it is missing. A line that a killed writer left unfinished stays by itself.
        clock: seconds that only grow.

    Raises:
        StorageError: the disk refused.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._last: Progress | None = None
        self._written = float("-inf")
        with disk_refusals(path):
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            size = os.fstat(self._descriptor).st_size
            self._torn = bool(size) and os.pread(self._descriptor, 1, size - 1) != b"\n"

    def append(self, event: Event) -> None:
        """Write an event, unless it is progress that says little new.

        Raises:
            StorageError: the disk refused; at worst the line is torn.
        """
        if isinstance(event, Progress):
            if not self._is_news(event):
                return
            self._last, self._written = event, self._clock()
        body = {name: value for name, value in msgspec.to_builtins(event).items() if value is not None}
        line = {"time": timestamp(), "kind": _KINDS[type(event)], **redact_all(body)}
        self._write(msgspec.json.encode(line) + b"\n")

    def close(self) -> None:
        """Bring what was written to the disk, and close the file."""
        with disk_refusals(self._path):
            try:
                os.fsync(self._descriptor)
            finally:
                os.close(self._descriptor)

    def _is_news(self, event: Progress) -> bool:
        last = self._last
        return (
            last is None
            or event.activity != last.activity
            or event.metrics != last.metrics
            or event.done == event.total
            or self._clock() - self._written >= PROGRESS_SECONDS
        )

    def _write(self, line: bytes) -> None:
        if self._torn:
            line = b"\n" + line
        self._torn = True
        with disk_refusals(self._path):
            while line:
                line = line[os.write(self._descriptor, line) :]
        self._torn = False


def read_events(path: Path) -> tuple[dict[str, Any], ...]:
    """Read events back, oldest first. A torn line, which a kill leaves, is passed over."""
    if not path.exists():
        return ()
    with disk_refusals(path, "read"):
        lines = path.read_bytes().splitlines()
    events = (_decoded(line) for line in lines)
    return tuple(event for event in events if event is not None)


def timestamp() -> str:
    """Return the time in UTC, ISO 8601 with microseconds: text that sorts by time."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _decoded(line: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) else None
