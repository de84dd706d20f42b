"""How plugins last failed at work, kept on disk: the shell explains what happened in the kernel."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from pathlib import Path

from hfshell.errors import StorageError
from hfshell.plugin_host.breadcrumb import AtWork
from hfshell.plugin_host.discovery import Discovered
from hfshell.plugin_host.isolation import Failure
from hfshell.plugin_host.manifest import Stamp, stamps_of
from hfshell.storage import write_file_atomically


@dataclass(frozen=True)
class Kept(Failure):
    """A failure that was written down.

    Attributes:
        what: what the plugin did.
        time: when, in seconds since 1970.
        stamps: the files that its code was imported from, as they were.
        over: what has happened since, so that it may be so no more; None while nothing has.
    """

    what: str = ""
    time: float = 0.0
    stamps: tuple[Stamp, ...] = ()
    over: str | None = None

    def since(self, stamps: tuple[Stamp, ...]) -> Kept:
        """Return it with what has happened since.

        Args:
            stamps: files of the plugin, as they are.
        """
        changed = stamps_of(path for path, _, _ in self.stamps) != self.stamps
        if changed or any(when > self.time * 1e9 for _, when, _ in stamps):
            return replace(self, over="the last change of its files")
        return self


def write(
    state: Path, plugin: Discovered | AtWork, failure: Failure, what: str = "", stamps: tuple[Stamp, ...] = ()
) -> None:
    """Keep a failure; only the last one of a plugin is kept. A disk that refuses costs the explanation."""
    kept = Kept(failure.summary, failure.traceback, failure.hint, what, time.time(), stamps)
    _write(_path(state, plugin), plugin.version, kept)


def passed(state: Path, plugin: Discovered, what: str) -> None:
    """Note that a plugin did what it failed in."""
    kept = read(state, plugin)
    if kept is not None and kept.what == what and kept.over is None:
        _write(_path(state, plugin), plugin.version, replace(kept, over="it last did the same"))


def read(state: Path, plugin: Discovered) -> Kept | None:
    """Return the last failure of this version of a plugin."""
    try:
        content = json.loads(_path(state, plugin).read_text(encoding="utf-8"))
        version = content.pop("version")
        stamps = tuple((path, changed, size) for path, changed, size in content.pop("stamps"))
        return Kept(**content, stamps=stamps) if version == plugin.version else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def clear(state: Path, plugin: Discovered) -> None:
    """Forget a plugin's failure."""
    _path(state, plugin).unlink(missing_ok=True)


def _write(path: Path, version: str, kept: Kept) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_file_atomically(path, json.dumps({"version": version, **kept.to_dict()}))
    except (OSError, StorageError):
        return


def _path(state: Path, plugin: Discovered | AtWork) -> Path:
    return state / "plugin-failures" / f"{plugin.distribution}-{plugin.name}.json"
