"""What the terminal does to keys, and what it echoes, while a line runs or another program has it."""

from __future__ import annotations

import os
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_INPUT_MODES, _LOCAL_MODES = 0, 3  # of what `tcgetattr` returns

_Modes = list[Any]


@contextmanager
def without_echo() -> Iterator[None]:
    """Keep what is typed ahead, and the `^C` of Ctrl-C, out of what is being drawn.

    What is typed waits for the next prompt as it was typed: the terminal edits no line of it, and Enter stays
    Enter; else it would arrive as Ctrl-J, which begins another line. For the foreground alone: the system
    stops others who try.
    """

    def silence(modes: _Modes) -> None:
        modes[_INPUT_MODES] &= ~termios.ICRNL
        modes[_LOCAL_MODES] &= ~(termios.ECHO | termios.ICANON)

    with _changed(silence):
        yield


@contextmanager
def as_programs_expect() -> Iterator[None]:
    """Give the terminal to another program: it echoes, edits lines, and makes line ends of Enter."""

    def restore(modes: _Modes) -> None:
        modes[_INPUT_MODES] |= termios.ICRNL
        modes[_LOCAL_MODES] |= termios.ECHO | termios.ICANON | termios.ISIG

    with _changed(restore):
        yield


@contextmanager
def kept_modes() -> Iterator[None]:
    """Put the modes back that another program may leave behind; not in the background, where nobody may."""
    before = _modes()
    try:
        yield
    finally:
        if before is not None and is_foreground():
            termios.tcsetattr(sys.stdin, termios.TCSANOW, before)


def is_foreground() -> bool:
    """Whether the terminal's keys are ours to read."""
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False


@contextmanager
def _changed(change: Callable[[_Modes], None]) -> Iterator[None]:
    before = _modes()
    if before is None:
        yield
        return
    changed = [*before]
    change(changed)
    termios.tcsetattr(sys.stdin, termios.TCSANOW, changed)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSANOW, before)


def _modes() -> _Modes | None:
    try:
        return termios.tcgetattr(sys.stdin)
    except (termios.error, OSError, ValueError):  # no terminal
        return None
