"""A folder for one shell's kernels: socket, log, journal of names. Gone when the shell leaves."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hfshell.home import Home

_KEPT_SECONDS = 24 * 3600
"""The log of a shell that was killed may still be wanted for a day."""

_RESTORABLE_SECONDS = 30 * _KEPT_SECONDS
"""Names that can be restored are kept longer."""


def new_state_folder(kernels: Path) -> Path:
    """Name a folder that no other shell has; whoever uses it first makes it."""
    return kernels / f"{os.getpid()}-{secrets.token_hex(4)}"


def remove_state_folder(folder: Path) -> None:
    """Remove a folder that is no longer needed."""
    shutil.rmtree(folder, ignore_errors=True)


def clean_up(home: Home, folder: Path) -> None:
    """Remove what a shell leaves behind: its folder, and the home that stood in for one that refuses."""
    remove_state_folder(folder)
    if home.notice:
        shutil.rmtree(home.state, ignore_errors=True)


def remove_abandoned(kernels: Path) -> None:
    """Remove what shells that were killed left behind, once nobody will want it any more."""
    now = time.time()
    for folder in kernels.glob("*-*"):
        try:
            if not _is_alive(folder) and folder.stat().st_mtime < now - _kept_seconds(folder):
                remove_state_folder(folder)
        except OSError:
            continue  # another shell was quicker


def _is_alive(folder: Path) -> bool:
    """Whether its shell lives. A number alone says little: after a restart it may be anybody's."""
    from hfshell.journal.crashed import is_a_prompts, is_alive

    if is_a_prompts(folder):
        return is_alive(folder)
    owner = folder.name.partition("-")[0]
    return not owner.isdecimal() or _lives(int(owner))


def _kept_seconds(folder: Path) -> float:
    from hfshell.journal.crashed import can_be_restored

    return _RESTORABLE_SECONDS if can_be_restored(folder) else _KEPT_SECONDS


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
