"""A person at a terminal: presses keys and waits for what the screen shows."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
import pyte

ENTER, TAB, CTRL_C, CTRL_D, CTRL_L, CTRL_U = "\r", "\t", "\x03", "\x04", "\x0c", "\x15"
PROMPT = "›"


class Terminal:
    """`hfshell` on a terminal of its own.

    Args:
        arguments: of `hfshell`.
        folder: where it is started.
        environment: what it finds there beside ours.
        rows, columns: of the screen.
    """

    def __init__(
        self,
        *arguments: str,
        folder: Path,
        environment: dict[str, str],
        rows: int = 50,
        columns: int = 100,
    ) -> None:
        variables = {**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", **environment}
        self.raw = ""
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self._screen)
        self._child = pexpect.spawn(
            sys.executable,
            ["-m", "hfshell", *arguments],
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
