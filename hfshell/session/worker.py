"""The one thread that touches models. transformers loads are not thread-safe, so there is no second one."""

from __future__ import annotations

import ctypes
import itertools
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")

_FOREGROUND, _BACKGROUND, _STOP = 0, 1, 2


class Worker:
    """Runs jobs one after another on a thread of its own; background jobs let others pass.

    Attributes:
        aborted: whether the running job was told to break off, so that a KeyboardInterrupt in it is ours.
    """

    def __init__(self) -> None:
        self._jobs: queue.PriorityQueue[tuple[int, int, Callable[[], None] | None]] = queue.PriorityQueue()
        self._order = itertools.count()
        self._abortable = False
        self.aborted = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="hfshell-worker", daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[], T], *, background: bool = False) -> Future[T]:
        """Queue a job; its result, or what it raised, comes through the future."""
        future: Future[T] = Future()

        def run() -> None:
            try:
                future.set_result(job())
            except BaseException as error:  # noqa: BLE001 - a job's failure belongs to whoever waits for it
                future.set_exception(error)

        self._jobs.put((_BACKGROUND if background else _FOREGROUND, next(self._order), run))
        return future

    def abort(self) -> None:
        """Raise KeyboardInterrupt in the running foreground job, between two bytecodes.

        A background job is left alone: a library that is half imported is of no use to anybody.
        """
        with self._lock:
            if self._abortable and self._thread.ident is not None:
                self.aborted = True
                _raise_in(self._thread.ident)

    def stop(self) -> None:
        """End the thread when all queued jobs are done."""
        self._jobs.put((_STOP, next(self._order), None))

    def _work(self) -> None:
        while True:
            try:
                priority, _, job = self._jobs.get()
                if job is None:
                    return
                self._run(job, abortable=priority == _FOREGROUND)
            except KeyboardInterrupt:  # an abort that arrived as its job ended
                continue

    def _run(self, job: Callable[[], None], *, abortable: bool) -> None:
        with self._lock:
            self._abortable, self.aborted = abortable, False
        try:
            job()
        finally:
            with self._lock:
                self._abortable = False


def _raise_in(thread: int) -> None:
    set_exception: Any = ctypes.pythonapi.PyThreadState_SetAsyncExc
    set_exception(ctypes.c_ulong(thread), ctypes.py_object(KeyboardInterrupt))
