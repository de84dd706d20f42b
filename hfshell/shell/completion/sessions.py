"""Saved sessions as candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfshell.journal.saved import SavedSessions, damaged_as_none
from hfshell.shell.completion.suggestions import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def saved_sessions(folder: Path) -> Iterator[Candidate]:
    """Return the sessions that were saved, with what is bound in them."""
    sessions = SavedSessions(folder)
    for name in sessions:
        found = damaged_as_none(sessions, name)
        if found is not None:
            yield Candidate(name, ", ".join(found.names))
