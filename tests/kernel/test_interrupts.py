"""The three steps of Ctrl-C."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from hfshell.api.requests import RunRequest
from hfshell.errors import Interrupted
from hfshell.kernel.interrupts import InterruptLadder
from hfshell.kernel.supervisor import KernelSupervisor

Supervise = Callable[..., KernelSupervisor]
Until = Callable[..., bool]


def test_each_press_goes_one_step_further() -> None:
    """Protects the order: finish the step, abort, restart."""
    done: list[Any] = []
    ladder = InterruptLadder(done.append, lambda: done.append("kill"))
    said = [ladder.press() for _ in range(4)]
    assert done == [1, 2, "kill", "kill"]
    assert "Ctrl-C again aborts" in said[0]
    assert all(line.isascii() for line in said)
    assert "Ctrl-C again restarts" in said[1]
    assert "names are reloaded" in said[2]
    assert all("\n" not in line for line in said)


def test_without_a_kernel_of_ours_the_second_step_is_the_last() -> None:
    """Protects an attached shell from promising what it cannot do."""
    done: list[Any] = []
    ladder = InterruptLadder(done.append)
    said = [ladder.press() for _ in range(3)]
    assert done == [1, 2, 2]
    assert "restarts" not in said[1]


@contextmanager
def ctrl_c(supervisor: KernelSupervisor, presses: int, until: Until) -> Iterator[list[str]]:
    """Press Ctrl-C so often while something runs, each as soon as the one before was heard."""
    ladder = InterruptLadder(supervisor.cancel, supervisor.kill)
    said: list[str] = []

    def press() -> None:
        for count in range(presses):
            if until(lambda: supervisor.state == "busy", 2):
                os.kill(os.getpid(), signal.SIGINT)
                until(lambda count=count: len(said) > count)

    thread = threading.Thread(target=press)
    before = signal.signal(signal.SIGINT, lambda *_: said.append(ladder.press()))
    thread.start()
    try:
        yield said
    finally:
        thread.join()
        signal.signal(signal.SIGINT, before)


def test_three_real_ctrl_c_during_a_wedged_command(supervise: Supervise, until: Until) -> None:
    """Protects the ladder end to end: signals arrive while `run` waits; the third gives a new kernel."""
    supervisor = supervise()
    before = supervisor.client().welcome.pid
    with ctrl_c(supervisor, 3, until) as said, pytest.raises(Interrupted) as end:
        supervisor.client().run(RunRequest("wedge"), lambda _: None)
    assert len(said) == 3
    assert end.value.message == "the kernel was stopped during `wedge`"
    assert end.value.exit_code == 130
    assert supervisor.client().run(RunRequest("echo again"), lambda _: None) == 0
    assert supervisor.pid != before
    assert supervisor.restarts == 1


def test_one_real_ctrl_c_keeps_the_kernel(supervise: Supervise, until: Until) -> None:
    """Protects warm models from an impatient first Ctrl-C."""
    supervisor = supervise()
    before = supervisor.client().welcome.pid
    with ctrl_c(supervisor, 1, until) as said:
        assert supervisor.client().run(RunRequest("steps 1000"), lambda _: None) == 130
    assert len(said) == 1
    assert supervisor.pid == before
    assert supervisor.restarts == 0
