"""Sessions whose shell ended without being left: killed, or with the machine. Their journals remain."""

from __future__ import annotations

import contextlib
from pathlib import Path

from hfshell.errors import StorageError
from hfshell.journal.file import NAME, Journal, read
from hfshell.journal.owner import Owner, is_owned

_OWNER = "owner"
_OFFERED = "offered"
_RESTORED = "restored"


def own(folder: Path) -> Owner:
    """Say that a state folder is a living prompt's: until it is closed, nobody is offered what lies in it.

    Raises:
        OSError: the folder cannot be made or written.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Owner(folder / _OWNER)


def is_alive(folder: Path) -> bool:
    """Whether a state folder is a living prompt's."""
    return is_owned(folder / _OWNER)


def is_a_prompts(folder: Path) -> bool:
    """Whether a state folder is or was a prompt's; those of scripts are not offered to anybody."""
    return (folder / _OWNER).is_file()


def can_be_restored(folder: Path) -> bool:
    """Whether a state folder holds names that `session restore` could bring back, some day."""
    return is_a_prompts(folder) and not (folder / _RESTORED).exists() and (folder / NAME).is_file()


def crashed(kernels: Path, *, offered: bool = True) -> list[Journal]:
    """Return what prompts that are gone left behind, newest first; none that was brought back already.

    Args:
        kernels: the folder of state folders.
        offered: also those that somebody was offered, and left.
    """
    found = []
    for folder in kernels.iterdir() if kernels.is_dir() else ():
        wanted = offered or not (folder / _OFFERED).exists()
        if wanted and can_be_restored(folder) and (journal := _left_behind(folder)) is not None:
            found.append(journal)
    return sorted(found, key=lambda journal: journal.changed, reverse=True)


def mark_offered(journal: Journal) -> None:
    """Offer a session no more; `session restore` brings it back all the same."""
    _mark(journal, _OFFERED)


def mark_restored(journal: Journal) -> None:
    """Let nobody else bring a session back."""
    _mark(journal, _RESTORED)


def _mark(journal: Journal, name: str) -> None:
    with contextlib.suppress(OSError):  # it is gone, or offered once more
        (journal.path.parent / name).touch(mode=0o600)


def _left_behind(folder: Path) -> Journal | None:
    if is_alive(folder):
        return None
    try:
        journal = read(folder / NAME)
    except (FileNotFoundError, StorageError):
        return None
    return journal if journal.names else None
