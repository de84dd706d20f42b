"""State folders: one for each shell, and none left for long."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hfshell.home import find_home
from hfshell.shell.state_folder import clean_up, new_state_folder, remove_abandoned

if TYPE_CHECKING:
    import pytest


def test_no_two_shells_share_a_folder(tmp_path: Path) -> None:
    """The journal of another session must never be taken for ours."""
    assert new_state_folder(tmp_path) != new_state_folder(tmp_path)


def test_only_old_folders_of_dead_shells_go(tmp_path: Path) -> None:
    """What a killed shell left goes after a day; a living shell's stays, and so does what is not ours."""
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    old, fresh = tmp_path / f"{dead.pid}-aa", tmp_path / f"{dead.pid}-bb"
    living, foreign = tmp_path / f"{os.getpid()}-cc", tmp_path / "notes-of-mine"
    for folder in (old, fresh, living, foreign):
        folder.mkdir()
        (folder / "kernel.log").touch()
        if folder is not fresh:
            os.utime(folder, (0, 0))
    remove_abandoned(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([fresh.name, living.name, foreign.name])


def test_a_home_that_refuses_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The temporary folder that stands in for a home goes with the shell."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("HFSHELL_HOME", str(tmp_path / "file"))
    home = find_home()
    assert home.notice
    clean_up(home, home.kernels / "1-a")
    assert not home.state.exists()


def test_no_folder_yet(tmp_path: Path) -> None:
    """The first start finds nothing to clean."""
    remove_abandoned(tmp_path / "missing")
