"""The bell that rings after long work, for whoever looked away."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from hfshell.api.events import SessionEvent


class Bell:
    """Counts how long the lines that were typed together took, and rings when that was long.

    Args:
        stream: the terminal; nothing else is ever written to.
        file: the name of the text whose lines count.
    """

    def __init__(self, stream: TextIO, file: str) -> None:
        self._stream = stream
        self._file = file
        self._seconds = 0.0

    def hear(self, event: SessionEvent) -> None:
        """Take in what happened."""
        from hfshell.api.events import CommandFinished

        if isinstance(event, CommandFinished) and event.started.file == self._file:
            self._seconds += event.seconds

    def ring_after(self, limit: float | None) -> bool:
        """Ring if the work since the last call took so many seconds; return whether it rang."""
        worked, self._seconds = self._seconds, 0.0
        if limit is None or worked < limit or not self._stream.isatty():
            return False
        self._stream.write("\a")
        self._stream.flush()
        return True
