"""What tells files, folders and texts from any others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hfshell.session.checkpointing import fingerprints


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_content_counts_and_time_does_not(here: Path) -> None:
    """A file that was touched is the same; one whose bytes changed is another, at the same time too."""
    file = here / "a.csv"
    file.write_text("one")
    before, times = fingerprints.of_path(file), file.stat()
    os.utime(file, (1, 1))
    assert fingerprints.of_path(file) == before
    file.write_text("two")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert fingerprints.of_path(file) != before


def test_large_file_is_read_once_and_known_by_its_ends(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would take minutes to read is told by size, time and its two ends."""
    file = here / "large.bin"
    file.write_bytes(bytes(5 << 20))
    whole = fingerprints.of_path(file)
    assert whole is not None
    assert whole.startswith("sha256:")
    hits = fingerprints._of_large_file.cache_info().hits
    assert fingerprints.of_path(file) == whole
    assert fingerprints._of_large_file.cache_info().hits == hits + 1
    fingerprints._of_large_file.cache_clear()
    monkeypatch.setattr(fingerprints, "WHOLE_BYTES", 4 << 20)
    before = fingerprints.of_path(file)
    assert before is not None
    assert before.startswith("ends:")
    with file.open("r+b") as opened:
        opened.seek(-1, os.SEEK_END)
        opened.write(b"x")
    assert fingerprints.of_path(file) != before


@pytest.mark.parametrize("change", ["content", "new", "gone", "renamed"])
def test_folder_is_its_files(here: Path, change: str) -> None:
    """A file more, less, of another name or content makes another folder; hidden ones do not count."""
    folder = here / "f"
    (folder / "inner").mkdir(parents=True)
    (folder / "a").write_text("a")
    (folder / "inner" / "b").write_text("b")
    before = fingerprints.of_path(folder)
    (folder / ".hidden").write_text("x")
    assert fingerprints.of_path(folder) == before
    if change == "content":
        (folder / "inner" / "b").write_text("B")
    elif change == "new":
        (folder / "c").write_text("")
    elif change == "gone":
        (folder / "a").unlink()
    else:
        (folder / "a").rename(folder / "z")
    assert fingerprints.of_path(folder) != before


def test_files_that_do_not_count(here: Path) -> None:
    """What the batch itself writes into a folder that it reads is no change of it."""
    (here / "f").mkdir()
    before = fingerprints.of_path(here / "f")
    (here / "f" / "out.jsonl").write_text("x")
    assert fingerprints.of_path(here / "f", {here / "f" / "out.jsonl"}) == before


def test_words_that_name_files(here: Path) -> None:
    """Files are found as words, behind a split and behind an option; texts that name none are passed over."""
    for name in ("a.csv", "b.csv", "c.json", "out.jsonl"):
        Path(name).write_text(name)
    Path("model").mkdir()
    words = [
        "train=a.csv",
        "b.csv",
        "--schema=c.json",
        "no.csv",
        "a\nb",
        "x" * 5000,
        "~nobody/a",
        "model",
        "",
    ]
    found = fingerprints.inputs("data", [*words, "out.jsonl"], {here / "out.jsonl"})
    assert sorted(Path(path).name for path in found) == ["a.csv", "b.csv", "c.json", "model"]
    assert fingerprints.inputs("echo", words) == {}
    plugin = fingerprints.inputs("publish", ["model", "a.csv"])
    assert [Path(path).name for path in plugin] == ["a.csv"]


def test_what_is_no_plain_file_is_no_input(here: Path) -> None:
    """A pipe is not read to see what it is."""
    os.mkfifo("pipe")
    assert fingerprints.inputs("data", ["pipe"]) == {}
