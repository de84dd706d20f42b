"""Running a generated program with its tests: in a process of its own, with limits. It is no sandbox.

What holds on any system: a limit of wall time, after which the process and its group are killed; limits of
processor time and of the size of a file; an empty environment, input and folder of its own. What holds where
the system offers it: memory, no other process (not for root), a network of its own with nothing in it
(Linux). What stops accidents alone: Python's usual calls to reach the network, start processes, or change
files elsewhere are refused by an audit hook, and some that it does not hear are taken away. Whoever sets out
to get around that can: reads and changes what the user can, and says that its tests passed. Programs of
models that nobody knows belong into a container or a virtual machine.
"""

from __future__ import annotations

import json
import math
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Ending = Literal["passed", "failed", "error", "syntax", "timeout", "ended"]
"""How a program ended: all tests hold; one does not; it, or a test, raised an error; it is no Python; it took
too long; it ended its process, or was killed, before the tests were done."""

_CHILD = Path(__file__).with_name("child.py")
_MIB = 1 << 20
_REPORT = 1 << 16


@dataclass(frozen=True)
class Limits:
    """What a program may use.

    Attributes:
        seconds: of wall time, Python's own start included.
        memory: of address space, in MiB.
        file: largest file that it may write, in MiB.
    """

    seconds: float = 5.0
    memory: int = 1024
    file: int = 1


@dataclass(frozen=True)
class Outcome:
    """How a program ended.

    Attributes:
        ending: in a word.
        message: what it raised, cut; empty when it passed.
        held: which limits the system itself saw to: `network`, `processes`, `memory`.
    """

    ending: Ending
    message: str = ""
    held: tuple[str, ...] = ()


def run(program: str, tests: Sequence[str], limits: Limits | None = None) -> Outcome:
    """Run a program, then its tests in the same module, and say how it ended.

    Args:
        program: Python.
        tests: each Python too, `assert f(1) == 2`.
        limits: what it may use.
    """
    chosen = limits or Limits()
    word = secrets.token_hex(16)
    request = json.dumps(
        {
            "word": word,
            "program": program,
            "tests": list(tests),
            "limits": {
                "seconds": math.ceil(chosen.seconds) + 1,
                "memory": chosen.memory * _MIB,
                "file": chosen.file * _MIB,
            },
        }
    )
    with (
        tempfile.TemporaryDirectory(prefix="hfshell-code-", ignore_cleanup_errors=True) as folder,
        tempfile.TemporaryFile("w+", encoding="utf-8") as given,
    ):
        given.write(request)
        given.seek(0)
        process = subprocess.Popen(
            [sys.executable, "-s", "-S", "-P", "-B", str(_CHILD)],
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={"PYTHONHASHSEED": "0"},  # sets have one order: the same program ends the same way
            start_new_session=True,
        )
        with process:
            try:
                process.wait(chosen.seconds)
            except subprocess.TimeoutExpired:
                return Outcome("timeout", f"after {chosen.seconds:g} s")
            finally:
                _kill(process)
            return _outcome(_written(process), word, process.returncode)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process, and whatever it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _written(process: subprocess.Popen[bytes]) -> str:
    """Return what the process reported; what else may stand there is left unread."""
    if process.stdout is None:
        return ""
    os.set_blocking(process.stdout.fileno(), False)
    return (process.stdout.read(_REPORT) or b"").decode("utf-8", "replace")


def _outcome(report: str, word: str, code: int) -> Outcome:
    _, told, found = report.partition(word)
    if not told:
        how = f"killed by signal {-code}" if code < 0 else f"it left with exit code {code}"
        return Outcome("ended", how)
    said: dict[str, Any] = json.loads(found)
    return Outcome(said["outcome"], said["message"], tuple(said["held"]))
