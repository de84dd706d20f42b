"""A person at a terminal: presses keys and waits for what the screen shows."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pexpect
import pyte

ENTER, TAB, CTRL_C, CTRL_D, CTRL_L, CTRL_U = "\r", "\t", "\x03", "\x04", "\x0c", "\x15"
PROMPT = "›"


class Screen(pyte.Screen):  # type: ignore[misc] # pyte has no types
    """A screen that counts what cannot be seen on it.

    Attributes:
        bells: how often the bell rang.
        drawn_over: how often the cursor went back to where something may have stood.
    """

    def __init__(self, columns: int, rows: int, answer: Callable[[str], None]) -> None:
        self.bells = self.drawn_over = 0
        self._answer = answer
        super().__init__(columns, rows)
        self.drawn_over = 0  # it clears itself first

    def bell(self, *_: object) -> None:
        """Ring."""
        self.bells += 1

    def write_process_input(self, data: str) -> None:
        """Answer a question, such as where the cursor is."""
        self._answer(data)

    def cursor_up(self, count: int | None = None) -> None:
        """Go up."""
        self.drawn_over += 1
        super().cursor_up(count)

    def cursor_position(self, line: int | None = None, column: int | None = None) -> None:
        """Go anywhere."""
        self.drawn_over += 1
        super().cursor_position(line, column)

    def erase_in_display(self, how: int = 0, *arguments: object, **options: object) -> None:
        """Clear a part of the screen."""
        self.drawn_over += 1
        super().erase_in_display(how, *arguments, **options)

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        """Clear a part of the line."""
        self.drawn_over += 1
        super().erase_in_line(how, private)


class Terminal:
    """`hfshell` on a terminal of its own.

    Args:
        arguments: of `hfshell`.
        folder: where it is started.
        environment: what it finds there beside ours.
        rows, columns: of the screen.
        command: what runs on the terminal in the place of `hfshell`, such as a shell to start it from.
        answers: whether the terminal says where its cursor is; then there is a toolbar.
    """

    def __init__(
        self,
        *arguments: str,
        folder: Path,
        environment: dict[str, str],
        rows: int = 50,
        columns: int = 100,
        command: Sequence[str] = (sys.executable, "-m", "hfshell"),
        answers: bool = False,
    ) -> None:
        silent = {} if answers else {"PROMPT_TOOLKIT_NO_CPR": "1"}
        variables = {**os.environ, "TERM": "xterm", **silent, **environment}
        self.raw = ""
        self._screen = Screen(columns, rows, self.press)
        self._stream = pyte.Stream(self._screen)
        self._child = pexpect.spawn(
            command[0],
            [*command[1:], *arguments],
            cwd=str(folder),
            env=variables,  # type: ignore[arg-type] # os._Environ is asked for, a mapping is enough
            dimensions=(rows, columns),
            encoding="utf-8",
            codec_errors="replace",
        )

    @property
    def pid(self) -> int:
        """Process ID of the shell."""
        return int(self._child.pid)

    @property
    def title(self) -> str:
        """The window's title."""
        return str(self._screen.title)

    @property
    def bells(self) -> int:
        """How often the bell rang."""
        return self._screen.bells

    @property
    def drawn_over(self) -> int:
        """How often something may have been drawn over what stood there."""
        return self._screen.drawn_over

    def resize(self, rows: int, columns: int) -> None:
        """Make the window smaller or larger."""
        self._screen.resize(rows, columns)
        self._child.setwinsize(rows, columns)

    def press(self, keys: str) -> None:
        """Press keys."""
        self._child.send(keys)

    def enter(self, line: str) -> None:
        """Clear the screen and the line, type another one, and run it."""
        self.press(CTRL_U + CTRL_L)
        self.wait_until(lambda: self.lines == [PROMPT], f"a bare prompt before {line!r}")
        self.press(line + ENTER)
        self.wait_until(lambda: self.lines != [PROMPT], f"echo of {line!r}")

    @property
    def lines(self) -> list[str]:
        """What stands on the screen, without what is empty."""
        return [line.rstrip() for line in self._screen.display if line.strip()]

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(self.lines)

    def wait_for(self, text: str, seconds: float = 60) -> str:
        """Wait until a text stands on the screen; return the screen."""
        self.wait_until(lambda: text in self.text, repr(text), seconds)
        return self.text

    def wait_for_prompt(self, seconds: float = 60) -> str:
        """Wait until a prompt waits for a line; return the screen above it."""
        self.wait_until(lambda: bool(self.lines) and self.lines[-1] == PROMPT, "a prompt", seconds)
        return "\n".join(self.lines[:-1])

    def wait_until(self, condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
        """Wait for anything."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"no {what} within {seconds} s; the screen:\n{self.text}")
            self._read()

    def exit_code(self, seconds: float = 20) -> int:
        """Wait for the end, and return the exit code."""
        deadline = time.monotonic() + seconds
        while self._child.isalive():
            if time.monotonic() > deadline:
                raise AssertionError(f"still there after {seconds} s; the screen:\n{self.text}")
            self._read()
        self._child.close()
        return self._child.exitstatus if self._child.exitstatus is not None else -self._child.signalstatus

    def close(self) -> None:
        """End it, however it fares."""
        self._child.close(force=True)

    def _read(self) -> None:
        try:
            piece = self._child.read_nonblocking(65536, timeout=0.05)
        except pexpect.TIMEOUT:
            pass
        except pexpect.EOF:
            time.sleep(0.02)
        else:
            self.raw += piece
            self._stream.feed(piece)
