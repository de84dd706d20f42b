"""Results that are longer than the screen, shown in a pager."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from rich.cells import cell_len

from hfshell.render.console import is_tty
from hfshell.shell.interrupts import ignore, on_interrupt
from hfshell.shell.terminal_modes import as_programs_expect

if TYPE_CHECKING:
    from hfshell.render.console import SafeConsole

_AROUND = 3
"""Lines of the screen that stand around a result: the line typed, the prompt, the toolbar."""

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class Pager:
    """Shows what fits, and pages what does not.

    Args:
        wanted: whether the user wants a pager.
        environ: PAGER names it.
    """

    def __init__(self, wanted: Callable[[], bool], environ: Mapping[str, str] = os.environ) -> None:
        self._wanted = wanted
        self._environ = environ

    def show(self, console: SafeConsole, draw: Callable[[], None]) -> None:
        """Draw on a console, through the pager when that would scroll the beginning away.

        Plain mode, and whatever is no terminal, never sees a pager.
        """
        if console.plain or not is_tty(console.file) or not is_tty(sys.stdin) or not self._wanted():
            draw()
            return
        with console.capture() as captured:
            draw()
        text = captured.get()
        command = self.command() if _height(text, console.width) > console.height - _AROUND else None
        if command is None or not _page(command, text, self._variables()):
            console.file.write(text)
            console.file.flush()

    def command(self) -> list[str] | None:
        """Return the pager with its arguments; None when there is none."""
        try:
            words = shlex.split(self._environ.get("PAGER", "less"))
        except ValueError:
            return None
        return words if words and shutil.which(words[0]) else None

    def _variables(self) -> dict[str, str]:
        """Let `less` pass colours on, whatever else the user wants of it; leave the text on the screen.

        Secure, so that keys typed ahead write no file and run no command, unless the user says otherwise.
        """
        chosen = self._environ.get("LESS", "-F -X")
        return {"LESSSECURE": "1", **self._environ, "LESS": f"{chosen} -R"}


def _page(command: list[str], text: str, environ: dict[str, str]) -> bool:
    """Let a pager show a text; return whether it could be started. Ctrl-C is the pager's to hear."""
    with on_interrupt(ignore), as_programs_expect():
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, env=environ, text=True, encoding="utf-8", errors="replace"
            )
        except OSError:
            return False
        process.communicate(text)
    return True


def _height(text: str, width: int) -> int:
    """Return how many lines of the screen a text takes."""
    lines = _COLOURS.sub("", text).splitlines()
    return sum(max(1, -(-cell_len(line) // width)) for line in lines)
