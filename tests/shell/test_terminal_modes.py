"""What the terminal does with keys while nobody reads them."""

from __future__ import annotations

import os
import pty
import sys
import termios
from collections.abc import Iterator
from typing import IO

import pytest
from prompt_toolkit.input.typeahead import get_typeahead
from prompt_toolkit.input.vt100 import Vt100Input

from hfshell.shell.application import take_typed_ahead
from hfshell.shell.terminal_modes import as_programs_expect, is_foreground, kept_modes, without_echo

INPUT, LOCAL = 0, 3


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, IO[str]]]:
    """A terminal in the place of standard input, and the end that its keys come from."""
    keys, screen = pty.openpty()
    with os.fdopen(screen, "r") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield keys, stdin
    os.close(keys)


def modes(stdin: IO[str]) -> tuple[bool, bool, bool, bool]:
    """Whether it echoes, edits lines, makes line ends of Enter, and makes signals of Ctrl-C."""
    now = termios.tcgetattr(stdin)
    return (
        bool(now[LOCAL] & termios.ECHO),
        bool(now[LOCAL] & termios.ICANON),
        bool(now[INPUT] & termios.ICRNL),
        bool(now[LOCAL] & termios.ISIG),
    )


def test_modes_come_and_go(terminal: tuple[int, IO[str]]) -> None:
    """Silent while a line runs, as usual for other programs, and as it was at the end."""
    _, stdin = terminal
    before = termios.tcgetattr(stdin)
    with without_echo():
        assert modes(stdin) == (False, False, False, True)
        with as_programs_expect():
            assert modes(stdin) == (True, True, True, True)
        assert modes(stdin) == (False, False, False, True)
    assert termios.tcgetattr(stdin) == before


def test_without_a_terminal_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe has no modes."""
    with open(os.devnull) as stdin:  # noqa: PTH123 - a device
        monkeypatch.setattr(sys, "stdin", stdin)
        with without_echo(), as_programs_expect(), kept_modes():
            assert not is_foreground()


@pytest.mark.parametrize("cooked", [True, False])
def test_what_is_typed_ahead_is_the_next_prompts(terminal: tuple[int, IO[str]], cooked: bool) -> None:
    """Enter is Enter, whether the terminal made a line end of it or not; half a line is kept as well."""
    keys, stdin = terminal
    reader = Vt100Input(stdin)  # type: ignore[arg-type] # a text stream
    with without_echo():
        if cooked:
            with as_programs_expect():
                os.write(keys, b"models\rset \xc3\xa9\x1b[A")
        else:
            os.write(keys, b"models\rset \xc3\xa9\x1b[A")
        take_typed_ahead(reader)
    pressed = get_typeahead(reader)
    assert "".join(key.data for key in pressed) == "models\rset é\x1b[A"
    assert [key.key for key in pressed if key.data == "\r"] == ["c-m"]
    assert pressed[-1].key == "up"
