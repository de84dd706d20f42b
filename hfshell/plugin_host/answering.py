"""A process of its own that answers line by line, and is not waited for for ever."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_PIECE = 1 << 16
_LOOK_SECONDS = 0.2


@dataclass(frozen=True)
class Answering:
    """A process that writes lines to a pipe of ours.

    Attributes:
        process: it.
        descriptor: where its lines come.
    """

    process: subprocess.Popen[bytes]
    descriptor: int

    def lines(self, patience: float) -> Iterator[bytes]:
        """Yield lines until nobody writes any more, or nothing came for so many seconds."""
        pending = b""
        with selectors.DefaultSelector() as selector:
            selector.register(self.descriptor, selectors.EVENT_READ)
            deadline = time.monotonic() + patience
            while time.monotonic() < deadline:
                if not selector.select(_LOOK_SECONDS):  # not for long: an abort comes between two looks
                    continue
                deadline = time.monotonic() + patience
                piece = os.read(self.descriptor, _PIECE)
                if not piece:
                    return
                *lines, pending = (pending + piece).split(b"\n")
                yield from lines


@contextmanager
def answering(module: str, *arguments: str, told: bytes = b"") -> Iterator[Answering]:
    """Start a module as a process, and end it and all that it started behind.

    Args:
        module: run with the number of the descriptor to answer on, and the arguments.
        arguments: what it is told on its command line.
        told: what stands in its standard input.
    """
    ours, theirs = os.pipe()
    # -P: nothing is imported from the folder that the user happens to stand in.
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", module, str(theirs), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(theirs,),
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    os.close(theirs)
    try:
        assert process.stdin is not None  # noqa: S101 - it was asked for
        process.stdin.write(told)
        process.stdin.close()
        yield Answering(process, ours)
    finally:
        os.close(ours)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
