"""The file of a checkpoint: one JSON record a line, only ever added to, by one process at a time.

    {"digest":"…","record":{"kind":"done","line":"4",…}}

A digest is the SHA-256 of the digest before it and the record's text: a record that was changed, taken out or
moved is noticed. A kill leaves at most a torn last line, which is cut off.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import psutil

from hfshell.errors import StorageError, UsageError
from hfshell.storage import disk_errors

SCHEMA = 2

_BEFORE, _BETWEEN, _BEHIND = b'{"digest":"', b'","record":', b"}\n"
_DIGEST_CHARACTERS = 64
_ORPHAN_SECONDS = 20.0
"""How long a kernel whose shell was killed may take to finish its step, and to end."""

_PAUSE_SECONDS = 0.1
_FIRST_PROCESS = 1
"""Who becomes the parent of a process whose parent is gone."""

Record = dict[str, Any]
Say = Callable[[str], None]


class DamagedLine(Exception):  # noqa: N818 - told to people as another error
    """A line that is no record, or not the one that was written."""


@dataclass(eq=False)
class CheckpointFile:
    """A checkpoint's file, open and locked.

    Attributes:
        path: the file.
        shown: its name as people wrote it.
        records: what stood in it, oldest first.
    """

    path: Path
    shown: str
    records: list[Record]
    _descriptor: int
    _digest: str

    @classmethod
    def open(cls, shown: str, *, owner: int | None = None, say: Say = lambda _text: None) -> Self:
        """Open a file, made when it is missing, become its one writer, and cut off what is torn.

        Args:
            shown: the file's name; its folder must exist.
            owner: the process without which this one will end; None for one that stands alone.
            say: told why this waits.

        Raises:
            StorageError: another process writes to it, a record is damaged, or the disk refused.
            UsageError: it is something else than a checkpoint.
        """
        path = Path(shown).expanduser().absolute()
        if not path.parent.is_dir():
            raise StorageError(f"there is no folder {path.parent}", hint="make it first, or choose another")
        if path.exists() and not path.is_file():
            raise UsageError(f"{shown} is no file that a batch could be written down in")
        with disk_errors(path):
            descriptor = _locked(path, shown, say)
            try:
                records, digest = _read(shown, descriptor)
                checkpoint = cls(path, shown, records, descriptor, digest)
                if records:
                    checkpoint.announce(owner)
            except BaseException:
                os.close(descriptor)
                raise
        return checkpoint

    def announce(self, owner: int | None) -> None:
        """Write down who writes from here on, for those who find the file locked."""
        self.add({"kind": "process", "pid": os.getpid(), "owner": owner}, sync=False)

    def add(self, record: Record, *, sync: bool = True) -> None:
        """Add a record.

        Args:
            record: JSON types.
            sync: wait until the disk has it. What is added without is safe from a kill, not from a power cut.

        Raises:
            StorageError: the disk refused.
        """
        text = json.dumps(record, separators=(",", ":"), ensure_ascii=True).encode()
        digest = _digest_of(self._digest, text)
        line = _BEFORE + digest.encode() + _BETWEEN + text + _BEHIND
        with disk_errors(self.path, len(line)):
            end = os.lseek(self._descriptor, 0, os.SEEK_END)
            try:
                while line:
                    line = line[os.write(self._descriptor, line) :]
                if sync:
                    os.fsync(self._descriptor)
            except OSError:
                with contextlib.suppress(OSError):
                    os.ftruncate(self._descriptor, end)
                raise
        self._digest = digest

    def close(self) -> None:
        """Let others write."""
        os.close(self._descriptor)


def _locked(path: Path, shown: str, say: Say) -> int:
    """Open a file and lock it; one that is being let go of is waited for."""
    deadline, said = time.monotonic() + _ORPHAN_SECONDS, False
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_still(path, descriptor):
                return descriptor
        except BlockingIOError:
            writer = _writer(descriptor)
            if time.monotonic() > deadline or not _is_orphan(writer):
                os.close(descriptor)
                who = f"process {writer['pid']}" if writer else "another process"
                raise StorageError(
                    f"{shown} is being written by {who}", hint="wait until it is done, or stop it"
                ) from None
            if not said and writer:
                said = True
                say(f"process {writer['pid']}, whose shell is gone, finishes its step: waiting for it")
            time.sleep(_PAUSE_SECONDS)
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _is_still(path: Path, descriptor: int) -> bool:
    """Whether a path still leads to the file that was opened: somebody may have removed it meanwhile."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _writer(descriptor: int) -> Record | None:
    """Return who last said that it writes; None when nobody did yet."""
    found = None
    try:
        for _, record, _ in _lines(_content(descriptor)):
            found = record if record["kind"] == "process" else found
    except DamagedLine:
        pass  # it is being written
    return found


def _is_orphan(writer: Record | None) -> bool:
    """Whether a writer's owner is gone, so that it will end by itself.

    One whose shell was gone before it began to write has the first process for an owner.
    """
    if writer is None or writer["owner"] is None:
        return False
    if writer["owner"] == _FIRST_PROCESS:
        return True
    try:
        return bool(psutil.Process(writer["pid"]).ppid() != writer["owner"])
    except psutil.NoSuchProcess:
        return True


def _content(descriptor: int) -> bytes:
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0)


def _read(shown: str, descriptor: int) -> tuple[list[Record], str]:
    """Return the records and the last digest, and cut off what a kill left of one."""
    content = _content(descriptor)
    if not (content.startswith(_BEFORE) or _BEFORE.startswith(content)):
        raise UsageError(
            f"{shown} is no checkpoint of a batch", hint="name another file: nothing was written"
        )
    records: list[Record] = []
    digest, end = "", 0
    try:
        for digest, record, end in _lines(content):  # noqa: B007 - the last ones count
            records.append(record)
    except DamagedLine:
        if b"\n" in content[end:].rstrip(b"\n"):
            raise StorageError(
                f"{shown}:{len(records) + 1} is damaged: it is not what was written",
                hint="remove the file, and begin the batch anew",
            ) from None
        os.ftruncate(descriptor, end)
    return records, digest


def _lines(content: bytes) -> Iterator[tuple[str, Record, int]]:
    """Yield each record with its digest and the end of its line.

    Raises:
        DamagedLine: what follows is no record.
    """
    digest, end = "", 0
    while end < len(content):
        stop = content.find(b"\n", end) + 1
        line = content[end:stop]
        start = len(_BEFORE) + _DIGEST_CHARACTERS + len(_BETWEEN)
        text = line[start : -len(_BEHIND)]
        digest = _digest_of(digest, text)
        if line != _BEFORE + digest.encode() + _BETWEEN + text + _BEHIND:
            raise DamagedLine
        end = stop
        yield digest, json.loads(text), end


def _digest_of(before: str, text: bytes) -> str:
    return hashlib.sha256(before.encode() + text).hexdigest()
