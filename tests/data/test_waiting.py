"""Waiting for what cannot be interrupted."""

from __future__ import annotations

import threading
import time

import pytest

from hfshell.api.cancel import CancelToken
from hfshell.data.waiting import Overdue, wait_for
from hfshell.errors import Interrupted


def test_a_result_and_an_error_come_through() -> None:
    """What the work returns is returned, and what it raises is raised."""
    assert wait_for(lambda: 7, CancelToken()) == 7
    with pytest.raises(ZeroDivisionError):
        wait_for(lambda: 1 / 0, CancelToken())


def test_a_cancel_is_felt_within_a_second() -> None:
    """The user's Ctrl-C does not wait for a network that hangs."""
    token, release = CancelToken(), threading.Event()
    threading.Timer(0.2, token.set).start()
    began = time.monotonic()
    with pytest.raises(Interrupted):
        wait_for(release.wait, token)
    assert time.monotonic() - began < 1
    release.set()


def test_time_runs_out() -> None:
    """Work has the time it is given."""
    release = threading.Event()
    with pytest.raises(Overdue):
        wait_for(release.wait, CancelToken(), seconds=0.2)
    release.set()
