"""Waiting for a library that cannot be interrupted, without making the user wait for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from hfshell.api.cancel import CancelToken

_POLL_SECONDS = 0.1
_T = TypeVar("_T")


class Overdue(Exception):  # noqa: N818 - says what happened
    """The work took longer than it may."""


def wait_for(work: Callable[[], _T], cancelled: CancelToken, *, seconds: float | None = None) -> _T:
    """Run work on a daemon thread and wait for it; on a cancel or past the time, leave it behind.

    Args:
        work: what to do. What it raises is raised here.
        cancelled: looked at ten times a second.
        seconds: how long it may take; None for ever.

    Raises:
        Interrupted: the user asked to stop.
        Overdue: it took longer.
    """
    outcome: list[tuple[bool, Any]] = []

    def run() -> None:
        try:
            outcome.append((True, work()))
        except BaseException as error:  # noqa: BLE001 - raised again by whoever waits
            outcome.append((False, error))

    thread = threading.Thread(target=run, name="hfshell-data", daemon=True)
    thread.start()
    deadline = None if seconds is None else time.monotonic() + seconds
    while not outcome:
        cancelled.raise_if_set()
        if deadline is not None and time.monotonic() > deadline:
            raise Overdue
        thread.join(_POLL_SECONDS)
    done, value = outcome.pop()
    if not done:
        raise value
    return value  # type: ignore[no-any-return]
