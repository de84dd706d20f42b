"""The terminal's echo, off while a command runs."""

from __future__ import annotations

import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager

_LOCAL_MODES = 3  # of what `tcgetattr` returns


@contextmanager
def without_echo() -> Iterator[None]:
    """Keep what is typed ahead, and the `^C` of Ctrl-C, out of what is being drawn.

    Typed lines wait for the next prompt. For the foreground alone: the system stops others who try.
    """
    try:
        before = termios.tcgetattr(sys.stdin)
    except (termios.error, OSError, ValueError):  # no terminal
        yield
        return
    silent = [*before]
    silent[_LOCAL_MODES] &= ~termios.ECHO
    termios.tcsetattr(sys.stdin, termios.TCSANOW, silent)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSANOW, before)
