"""Sessions saved under a name."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hfshell.errors import StorageError, UsageError
from hfshell.journal.file import Journal, read
from hfshell.journal.owner import Owner, is_owned, owner_of
from hfshell.storage import disk_errors, write_file_atomically

_ENDING = ".json"
_LOCK = ".lock"
_NAME = re.compile(r"\w[\w.-]*")


class SavedSessions:
    """The sessions of one user, a file each.

    Args:
        folder: where they lie; made, for this user alone, when something is saved.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        found = sorted(self._folder.glob(f"*{_ENDING}")) if self._folder.is_dir() else []
        return iter([path.name.removesuffix(_ENDING) for path in found if _NAME.fullmatch(path.stem)])

    def __contains__(self, name: object) -> bool:
        """Whether there is a session of this name."""
        return isinstance(name, str) and bool(_NAME.fullmatch(name)) and self._path(name).is_file()

    def changed(self, name: str) -> int:
        """Return when a session was saved, in nanoseconds.

        Raises:
            FileNotFoundError: there is none.
        """
        return self._path(name).stat().st_mtime_ns

    def read(self, name: str) -> Journal:
        """Read a session.

        Raises:
            UsageError: there is none of this name; the nearest is offered.
            StorageError: it is damaged.
        """
        try:
            return read(self._path(name))
        except FileNotFoundError:
            raise self._unknown(name) from None

    def save(self, name: str, journal: Mapping[str, Any], *, replace: bool = False) -> Path:
        """Write a session under a name, whole or not at all.

        Args:
            name: its name.
            journal: as `Names.journal` returns it.
            replace: whether one of that name may give way.

        Raises:
            UsageError: it cannot be a name, or there is a session of that name.
            StorageError: the disk refused; what was saved before stands.
        """
        path = self._path(name)
        if path.exists() and not replace:
            raise UsageError(
                f"there is a session {name} already", hint=f"session save {name} --replace, or another name"
            )
        with disk_errors(path):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_file_atomically(path, json.dumps(journal, ensure_ascii=True, indent=1), mode=0o600)
        return path

    def remove(self, name: str) -> Journal:
        """Forget a session, and return what it was. Models, runs and data stay where they are.

        Raises:
            UsageError: there is none of this name, or a shell has it open.
            StorageError: the disk refused.
        """
        found = self.read(name)
        if self.is_open(name):
            raise self._is_open(name)
        with disk_errors(found.path):
            found.path.unlink()
            self._lock(name).unlink(missing_ok=True)
        return found

    def open(self, name: str) -> Owner:
        """Take a session for this process, until it is given back or the process is gone.

        Raises:
            UsageError: it cannot be a name, or another process has it.
            StorageError: the disk refused.
        """
        path = self._lock(name)
        with disk_errors(path):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                return Owner(path)
            except BlockingIOError:
                raise self._is_open(name) from None

    def is_open(self, name: str) -> bool:
        """Whether a process has a session open."""
        return is_owned(self._lock(name))

    def refuse_if_open_elsewhere(self, name: str) -> None:
        """See that no other shell will save a session of this name when it is left.

        Raises:
            UsageError: one will.
        """
        own = {str(os.getpid()), str(os.getppid())}  # a kernel's parent is its shell
        if self.is_open(name) and owner_of(self._lock(name)) not in own:
            raise self._is_open(name)

    def _is_open(self, name: str) -> UsageError:
        process = owner_of(self._lock(name))
        where = f" (process {process})" if process else ""
        hint = f"leave it there first, or `session load {name}` in a session of another name"
        return UsageError(f"session {name} is open in another shell{where}", hint=hint)

    def _unknown(self, name: str) -> UsageError:
        from hfshell.language.suggest import did_you_mean

        hint = did_you_mean(name, list(self)) or f"`session save {name}` makes one; `session list` lists them"
        return UsageError(f"there is no session {name}", hint=hint)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name) or name.endswith((_ENDING, _LOCK)):
            raise UsageError(
                f"{name} cannot be the name of a session", hint="letters, digits, `.`, `-` and `_`"
            )
        return self._folder / f"{name}{_ENDING}"

    def _lock(self, name: str) -> Path:
        return self._path(name).with_name(f"{name}{_LOCK}")


def damaged_as_none(sessions: SavedSessions, name: str) -> Journal | None:
    """Read a session for a list: one that is damaged, or was removed a moment ago, is left out."""
    try:
        return sessions.read(name)
    except (StorageError, UsageError):
        return None
