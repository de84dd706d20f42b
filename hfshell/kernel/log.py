"""The kernel's log: what it and its plugins print, tracebacks, and the stack when it crashes."""

from __future__ import annotations

import os
from pathlib import Path

NAME = "kernel.log"
LARGEST = 2**20
KEPT = 64 * 2**10
"""A log over LARGEST bytes is cut to its last KEPT bytes when a kernel starts."""


def open_log(folder: Path) -> int:
    """Open the log for appending, for this user alone, and return the file descriptor."""
    path = folder / NAME
    if path.exists() and path.stat().st_size > LARGEST:
        path.write_bytes(_tail(path, KEPT))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def last_lines(path: Path, offset: int = 0, count: int = 5) -> tuple[str, ...]:
    """Return the last lines with something in them, of what was written after `offset`."""
    try:
        start = max(offset, path.stat().st_size - KEPT)
        with path.open("rb") as log:
            log.seek(start)
            text = log.read().decode("utf-8", "backslashreplace")
    except OSError:
        return ()
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    return tuple(lines[-count:])


def _tail(path: Path, size: int) -> bytes:
    with path.open("rb") as log:
        log.seek(-size, os.SEEK_END)
        return log.read().partition(b"\n")[2]
