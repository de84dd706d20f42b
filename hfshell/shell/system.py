"""The system's shell: `!command`, and what reads a line's output behind `|`."""

from __future__ import annotations

import os
import subprocess

from hfshell.shell.interrupts import ignore, on_interrupt
from hfshell.shell.terminal_modes import as_programs_expect


def run_system(command: str, text: str | None = None) -> int:
    """Run a command in the user's shell, on this terminal, and return its exit code.

    Ctrl-C is the command's to hear.

    Args:
        command: as typed.
        text: what it reads on standard input; the terminal without it.
    """
    shell = os.environ.get("SHELL") or "/bin/sh"
    with on_interrupt(ignore), as_programs_expect():
        done = subprocess.run([shell, "-c", command], input=text, text=True, errors="replace", check=False)
    return done.returncode
