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
    """Remove what shells that were killed left behind, but for the last day's."""
    oldest = time.time() - _KEPT_SECONDS
    for folder in kernels.glob("*-*"):
        owner = folder.name.partition("-")[0]
        try:
            if owner.isdecimal() and not _lives(int(owner)) and folder.stat().st_mtime < oldest:
                remove_state_folder(folder)
        except OSError:
            continue  # another shell was quicker


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
