"""Run directories as candidates, newest first."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from hfshell.shell.completion.suggestions import Candidate

_MOST = 50


def newest_runs(folder: Path) -> tuple[Candidate, ...]:
    """Return IDs of runs with what they were asked; a record that cannot be read says nothing."""
    try:
        return _listed(str(folder), folder.stat().st_mtime_ns)
    except OSError:
        return ()


@lru_cache(maxsize=4)
def _listed(folder: str, _changed: int) -> tuple[Candidate, ...]:
    """List the folder once until a run begins: at each key somebody asks again."""
    with os.scandir(folder) as found:
        runs = sorted((entry for entry in found if entry.is_dir()), key=_changed_last, reverse=True)
    return tuple(Candidate(run.name, _asked(Path(run.path))) for run in runs[:_MOST])


def _changed_last(run: os.DirEntry[str]) -> int:
    return run.stat().st_mtime_ns


def _asked(run: Path) -> str:
    try:
        request: dict[str, Any] = json.loads((run / "request.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    day = str(request.get("created", "")).partition("T")[0]
    line = str(request.get("command") or request.get("verb", "")).partition("\n")[0]
    return " · ".join(filter(None, (day, line)))
