"""A reply on a screen while it is written: Markdown on a terminal, elsewhere text as it comes."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from rich.console import Group
from rich.live import Live
from rich.text import Text

from hfshell.render.console import is_tty
from hfshell.render.safe_text import safe_text
from hfshell.render.streaming.stream import MarkdownStream

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import RenderableType

    from hfshell.render.console import SafeConsole

SECONDS_BETWEEN = 0.08
MARGIN = 2
_LEAST_WIDTH = 16
_ROWS_LEFT = 2
"""Of the screen: what is redrawn must never be taller than it, or it could not be taken back."""


class ReplyDisplay:
    """Shows one reply. Lines that are done are printed once; of those that are open the last are redrawn.

    What is printed is the reply without the white space around it.

    Args:
        console: where to.
        clock: seconds, for tests.
        between: least seconds between two redraws.
    """

    def __init__(
        self,
        console: SafeConsole,
        *,
        clock: Callable[[], float] = time.monotonic,
        between: float = SECONDS_BETWEEN,
    ) -> None:
        self._console = console
        self._clock = clock
        self._between = between
        self._whole: list[str] = []
        self._blank = ""  # white space that is written only when something follows
        self._drawn = clock() - between
        self._timer: threading.Timer | None = None
        self._lock = threading.RLock()
        self._closed = False
        drawn = not console.plain and is_tty(console.file)
        self._pen: _Drawn | _Written = _Drawn(console) if drawn else _Written(console)

    @property
    def text(self) -> str:
        """What was taken in so far, without the white space that it begins with."""
        return "".join(self._whole) + self._blank if self._whole else ""

    def add(self, piece: str) -> None:
        """Take in a piece. Most cost no more than their length; some redraw what is open."""
        with self._lock:
            text = self._blank + piece if self._whole else (self._blank + piece).lstrip()
            self._blank = text[len(text.rstrip()) :]
            text = text.rstrip()
            if not text or self._closed:
                return
            self._whole.append(text)
            self._pen.add(text)
            if self._clock() - self._drawn >= self._between:
                self._draw()
            elif self._timer is None:
                self._timer = threading.Timer(self._between, self._draw)
                self._timer.daemon = True
                self._timer.start()

    def above(self, line: RenderableType, beside: SafeConsole) -> None:
        """Print something else: above what is open where that is redrawn, else on the console beside."""
        with self._lock:
            self._pen.above(line, beside)

    def close(self) -> None:
        """Let all of it stay. Safe to call more than once."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            if self._timer is not None:
                self._timer.cancel()
            self._pen.close()

    def _draw(self) -> None:
        with self._lock:
            if self._closed:
                return
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            self._pen.draw()
            self._drawn = self._clock()


class _Drawn:
    """Draws Markdown on a terminal."""

    def __init__(self, console: SafeConsole) -> None:
        self._console = console
        self._stream = MarkdownStream(console, max(_LEAST_WIDTH, console.width - 2 * MARGIN))
        self._live: Live | None = None

    def add(self, text: str) -> None:
        self._stream.feed(text)

    def draw(self) -> None:
        done, still = self._stream.advance(), self._stream.open_lines()
        rows = max(1, self._console.height - _ROWS_LEFT)
        live = self._started()
        if done:
            live.update(Text())
            self._console.print(_with_margin(done), end="", soft_wrap=True)
        live.update(_with_margin(still[-rows:], end=""), refresh=True)

    def above(self, line: RenderableType, beside: SafeConsole) -> None:  # noqa: ARG002 - as the other one
        self._console.print(line)

    def close(self) -> None:
        done = self._stream.close()
        if self._live is not None:
            self._live.update(Text())
            self._live.stop()
        if done:
            self._console.print(_with_margin(done), end="", soft_wrap=True)

    def _started(self) -> Live:
        if self._live is None:
            self._live = Live(
                Text(),
                console=self._console,
                auto_refresh=False,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._live.start()
        return self._live


class _Written:
    """Writes text as it comes, for pipes and for screen readers."""

    def __init__(self, console: SafeConsole) -> None:
        self._console = console
        self._waiting: list[str] = []
        self._within_line = False

    def add(self, text: str) -> None:
        self._waiting.append(text)

    def draw(self) -> None:
        text = safe_text("".join(self._waiting))
        self._waiting = []
        if text:
            self._console.print(Text(text), end="", soft_wrap=True)
            self._console.file.flush()
            self._within_line = not text.endswith("\n")

    def above(self, line: RenderableType, beside: SafeConsole) -> None:
        self.draw()
        if self._within_line and is_tty(self._console.file):
            self._console.print()
            self._within_line = False
        beside.print(line)

    def close(self) -> None:
        self.draw()
        if self._within_line:
            self._console.print()
            self._within_line = False


def _with_margin(lines: Sequence[Text], end: str = "\n") -> Group:
    margin = " " * MARGIN
    drawn = [Text.assemble(margin, line) if line else Text() for line in lines]
    for line in drawn[:-1]:
        line.end = "\n"
    if drawn:
        drawn[-1].end = end
    return Group(*drawn)
