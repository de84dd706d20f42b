"""Ctrl-Z while a command runs: the shell stops, the kernel works on, and `fg` shows how far it is."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hfshell.shell.terminal_modes import kept_modes


@contextmanager
def on_suspend(action: Callable[[], None]) -> Iterator[None]:
    """Do something at Ctrl-Z instead of stopping at once, such as tidying up the screen before `suspend`."""
    before = signal.signal(signal.SIGTSTP, lambda *_: action())
    try:
        yield
    finally:
        signal.signal(signal.SIGTSTP, before)


def suspend() -> None:
    """Stop this process as Ctrl-Z does, and return once it goes on."""
    before = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
    try:
        with kept_modes():
            os.kill(os.getpid(), signal.SIGTSTP)
    finally:
        signal.signal(signal.SIGTSTP, before)
