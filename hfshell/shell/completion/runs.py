"""Run directories as candidates, newest first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hfshell.shell.completion.suggestions import Candidate

_MOST = 50


def newest_runs(folder: Path) -> list[Candidate]:
    """Return IDs of runs with what they were asked; a record that cannot be read says nothing."""
    try:
        found = sorted(folder.iterdir(), key=lambda run: run.stat().st_mtime, reverse=True)
    except OSError:
        return []
    return [Candidate(run.name, _asked(run)) for run in found[:_MOST] if run.is_dir()]


def _asked(run: Path) -> str:
    try:
        request: dict[str, Any] = json.loads((run / "request.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return " ".join(str(request[key]) for key in ("verb", "created") if key in request)
