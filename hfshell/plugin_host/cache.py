"""Manifests on disk, so that an installed plugin is imported once, not at each start."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hfshell
from hfshell.api.specs import API_VERSION
from hfshell.errors import StorageError
from hfshell.plugin_host.discovery import Discovered, installed
from hfshell.plugin_host.isolation import Failure
from hfshell.plugin_host.manifest import Manifest
from hfshell.redact import redact_all
from hfshell.storage import write_file_atomically

SCHEMA = 1
_FAILURE_SECONDS = 24 * 3600
"""A failure is tried again after a day, and whenever something was installed."""


@dataclass(frozen=True)
class Remembered:
    """A plugin that is, or once was, installed here.

    Attributes:
        distribution, version: of the package that ships it.
        manifest: what was found when it was last imported.
        time: when that was, in seconds since 1970.
        installed: the folders of packages as they were.
    """

    distribution: str
    version: str
    manifest: Manifest
    time: float
    installed: tuple[str, ...]

    def is_stale(self) -> bool:
        """Whether a plugin that failed should be tried again."""
        return self.installed != installed() or time.time() - self.time > _FAILURE_SECONDS


class ManifestCache:
    """The manifests of one Python environment.

    Args:
        folder: where the file lies.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / f"plugins-{_environment()}.json"
        self._entries = self._read()

    def reload(self) -> None:
        """Read the file again: another process may have written it."""
        self._entries = self._read()

    @contextmanager
    def lock(self, seconds: float) -> Iterator[None]:
        """Keep other processes from asking plugins meanwhile; not for ever, and not where no file can be."""
        import filelock

        lock = filelock.FileLock(f"{self._path}.lock")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock.acquire(timeout=seconds)
        except (OSError, filelock.Timeout):
            yield
            return
        try:
            yield
        finally:
            lock.release()

    def forget(self, plugin: Discovered) -> None:
        """Have a plugin asked anew."""
        if self._entries.pop(_key(plugin), None) is not None:
            self.keep({})

    def find(self, plugin: Discovered) -> Manifest | None:
        """Return a plugin's manifest; None when there is none, or none that holds."""
        entry = _read_entry(self._entries.get(_key(plugin)))
        if entry is None or (entry.distribution, entry.version) != (plugin.distribution, plugin.version):
            return None
        if entry.manifest.state != "ready" and entry.is_stale():
            return None
        return entry.manifest if entry.manifest.is_current() else None

    def keep(self, found: Mapping[Discovered, Manifest]) -> None:
        """Remember manifests. What was remembered of plugins that are gone stays, to name their packages by.

        A disk that refuses costs the next start some time, and nothing else.
        """
        for plugin, manifest in found.items():
            self._entries[_key(plugin)] = {
                "distribution": plugin.distribution,
                "version": plugin.version,
                "time": time.time(),
                "installed": list(installed()),
                "manifest": {**manifest.to_dict(), "failure": _written(manifest.failure)},
            }
        text = json.dumps({"schema": SCHEMA, "plugins": self._entries})
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_file_atomically(self._path, text, mode=0o600)
        except (OSError, StorageError):
            return

    def remembered(self) -> Sequence[Remembered]:
        """All that was ever found here, installed or not."""
        entries = (_read_entry(entry) for entry in self._entries.values())
        return [entry for entry in entries if entry is not None]

    def _read(self) -> dict[str, Any]:
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
            entries = content["plugins"] if content["schema"] == SCHEMA else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        return entries if isinstance(entries, dict) else {}


def _written(failure: Failure | None) -> dict[str, Any] | None:
    """A failure as it may be written down: what a plugin raised may hold a secret."""
    redacted: dict[str, Any] = redact_all(failure.to_dict() if failure else {})
    return redacted or None


def _read_entry(entry: Any) -> Remembered | None:
    """Read what is remembered of a plugin; None for what is no such thing, whoever wrote it."""
    try:
        return Remembered(
            str(entry["distribution"]),
            str(entry["version"]),
            Manifest.from_dict(entry["manifest"]),
            float(entry["time"]),
            tuple(entry["installed"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _key(plugin: Discovered) -> str:
    return f"{plugin.group}:{plugin.name}={plugin.module}@{plugin.distribution}"


def _environment() -> str:
    """Tell environments, and versions of the contract, apart."""
    parts = (sys.prefix, sys.version, hfshell.__version__, str(API_VERSION))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
