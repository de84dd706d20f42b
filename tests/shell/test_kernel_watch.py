"""The kernel beside the prompt: started, watched and ended without anybody waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from hfshell.api.requests import NameInfo
from hfshell.errors import HfshellError, KernelDied
from hfshell.shell.kernel_watch import KernelWatch
from tests.shell.fake_supervisor import NAMES, FakeSupervisor

INTERVAL = 0.1  # seconds


def watch(supervisor: FakeSupervisor, died: Callable[[HfshellError], None] | None = None) -> KernelWatch:
    """A watch over a kernel that is none."""
    told = died or (lambda _: None)
    return KernelWatch(lambda: supervisor, lambda: None, told, interval=INTERVAL)  # type: ignore[arg-type,return-value]


def wait(condition: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_nothing_is_known_before_it_starts() -> None:
    """A prompt that stands before its kernel shows no stale state, and asks nobody."""
    supervisor = FakeSupervisor()
    kernel = watch(supervisor)
    assert kernel.status is None
    assert not kernel.is_bound("ev")
    assert supervisor.connected == 0
    assert kernel.start()
    assert not kernel.start()
    wait(lambda: bool(kernel.names))
    kernel.stop()
    assert supervisor.stopped


def test_a_kernel_that_cannot_start_is_said_once() -> None:
    """No loop of starts and complaints; the next line tries again."""
    supervisor = FakeSupervisor()
    told: list[HfshellError] = []
    tries = threading.Semaphore(0)

    def client() -> FakeSupervisor:
        tries.release()
        raise KernelDied("the kernel did not start")

    supervisor.client = client  # type: ignore[method-assign]
    kernel = watch(supervisor, told.append)
    kernel.start()
    assert tries.acquire(timeout=5)
    wait(lambda: len(told) == 1)
    assert not tries.acquire(timeout=5 * INTERVAL)
    with kernel.running():
        pass
    assert tries.acquire(timeout=5)
    kernel.stop()
    assert len(told) == 2


def test_names_are_new_right_after_a_command() -> None:
    """What a line bound can be named in the next one, however quickly it is typed."""
    supervisor = FakeSupervisor()
    kernel = watch(supervisor)
    kernel.start()
    wait(lambda: bool(kernel.names))
    with kernel.running():
        supervisor.bound = (*NAMES, NameInfo("fresh", "model"))
        assert kernel.is_bound("fresh")
    assert not kernel.is_bound("missing")
    kernel.stop()


def test_a_command_is_not_watched() -> None:
    """A death under a command is the command's to tell, once."""
    supervisor = FakeSupervisor()
    told: list[HfshellError] = []
    kernel = watch(supervisor, told.append)
    kernel.start()
    wait(lambda: kernel.status is not None)
    with kernel.running():
        time.sleep(5 * INTERVAL)  # a look that was under way has ended
        supervisor.death = KernelDied("the kernel crashed")
        time.sleep(5 * INTERVAL)
        assert told == []
        supervisor.death = None
    kernel.stop()
    assert told == []


def test_leaving_before_the_kernel_answers() -> None:
    """Ctrl-D right after the start does not wait for a kernel that nobody needs any more."""
    supervisor = FakeSupervisor()
    waiting = threading.Event()

    def client() -> FakeSupervisor:
        waiting.set()
        wait(lambda: supervisor.killed)
        raise KernelDied("killed")

    supervisor.client = client  # type: ignore[method-assign]
    told: list[HfshellError] = []
    kernel = watch(supervisor, told.append)
    kernel.start()
    assert waiting.wait(5)
    began = time.monotonic()
    kernel.stop()
    assert time.monotonic() - began < 2
    assert told == []
