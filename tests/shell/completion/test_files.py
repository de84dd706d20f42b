"""Paths: what a folder holds, by what is meant there."""

from __future__ import annotations

from pathlib import Path

import pytest

from hfshell.shell.completion.files import files


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_bytes(b"x" * 2048)
    (tmp_path / "notes.md").touch()
    (tmp_path / ".hidden").touch()
    (tmp_path / "sub").mkdir()
    return tmp_path


def texts(typed: str, **meant: object) -> list[str]:
    """The paths that are offered."""
    return [candidate.text for candidate in files(typed, **meant)]  # type: ignore[arg-type]


def test_what_a_folder_holds(folder: Path) -> None:
    """Files with their size, then folders; hidden ones once a dot is typed."""
    assert [(found.text, found.meta) for found in files("")] == [
        ("a.csv", "2.0 KB"), ("notes.md", "0 B"), ("sub/", "folder"),
    ]  # fmt: skip
    assert texts(".") == [".hidden"]
    assert texts("", folders_only=True) == ["sub/"]
    assert texts("", fitting=(".csv",)) == ["a.csv", "sub/"]
    assert texts("no", fitting=(".csv",)) == ["a.csv", "notes.md", "sub/"]
    assert texts(f"{folder}/", folders_only=True) == [f"{folder}/sub/"]


def test_new_files_are_seen_at_once(folder: Path) -> None:
    """A folder is listed once until something comes or goes in it, and then anew."""
    assert "b.csv" not in texts("")
    (folder / "b.csv").touch()
    assert "b.csv" in texts("")
    (folder / "b.csv").unlink()
    assert "b.csv" not in texts("")


@pytest.mark.parametrize("typed", ["missing/", "a.csv/", "~nobody-has-this-name/", "\0", "x" * 5000 + "/"])
def test_what_is_no_folder(folder: Path, typed: str) -> None:
    """What cannot be looked into offers nothing, and says nothing."""
    assert texts(typed if typed != "\0" else "\0/") == []


def test_a_link_to_nowhere(folder: Path) -> None:
    """It is a file like others, of no size that anybody knows."""
    (folder / "dangling").symlink_to(folder / "gone")
    assert "dangling" in texts("")
