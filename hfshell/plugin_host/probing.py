"""Has plugins probed: starts the process that imports them, and waits for what it says, but not for ever."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

from hfshell.plugin_host.discovery import Discovered
from hfshell.plugin_host.isolation import Failure
from hfshell.plugin_host.manifest import Manifest

SECONDS_VARIABLE = "HFSHELL_PLUGIN_SECONDS"
SECONDS = 30.0
"""What a plugin may take to be imported and asked; importing torch by mistake on a busy machine fits in."""

_START_SECONDS = 30.0
_PIECE = 1 << 16


def probe_plugins(plugins: Sequence[Discovered]) -> list[Manifest]:
    """Import plugins in another process, and return what each gives, in their order."""
    seconds = time_limit()
    rounds = -(-len(plugins) // (os.cpu_count() or 1))
    manifests: list[Manifest | None] = [None] * len(plugins)
    for index, manifest in _answers(plugins, seconds, _START_SECONDS + rounds * (seconds + 2)):
        manifests[index] = manifest
    lost = Manifest("failed", failure=Failure("the process that imports plugins was lost", ""))
    return [manifest or lost for manifest in manifests]


def time_limit() -> float:
    """Seconds that a plugin may take to be imported and asked."""
    try:
        return float(os.environ[SECONDS_VARIABLE])
    except (KeyError, ValueError):
        return SECONDS


def _answers(
    plugins: Sequence[Discovered], seconds: float, patience: float
) -> Iterator[tuple[int, Manifest]]:
    request = {
        "path": sys.path,
        "seconds": seconds,
        "plugins": [{"name": plugin.name, "module": plugin.module} for plugin in plugins],
    }
    answers, theirs = os.pipe()
    # -P: nothing is imported from the folder that the user happens to stand in.
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "hfshell.plugin_host.probe", str(theirs)],
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
        process.stdin.write(json.dumps(request).encode())
        process.stdin.close()
        for line in _lines(answers, time.monotonic() + patience, len(plugins)):
            answer = json.loads(line)
            yield answer["index"], Manifest.from_dict(answer["manifest"])
    finally:
        os.close(answers)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _lines(descriptor: int, deadline: float, count: int) -> Iterator[bytes]:
    """Yield so many lines, or fewer when the time is over or nobody writes any more."""
    pending = b""
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while count and selector.select(max(0.0, deadline - time.monotonic())):
            piece = os.read(descriptor, _PIECE)
            if not piece:
                return
            *lines, pending = (pending + piece).split(b"\n")
            count -= len(lines)
            yield from lines
