"""Files of plugins whose code is in a process, as they were: Python keeps the code until it ends."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hfshell.errors import StorageError
from hfshell.plugin_host.discovery import USED_HERE, Discovered
from hfshell.plugin_host.listening import is_alive
from hfshell.plugin_host.manifest import Stamp, stamps_of
from hfshell.storage import write_file_atomically

_NAMED = 2
"""Changed files that are named; of more it is said how many there are."""


@dataclass(frozen=True)
class _File:
    """A file that was imported, and the package whose plugin it belongs to."""

    distribution: str
    stamp: Stamp


class Imported:
    """Remembers the files that plugins' code was imported from, from their first look on.

    Args:
        state: folder where other processes of the user find it.
    """

    def __init__(self, state: Path) -> None:
        self._state = state
        self._files: dict[str, _File] = {}

    def look(self, plugins: Iterable[Discovered]) -> bool:
        """Take note of files that were imported since the last look; return whether there are any."""
        known, owners = len(self._files), _owners(plugins)
        if owners.keys().isdisjoint(sys.modules):
            return False
        for name, module in list(sys.modules.items()):
            owner = owners.get(name.partition(".")[0])
            file = getattr(module, "__file__", None) if owner else None
            if owner and isinstance(file, str) and file not in self._files:
                for stamp in stamps_of([file]):
                    self._files[file] = _File(owner, stamp)
        return len(self._files) > known

    def changes(self) -> dict[str, str]:
        """Say of each distribution whose files have changed which and when."""
        return _changes(self._files.values())

    def stamps(self, distribution: str) -> tuple[Stamp, ...]:
        """Return the files of a distribution, as they were."""
        return tuple(file.stamp for file in self._files.values() if file.distribution == distribution)

    def leave_word(self) -> None:
        """Write the files down for `changes_in`. A disk that refuses costs a remark."""
        with contextlib.suppress(OSError, StorageError):
            self._state.mkdir(parents=True, exist_ok=True, mode=0o700)
            _remove_of_the_dead(self._state)
            files = [(file.distribution, file.stamp) for file in self._files.values()]
            write_file_atomically(_path(self._state, os.getpid()), json.dumps(files))


def changes_in(state: Path, pid: int) -> dict[str, str]:
    """Say, as `Imported.changes` does, what has changed since another process imported it."""
    try:
        files = json.loads(_path(state, pid).read_text(encoding="utf-8"))
        return _changes([_File(owner, (path, changed, size)) for owner, (path, changed, size) in files])
    except (OSError, ValueError, TypeError):
        return {}


def _owners(plugins: Iterable[Discovered]) -> dict[str, str]:
    """Return distributions by their topmost package."""
    others = [found for found in plugins if not found.built_in and found.distribution != USED_HERE]
    return {found.module.partition(".")[0]: found.distribution for found in others}


def _changes(files: Iterable[_File]) -> dict[str, str]:
    changed: dict[str, list[str]] = {}
    for file in files:
        if stamps_of([file.stamp[0]]) != (file.stamp,):
            changed.setdefault(file.distribution, []).append(file.stamp[0])
    return {distribution: _said(sorted(paths)) for distribution, paths in changed.items()}


def _said(paths: list[str]) -> str:
    """Name the files, and the time: a change that comes later is another one."""
    names = [Path(path).name for path in paths]
    listed = " and ".join(names) if len(names) <= _NAMED else f"{names[0]} and {len(names) - 1} other files"
    has = "has" if len(names) == 1 else "have"
    return f"{listed} {has} changed since {'it was' if len(names) == 1 else 'they were'} imported{_at(paths)}"


def _at(paths: list[str]) -> str:
    times = [stamp[1] for stamp in stamps_of(paths)]
    return time.strftime(" (%H:%M:%S)", time.localtime(max(times) / 1e9)) if times else ""


def _path(state: Path, pid: int) -> Path:
    return state / f"plugins-imported-{pid}"


def _remove_of_the_dead(state: Path) -> None:
    for path in state.glob("plugins-imported-*"):
        pid = path.name.rpartition("-")[2]
        if pid.isdecimal() and not is_alive(int(pid)):
            path.unlink(missing_ok=True)
