"""Saved sessions as candidates."""

from __future__ import annotations

import contextlib
from functools import lru_cache
from typing import TYPE_CHECKING

from hfshell.journal.saved import SavedSessions, damaged_as_none
from hfshell.shell.completion.suggestions import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def saved_sessions(folder: Path) -> Iterator[Candidate]:
    """Return the sessions that were saved, with what is bound in them."""
    for name in SavedSessions(folder):
        with contextlib.suppress(FileNotFoundError):  # removed a moment ago
            changed = SavedSessions(folder).changed(name)
            if (bound := _bound(folder, name, changed)) is not None:
                yield Candidate(name, bound)


@lru_cache(maxsize=256)
def _bound(folder: Path, name: str, changed: int) -> str | None:  # noqa: ARG001 - the file's time is the key
    """Return the names of a session, read once for each time that it was saved; None of a damaged one."""
    found = damaged_as_none(SavedSessions(folder), name)
    return None if found is None else ", ".join(found.names)
