"""Kernels for tests: real processes with a session that has no models."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from hfshell.kernel.supervisor import KernelSupervisor

HERE = Path(__file__).parent


@pytest.fixture
def folder() -> Iterator[Path]:
    """A state folder whose path is short enough for a socket."""
    root = Path(tempfile.mkdtemp(prefix="hf-test-"))
    yield root / "kernel"
    shutil.rmtree(root)


@pytest.fixture
def supervise(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., KernelSupervisor]]:
    """Make supervisors of kernels with a fake session; afterwards nothing of them may be left."""
    monkeypatch.setenv("PYTHONPATH", str(HERE))
    made: list[KernelSupervisor] = []
    threads = set(threading.enumerate())
    children = set(psutil.Process().children(recursive=True))

    def make(session: str = "FakeSession", *arguments: str, state: Path = folder) -> KernelSupervisor:
        supervisor = KernelSupervisor(state, ["--session-factory", f"fake_session:{session}", *arguments])
        made.append(supervisor)
        supervisor.start()
        return supervisor

    yield make
    for supervisor in made:
        supervisor.stop()
    assert settled(lambda: set(threading.enumerate()) <= threads), "a thread is left"
    assert set(psutil.Process().children(recursive=True)) <= children, "a process is left"
    assert not list(folder.parent.rglob("*.sock*")), "a socket is left"


def settled(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Wait until a condition holds; return whether it came to hold."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


@pytest.fixture
def until() -> Callable[..., bool]:
    """Wait until a condition holds."""
    return settled


@pytest.fixture
def is_alive() -> Callable[[psutil.Process], bool]:
    """Tell whether a process runs; one that only waits for its parent to notice does not."""
    return lambda process: process.is_running() and process.status() != psutil.STATUS_ZOMBIE
