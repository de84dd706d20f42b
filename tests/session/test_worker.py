"""One thread does the work, and can be told to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from hfshell.session.worker import Worker


@pytest.fixture
def worker() -> Iterator[Worker]:
    """A worker that ends with the test."""
    worker = Worker()
    yield worker
    worker.stop()


def test_jobs_run_in_order_on_one_thread(worker: Worker) -> None:
    """Loading models is not thread-safe: everything happens on the same thread."""
    threads = [worker.submit(threading.get_ident).result() for _ in range(3)]
    assert len(set(threads)) == 1
    assert threads[0] != threading.get_ident()


def test_foreground_overtakes_waiting_background(worker: Worker) -> None:
    """A command does not wait for imports that have not begun."""
    gate, order = threading.Event(), []
    worker.submit(gate.wait)
    background = worker.submit(lambda: order.append("background"), background=True)
    foreground = worker.submit(lambda: order.append("foreground"))
    gate.set()
    foreground.result()
    background.result()
    assert order == ["foreground", "background"]


def test_what_a_job_raises_reaches_whoever_waits(worker: Worker) -> None:
    """A failing job neither vanishes nor ends the thread."""
    with pytest.raises(ValueError, match="no"):
        worker.submit(lambda: int("no")).result()
    assert worker.submit(lambda: 1).result() == 1


def test_abort_interrupts_the_running_job(worker: Worker) -> None:
    """The second Ctrl-C stops what does not look at its token."""
    running = threading.Event()

    def endless() -> None:
        running.set()
        while True:
            time.sleep(0.001)

    job = worker.submit(endless)
    running.wait(5)
    worker.abort()
    with pytest.raises(KeyboardInterrupt):
        job.result(5)
    assert worker.submit(lambda: 1).result(5) == 1


def test_abort_without_a_job_does_nothing(worker: Worker) -> None:
    """A late second Ctrl-C does not hit the next command."""
    worker.submit(lambda: None).result()
    worker.abort()
    assert worker.submit(lambda: 1).result(5) == 1


def test_abort_leaves_a_background_job_alone(worker: Worker) -> None:
    """A second Ctrl-C never leaves a library half imported."""
    began = threading.Event()

    def importing() -> str:
        began.set()
        time.sleep(0.2)
        return "whole"

    job = worker.submit(importing, background=True)
    began.wait(5)
    worker.abort()
    assert job.result(5) == "whole"
