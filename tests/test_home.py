"""Where hfshell keeps things, and what it leaves behind."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from hfshell import Session
from hfshell.home import find_home


@pytest.fixture
def refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that cannot be made, for a file stands in its way; returns the folder for temporary files."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HFSHELL_HOME", str(tmp_path / "file" / "home"))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return temporary


def test_a_home_that_refuses_gives_way_to_a_temporary_one(refused: Path) -> None:
    """State goes elsewhere and that is said; runs still belong where the user wants them."""
    home = find_home()
    assert home.state.parent == refused
    assert home.notice is not None
    assert home.runs.parts[-4:] == ("file", "home", "data", "runs")


def test_a_session_makes_no_folder(refused: Path) -> None:
    """A session writes no state of its own, so it leaves no temporary home behind."""
    with Session() as session:
        session.run("let a = 1")
    assert list(refused.iterdir()) == []
