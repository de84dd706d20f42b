"""What Ctrl-C does, for a while; whoever ends us politely (SIGTERM) presses it."""

from __future__ import annotations

import math
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import NoReturn


@contextmanager
def on_interrupt(action: Callable[[], None]) -> Iterator[None]:
    """Do something at Ctrl-C instead of raising KeyboardInterrupt; programs started meanwhile hear it too."""
    before = signal.signal(signal.SIGINT, lambda *_: action())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


_ECHO_SECONDS = 0.5
"""A signal so soon behind another is the same one; nobody asks twice as quickly."""


@dataclass
class Ending:
    """Whether somebody asked this process to end.

    Attributes:
        asked: whether SIGTERM came.
    """

    asked: bool = False
    _last: float = field(default=-math.inf, repr=False)

    def is_echo(self) -> bool:
        """Take note of a signal, and say whether it is the one before once more.

        `timeout` signals who it started, and then that one's whole group.
        """
        before, self._last = self._last, time.monotonic()
        return self._last - before < _ECHO_SECONDS

    def code(self, code: int) -> int:
        """Return the exit code of a process that SIGTERM interrupted, as shells count it; others stay."""
        return 128 + signal.SIGTERM if self.asked and code == 128 + signal.SIGINT else code


@contextmanager
def ended_as_interrupted() -> Iterator[Ending]:
    """Let SIGTERM (`timeout`, `kill`, a job's cancellation) be a Ctrl-C: what runs keeps what can be kept."""
    ending = Ending()

    def end(_: int, frame: FrameType | None) -> None:
        ending.asked = True
        if ending.is_echo():
            return
        pressed = signal.getsignal(signal.SIGINT)
        if not callable(pressed):  # who started us in the background had SIGINT ignored
            raise KeyboardInterrupt
        pressed(signal.SIGINT, frame)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield ending
    finally:
        signal.signal(signal.SIGTERM, before)


def ignore() -> None:
    """Let Ctrl-C pass: it came a moment too late, for something that has ended."""


def interrupt() -> NoReturn:
    """Break off what runs in this process.

    Raises:
        KeyboardInterrupt: always.
    """
    raise KeyboardInterrupt
