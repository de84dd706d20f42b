"""What was downloaded from the Hub before, by the names in its cache: its own library is slow to come."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Literal

from hfshell.home import hub_cache
from hfshell.render.quantities import size
from hfshell.shell.completion.suggestions import Candidate

Kind = Literal["models", "datasets"]


def cached(kind: Kind) -> tuple[Candidate, ...]:
    """Return the repositories of a kind that lie in the cache, with their size on the disk."""
    folder = hub_cache()
    try:
        return _listed(str(folder), kind, folder.stat().st_mtime_ns)
    except OSError:
        return ()  # nothing was ever downloaded, or nobody may look


@lru_cache(maxsize=4)
def _listed(folder: str, kind: Kind, _changed: int) -> tuple[Candidate, ...]:
    return tuple(_repositories(Path(folder), f"{kind}--"))


def _repositories(folder: Path, prefix: str) -> Iterator[Candidate]:
    for entry in sorted(folder.glob(f"{prefix}*")):
        owner, *name = entry.name.removeprefix(prefix).split("--", 1)
        if any((entry / "snapshots").glob("*")):
            yield Candidate("/".join([owner, *name]), f"Hub cache · {size(_bytes(entry / 'blobs'))}")


def _bytes(folder: Path) -> int:
    try:
        with os.scandir(folder) as found:
            return sum(entry.stat().st_size for entry in found)
    except OSError:
        return 0
