"""One run's folder.

    7f3a91/
      request.json   what was asked; written once
      status.json    how it stands
      events.jsonl   what happened
      result.json    what came out; written when it ends well
      model/         the model that is kept
      checkpoints/   of training

Everything but the events is written beside and renamed, so a reader never sees half a file.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Self

import filelock
import msgspec

from hfshell.errors import HfshellError, Interrupted, StorageError
from hfshell.redact import redact_all
from hfshell.runs.disk import disk_refusals
from hfshell.runs.events import EventLog, read_events, timestamp
from hfshell.runs.request import installed_versions
from hfshell.storage import remove_leftovers, write_file_atomically

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from hfshell.api.events import Event
    from hfshell.api.results import Result

State = Literal["running", "finished", "failed", "interrupted"]
REQUEST = "request.json"

_LOCK_SECONDS = 1.0  # long enough for a reader who looks whether there is a writer


@dataclass(frozen=True)
class RunStatus:
    """How a run stands.

    Attributes:
        state: a run whose writer died is `interrupted`, whatever it last wrote.
        pid: process of the last writer.
        started, ended: UTC, ISO 8601; ended is None while it runs, and when its writer died.
        error: why it failed, as errors are written; None otherwise.
    """

    state: State
    pid: int
    started: str
    ended: str | None = None
    error: dict[str, Any] | None = None


class Run:
    """A run's folder, to read, and to write once `acquire` was called.

    As a context manager it acquires, and on the way out writes down an exception that passes: `interrupted`
    for Ctrl-C, `failed` for any other. A block that ends without `finish` leaves an interrupted run.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = filelock.FileLock(folder / "lock", timeout=_LOCK_SECONDS, thread_local=False)
        self._events: EventLog | None = None

    @property
    def id(self) -> str:
        """Six hex digits: `run:ID` finds the model again."""
        return self.folder.name

    @property
    def model_folder(self) -> Path:
        """Where the model that is kept lies, or will."""
        return self.folder / "model"

    @property
    def checkpoints(self) -> Path:
        """Where training keeps its checkpoints."""
        return self.folder / "checkpoints"

    @property
    def request(self) -> dict[str, Any]:
        """What was asked.

        Raises:
            StorageError: it cannot be read.
        """
        return self._read(REQUEST)

    @property
    def result(self) -> dict[str, Any] | None:
        """What came out, as `Result.to_dict()`; None before the end.

        Raises:
            StorageError: it cannot be read.
        """
        return self._read("result.json") if (self.folder / "result.json").exists() else None

    @property
    def status(self) -> RunStatus:
        """How the run stands.

        Raises:
            StorageError: it cannot be read.
        """
        status = self._written_status()
        if status.state == "running" and not self._has_writer():
            return replace(status, state="interrupted")
        return status

    @property
    def events(self) -> tuple[dict[str, Any], ...]:
        """What happened, oldest first; a torn last line is passed over."""
        return read_events(self.folder / "events.jsonl")

    def changed_versions(self) -> dict[str, tuple[str, str | None]]:
        """Return packages whose version is another one now: then, and now (None when it is gone)."""
        then = self.request["versions"]
        now = installed_versions(then.keys() - {"python", "hfshell"})
        return {name: (old, now.get(name)) for name, old in then.items() if now.get(name) != old}

    def acquire(self) -> None:
        """Become the run's one writer, and tidy up after a writer that died.

        Raises:
            StorageError: another process writes to it, or the disk refused.
        """
        self._take_lock()
        try:
            with disk_refusals(self.folder):
                remove_leftovers(self.folder)
            self._events = EventLog(self.folder / "events.jsonl")
            self._write_status(RunStatus("running", os.getpid(), timestamp()))
        except BaseException:
            self.release()
            raise

    def record_event(self, event: Event) -> None:
        """Append an event; progress that says little new is left out.

        Raises:
            StorageError: the disk refused.
        """
        if self._events is None:
            raise RuntimeError(f"run {self.id} was not acquired")
        self._events.append(event)

    def finish(self, result: Result, *, stopped: str | None = None) -> None:
        """Write down what came out, and that the run is over.

        Args:
            result: of the command.
            stopped: why it ended before its time; the run then stays one that can be resumed.

        Raises:
            StorageError: the disk refused.
        """
        self._write("result.json", result.to_dict())
        self._end("interrupted" if stopped else "finished")

    def fail(self, error: BaseException) -> None:
        """Write down why there is no result.

        Raises:
            StorageError: the disk refused.
        """
        interrupted = isinstance(error, (Interrupted, KeyboardInterrupt))
        self._end("interrupted" if interrupted else "failed", _describe(error))

    def release(self) -> None:
        """Let others write to the run; a run that was not ended is an interrupted one."""
        try:
            if self._events is not None:
                self._events.close()
        finally:
            self._events = None
            self._lock.release()

    def __enter__(self) -> Self:
        if not self._lock.is_locked:
            self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is not None:
                self._note_failure(error)
        finally:
            self.release()

    def _note_failure(self, error: BaseException) -> None:
        try:
            self.fail(error)
        except StorageError as refusal:  # what went wrong first is what people must see
            error.add_note(refusal.message)

    def _take_lock(self) -> None:
        with disk_refusals(self.folder):
            try:
                self._lock.acquire()
            except filelock.Timeout:
                message = f"run {self.id} is being written by process {self._written_status().pid}"
                raise StorageError(message, hint="wait until it is done, or stop it") from None

    def _has_writer(self) -> bool:
        if self._lock.is_locked:
            return True
        probe = filelock.FileLock(self.folder / "lock", blocking=False, thread_local=False)
        try:
            with probe:
                return False
        except filelock.Timeout:
            return True
        except OSError:  # a folder where nobody can write has no writer
            return False

    def _end(self, state: State, error: dict[str, Any] | None = None) -> None:
        began = self._written_status()
        self._write_status(replace(began, state=state, ended=timestamp(), error=error))

    def _written_status(self) -> RunStatus:
        try:
            return msgspec.convert(self._read("status.json"), RunStatus)
        except msgspec.ValidationError as error:
            raise StorageError(f"{self.folder / 'status.json'} is damaged: {error}") from error

    def _write_status(self, status: RunStatus) -> None:
        self._write("status.json", {"schema": 1, "kind": "run-status", **msgspec.to_builtins(status)})

    def _read(self, name: str) -> dict[str, Any]:
        path = self.folder / name
        with disk_refusals(path, "read"):
            raw = path.read_bytes()
        try:
            content = json.loads(raw)
        except ValueError as error:
            raise StorageError(f"{path} is damaged: {error}") from error
        if not isinstance(content, dict):
            raise StorageError(f"{path} is damaged: it holds no object")
        return content

    def _write(self, name: str, content: dict[str, Any]) -> None:
        pretty = msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"
        write_file_atomically(self.folder / name, pretty, mode=0o600)


def _describe(error: BaseException) -> dict[str, Any]:
    if isinstance(error, HfshellError):
        described = error.to_dict()
    else:
        described = HfshellError(f"{type(error).__name__}: {error}".strip(": ")).to_dict()
    redacted: dict[str, Any] = redact_all(described)
    return redacted
