"""What Ctrl-C does, for a while."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn


@contextmanager
def on_interrupt(action: Callable[[], None]) -> Iterator[None]:
    """Do something at Ctrl-C instead of raising KeyboardInterrupt; programs started meanwhile hear it too."""
    before = signal.signal(signal.SIGINT, lambda *_: action())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def ignore() -> None:
    """Let Ctrl-C pass: it came a moment too late, for something that has ended."""


def interrupt() -> NoReturn:
    """Break off what runs in this process.

    Raises:
        KeyboardInterrupt: always.
    """
    raise KeyboardInterrupt
