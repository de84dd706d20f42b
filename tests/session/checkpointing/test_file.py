"""The file of a checkpoint: only added to, checked, locked."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hfshell.errors import StorageError, UsageError
from hfshell.session.checkpointing.file import CheckpointFile

RECORDS = [
    {"kind": "batch", "text": "café \ud800"},
    {"kind": "done", "line": "2"},
    {"kind": "done", "line": "3"},
]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def file() -> Path:
    """A checkpoint with three records."""
    checkpoint = CheckpointFile.open("c")
    for record in RECORDS:
        checkpoint.add(record)
    checkpoint.close()
    return Path("c")


def read() -> list[dict[str, object]]:
    """Return what a checkpoint holds, but for who wrote it."""
    checkpoint = CheckpointFile.open("c")
    checkpoint.close()
    return [record for record in checkpoint.records if record["kind"] != "process"]


def test_records_come_back(file: Path) -> None:
    """What was written is read, lone surrogates and all; for the owner's eyes alone."""
    assert read() == RECORDS
    assert file.stat().st_mode & 0o777 == 0o600


def test_torn_line_is_cut_off_wherever_it_is_torn(file: Path) -> None:
    """A kill within the last record costs that record, and the next one stands where it stood."""
    whole = file.read_bytes()
    last = len(whole.splitlines(keepends=True)[-1])
    for end in range(len(whole) - last, len(whole)):
        file.write_bytes(whole[:end])
        checkpoint = CheckpointFile.open("c")
        assert checkpoint.records == RECORDS[:2]
        checkpoint.add(RECORDS[2])
        checkpoint.close()
        assert read() == RECORDS


def test_torn_first_line_is_no_batch(file: Path) -> None:
    """A kill within the first record leaves a file that a batch may begin with."""
    first = file.read_bytes().splitlines(keepends=True)[0]
    for end in range(len(first)):
        file.write_bytes(first[:end])
        assert read() == []


@pytest.mark.parametrize("change", ["flip", "drop", "swap"])
def test_changed_record_is_noticed(file: Path, change: str) -> None:
    """A record that was changed, taken out or moved makes the checkpoint one that nobody goes on with."""
    lines = file.read_bytes().splitlines(keepends=True)
    if change == "flip":
        lines[1] = lines[1].replace(b'"2"', b'"9"')
    elif change == "drop":
        del lines[1]
    else:
        lines[1:3] = lines[2:0:-1]
    file.write_bytes(b"".join(lines) + lines[-1])
    before = file.read_bytes()
    with pytest.raises(StorageError, match="c:2 is damaged"):
        CheckpointFile.open("c")
    assert file.read_bytes() == before


@pytest.mark.parametrize("content", [b"text,label\na,b\n", b"{}", b"\0" * 99])
def test_another_file_is_never_touched(content: bytes) -> None:
    """A data file given by mistake stays as it is."""
    Path("rows.csv").write_bytes(content)
    with pytest.raises(UsageError, match=r"rows\.csv is no checkpoint"):
        CheckpointFile.open("rows.csv")
    assert Path("rows.csv").read_bytes() == content


def test_folder_and_missing_folder_are_said() -> None:
    """What is no file, and what could be none, are told before anything runs."""
    with pytest.raises(UsageError, match="is no file"):
        CheckpointFile.open(".")
    with pytest.raises(StorageError, match="no folder"):
        CheckpointFile.open("nowhere/c")


def test_second_writer_is_refused(file: Path) -> None:
    """Two batches with one checkpoint would undo each other's work: the second says who has it."""
    checkpoint = CheckpointFile.open("c")
    began = time.monotonic()
    with pytest.raises(StorageError, match=f"process {os.getpid()}"):
        CheckpointFile.open("c")
    assert time.monotonic() - began < 5
    checkpoint.close()
    assert read() == RECORDS


@pytest.mark.parametrize("owner", [1 << 30, 1])
def test_orphan_is_waited_for(file: Path, owner: int) -> None:
    """A kernel whose shell was killed, even before it began, ends: the next batch waits for it."""
    program = (
        "import sys, time; from hfshell.session.checkpointing.file import CheckpointFile; "
        "held = CheckpointFile.open('c', owner=int(sys.argv[1])); print('ready', flush=True); time.sleep(1.5)"
    )
    holder = subprocess.Popen([sys.executable, "-c", program, str(owner)], stdout=subprocess.PIPE)
    assert holder.stdout
    holder.stdout.readline()
    said: list[str] = []
    CheckpointFile.open("c", say=said.append).close()
    assert holder.wait(10) == 0
    holder.stdout.close()
    assert [str(holder.pid) in text for text in said] == [True]


def test_file_that_was_removed_meanwhile_is_made_anew(file: Path) -> None:
    """`rm` while a batch runs takes nothing from the next one, which has a file of its own."""
    checkpoint = CheckpointFile.open("c")
    file.unlink()
    assert read() == []
    checkpoint.close()


def test_disk_that_refuses_leaves_whole_records(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk costs the record that did not fit, and not the ones before it."""
    checkpoint = CheckpointFile.open("c")

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(StorageError, match="no space left"):
            checkpoint.add({"kind": "done", "line": "4"})
    checkpoint.add({"kind": "done", "line": "5"})
    checkpoint.close()
    assert [record.get("line") for record in read()] == [None, "2", "3", "5"]
