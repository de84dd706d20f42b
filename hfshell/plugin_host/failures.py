"""How plugins last failed at work, kept on disk: the shell explains what happened in the kernel."""

from __future__ import annotations

import json
from pathlib import Path

from hfshell.errors import StorageError
from hfshell.plugin_host.breadcrumb import AtWork
from hfshell.plugin_host.discovery import Discovered
from hfshell.plugin_host.isolation import Failure
from hfshell.storage import write_file_atomically


def write(state: Path, plugin: Discovered | AtWork, failure: Failure) -> None:
    """Keep a failure; only the last one of a plugin is kept. A disk that refuses costs the explanation."""
    path = _path(state, plugin)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_file_atomically(path, json.dumps({"version": plugin.version, **failure.to_dict()}))
    except (OSError, StorageError):
        return


def read(state: Path, plugin: Discovered) -> Failure | None:
    """Return the last failure of this version of a plugin."""
    try:
        content = json.loads(_path(state, plugin).read_text(encoding="utf-8"))
        version = content.pop("version")
        return Failure(**content) if version == plugin.version else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def clear(state: Path, plugin: Discovered) -> None:
    """Forget a plugin's failure."""
    _path(state, plugin).unlink(missing_ok=True)


def _path(state: Path, plugin: Discovered | AtWork) -> Path:
    return state / "plugin-failures" / f"{plugin.distribution}-{plugin.name}.json"
