"""The terminal's title: what runs, for whoever looks at another window."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

    from hfshell.api.events import SessionEvent

IDLE = "hfshell"
_LONGEST = 60
_KEEP, _RESTORE = "\x1b[22;2t", "\x1b[23;2t"
_WITHOUT_TITLE = ("", "dumb", "unknown", "linux", "eterm-color")


class Title:
    """Writes titles to a terminal, and gives the old one back.

    Args:
        stream: the terminal; nothing else is ever written to.
        environ: TERM says whether there is a title.
    """

    def __init__(self, stream: TextIO, environ: Mapping[str, str] = os.environ) -> None:
        self._stream = stream
        self._there = stream.isatty() and environ.get("TERM", "") not in _WITHOUT_TITLE
        self._shown: str | None = None

    def idle(self) -> None:
        """Say that the prompt waits."""
        self._show(IDLE)

    def hear(self, event: SessionEvent) -> None:
        """Say which command runs: its name and the one that it binds, never what else the line says."""
        from hfshell.api.events import CommandStarted

        if self._there and isinstance(event, CommandStarted):
            from hfshell.render.safe_text import one_line

            what = f"{event.command} {event.name}" if event.name else event.command
            self._show(f"{one_line(what, _LONGEST)} · {IDLE}")

    def restore(self) -> None:
        """Give the title back that was there before."""
        if self._shown is not None:
            self._write(_RESTORE)
            self._shown = None

    def _show(self, title: str) -> None:
        if not self._there or title == self._shown:
            return
        before = _KEEP if self._shown is None else ""
        self._write(f"{before}\x1b]2;{title}\x07")
        self._shown = title

    def _write(self, sequence: str) -> None:
        self._stream.write(sequence)
        self._stream.flush()
