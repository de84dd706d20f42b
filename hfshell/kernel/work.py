"""What a kernel runs: requests of all clients, one at a time, in the order they came, on one session."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from hfshell.api.events import CommandStarted, SessionEvent
from hfshell.api.requests import NameInfo, RunRequest
from hfshell.api.results import KernelStatus
from hfshell.errors import HfshellError, Interrupted

_LAST_CHANCE_SECONDS = 0.3
_CLOSE_SECONDS = 0.5
_LONGEST_SAYING = 200


class Session(Protocol):
    """What a kernel needs of `hfshell.session.Session`. All methods may be called from any thread."""

    def execute(self, request: RunRequest, watch: Callable[[SessionEvent], None]) -> int:
        """Run a request, telling `watch` what happens, and return its exit code."""

    def cancel(self, level: int) -> None:
        """Stop what runs: 1 after the step it is in, 2 at once."""

    def status(self) -> KernelStatus:
        """Say how the session is. Never waits for what runs."""

    def known_names(self) -> tuple[NameInfo, ...]:
        """Say which names are bound. Never waits for what runs."""

    def preload(self) -> None:
        """Import the heavy libraries, so that the first command finds them."""

    def close(self) -> None:
        """End the session."""


class SessionFactory(Protocol):
    """Makes a session; the class itself is one."""

    def __call__(self, *, state: Path | None, plugins_enabled: bool) -> Session:
        """Make a session that journals its names in `state`."""


@dataclass(frozen=True, eq=False)
class Job:
    """A run that a client asked for.

    Attributes:
        request: what to run.
        watch: is told what happens.
        finished: is told the exit code, and why the run ended when no command said so. Called once.
    """

    request: RunRequest
    watch: Callable[[SessionEvent], None]
    finished: Callable[[int, HfshellError | None], None]


@dataclass(frozen=True)
class Running:
    """What runs now.

    Attributes:
        text: the line, as written.
        began: when it began, by the monotonic clock.
    """

    text: str
    began: float


class Work:
    """The session and the runs that wait for it.

    Args:
        build: makes the session; runs first, on the thread that later runs the jobs.
        failed: called when it raised; the traceback is in the log by then.
    """

    def __init__(self, build: Callable[[], Session], failed: Callable[[], None]) -> None:
        self._build = build
        self._failed = failed
        self._session: Session | None = None
        self._ready = False
        self._changed = threading.Condition()
        self._running: Job | None = None
        self._unreported: Job | None = None
        self._waiting: dict[Job, None] = {}
        self._line: Running | None = None
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="kernel-runs")
        self._executor.submit(self._make_session)

    @property
    def session(self) -> Session | None:
        """The session; None while it is being made."""
        return self._session

    @property
    def state(self) -> str:
        """`starting`, `busy` or `idle`; one that ran something does not start, whatever it still imports."""
        with self._changed:
            if self._running is not None or (self._session is not None and self._waiting):
                return "busy"
        return "idle" if self._ready else "starting"

    @property
    def running(self) -> Running | None:
        """The line that runs, the innermost of a sourced script's; None when none does."""
        return self._line

    @property
    def waiting(self) -> int:
        """How many runs wait for their turn."""
        return len(self._waiting)

    def submit(self, job: Job) -> None:
        """Queue a job."""
        with self._changed:
            self._waiting[job] = None
        self._executor.submit(self._run, job)

    def cancel(self, job: Job, level: int) -> None:
        """Stop a job: one that runs as the session does it, one that waits at once."""
        with self._changed:
            if job is self._running and self._session is not None:
                self._session.cancel(level)
            waited = job in self._waiting
            self._waiting.pop(job, None)
        if waited:
            job.finished(Interrupted.exit_code, Interrupted())

    def close(self, grace: float) -> None:
        """Stop what runs, giving it so many seconds before it is aborted, and end the session.

        What waits is dropped: its clients see the connection end, and whoever ended the kernel knows why.
        """
        with self._changed:
            self._waiting.clear()
            running = self._unreported
        if running is not None:
            self.cancel(running, 1)
            if not self._wait_for(running, grace):
                self.cancel(running, 2)
                self._wait_for(running, _LAST_CHANCE_SECONDS)
        if self._session is not None and self._running is None:
            closing = threading.Thread(target=self._session.close, name="kernel-close", daemon=True)
            closing.start()
            closing.join(_CLOSE_SECONDS)

    def _wait_for(self, job: Job, seconds: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._unreported is not job, seconds)

    def _make_session(self) -> None:
        try:
            self._session = self._build()
        except BaseException:  # noqa: BLE001 - whatever it was, a kernel without a session is of no use
            traceback.print_exc()
            self._failed()
            return
        # Not on this thread: a command that needs no model need not wait.
        threading.Thread(
            target=self._preload, args=(self._session,), name="kernel-preload", daemon=True
        ).start()

    def _preload(self, session: Session) -> None:
        try:
            session.preload()
        except Exception:  # noqa: BLE001 - the command that needs the library will say so
            traceback.print_exc()
        self._ready = True

    def _run(self, job: Job) -> None:
        with self._changed:
            session = self._session
            if (
                job not in self._waiting or session is None
            ):  # cancelled before its turn came, or nothing to run it
                return
            del self._waiting[job]
            self._running = self._unreported = job
            self._line = Running(job.request.text, time.monotonic())
        code, error = self._execute(session, job)
        with self._changed:  # before the client hears of it, lest it is told next that we are busy
            self._running = self._line = None
            self._ready = True
        job.finished(code, error)
        with self._changed:
            self._unreported = None
            self._changed.notify_all()

    def _execute(self, session: Session, job: Job) -> tuple[int, HfshellError | None]:
        def watch(event: SessionEvent) -> None:
            if isinstance(event, CommandStarted):
                self._line = Running(event.text, time.monotonic())
            job.watch(event)

        try:
            return session.execute(job.request, watch), None
        except HfshellError as error:
            return error.exit_code, error
        except BaseException as error:  # noqa: BLE001 - a fault of the session's must not end the thread
            traceback.print_exc()
            said = f"the session failed: {type(error).__name__}: {error}".splitlines()[0][:_LONGEST_SAYING]
            return 1, HfshellError(
                said, hint="the kernel's log has the traceback; `kernel restart` starts afresh"
            )
