"""The live display of a running command: one block that is redrawn, or in plain mode a line now and then."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.live import Live
from rich.text import Text

from hfshell.render.console import is_tty
from hfshell.render.layout import Block, prose
from hfshell.render.look import Look
from hfshell.render.progress_block import RunningCommand, block, plain_line
from hfshell.render.safe_text import safe_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType
    from typing import Self

    from hfshell.api.events import Note, Progress, Written
    from hfshell.render.console import SafeConsole

APPEARS_AFTER = 0.5  # seconds; what takes less is shown by its result alone
REDRAWS_PER_SECOND = 8
_TENTHS = 10
_SECONDS_BETWEEN_LINES = 10  # where no share of the whole is known


class LiveProgress:
    """Shows how far a command is. Taking in an event costs the same however many there were.

    On a terminal a block of one or two lines is redrawn in place by a thread, so that its clock goes on
    between events, and it leaves no trace. In plain mode, and where the console is no terminal, a line is
    written every ten per cent and after each epoch.

    Args:
        console: where to, usually stderr.
        plain: lines instead of a block; the console's own manner without it.
        title: what to call the command while its events say no more: `finetune router`. With a title the
            display also appears when no event comes.
        clock: seconds, for tests.
    """

    def __init__(
        self,
        console: SafeConsole,
        plain: bool | None = None,
        *,
        title: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._console = console
        self._plain = (console.plain if plain is None else plain) or not is_tty(console.file)
        self._clock = clock
        self._began = clock()
        self._running = RunningCommand(safe_text(title), self._began)
        self._lines = _Lines(self._began)
        self._live: Live | None = None
        self._closed = False
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        if title:
            self._appear_soon()

    def update(self, event: Progress) -> None:
        """Take in how far the command is."""
        now = self._clock()
        measured = self._running.add(event, now)
        if now - self._began < APPEARS_AFTER:
            self._appear_soon()
        elif not self._plain:
            self._appear()
        elif self._lines.due(self._running, now, measured=measured):
            look = Look(self._console.width, plain=True)
            self._console.print(plain_line(self._running, look, now, measured=measured), soft_wrap=True)

    def written(self, event: Written) -> None:
        """Take in a piece of a text that is being written; shown in the block, never in plain mode."""
        self._running.write(event.text)
        if not self._plain:
            self._appear()

    def note(self, event: Note) -> None:
        """Print a line worth reading, above the block."""
        self._console.print(note_line(event))

    @contextmanager
    def put_aside(self) -> Iterator[None]:
        """Take the block away for a while, as if it had never been there."""
        with self._lock:
            live, self._live = self._live, None
        if live is not None:
            live.stop()
        try:
            yield
        finally:
            if live is not None:
                self._appear()

    def close(self) -> None:
        """Take the block away. Safe to call more than once, and at any time."""
        with self._lock:
            self._closed = True
            live, self._live = self._live, None
        if self._timer is not None:
            self._timer.cancel()
        if live is not None:
            live.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _appear_soon(self) -> None:
        if self._plain or self._timer is not None:
            return
        self._timer = threading.Timer(APPEARS_AFTER, self._appear)
        self._timer.daemon = True
        self._timer.start()

    def _appear(self) -> None:
        with self._lock:
            if self._closed or self._live is not None:
                return
            self._live = Live(
                get_renderable=self._block,
                console=self._console,
                transient=True,
                refresh_per_second=REDRAWS_PER_SECOND,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._live.start(refresh=True)

    def _block(self) -> Text:
        return block(self._running, Look(self._console.width), self._clock())


def note_line(event: Note) -> Block:
    """Return a note as it is printed."""
    if event.severity == "warn":
        return Block(Text.assemble(("warning", "warn"), "  ", prose(safe_text(event.text))))
    return Block(prose(safe_text(event.text), "dim"))


class _Lines:
    """Decides when plain mode writes a line."""

    def __init__(self, now: float) -> None:
        self._tenths: dict[str, int] = {}  # by activity: training and validation take turns
        self._written_at = now - APPEARS_AFTER

    def due(self, running: RunningCommand, now: float, *, measured: bool) -> bool:
        """Whether a line is due: a new tenth, new validation metrics, or ten seconds of the unknown."""
        since = now - self._written_at
        if measured or self._is_new_tenth(running, since) or self._is_long_silent(running, since):
            self._written_at = now
            return True
        return False

    def _is_new_tenth(self, running: RunningCommand, since: float) -> bool:
        if running.event is None or running.done is None:
            return False
        activity, tenth = running.event.activity, int(running.done * _TENTHS + 1e-9)
        before = self._tenths.get(activity, 0)
        if tenth == before or (tenth > before and since < APPEARS_AFTER):
            return False
        self._tenths[activity] = tenth
        return tenth > before  # less than before: another pass has begun

    @staticmethod
    def _is_long_silent(running: RunningCommand, since: float) -> bool:
        return running.done is None and since >= _SECONDS_BETWEEN_LINES
