from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfshell.api import Note, Progress
from hfshell.errors import StorageError
from hfshell.runs.events import EventLog, read_events

if TYPE_CHECKING:
    from pathlib import Path


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


def test_events_read_back_in_order(path: Path) -> None:
    """What was appended is what is read, with its time and kind, and without empty fields."""
    log = EventLog(path)
    log.append(Note("2 rows were cut", "warn"))
    log.append(Progress("finetune", 1, 10, unit="steps", loss=0.5))
    log.close()
    note, progress = read_events(path)
    assert (note["kind"], note["text"], note["severity"]) == ("note", "2 rows were cut", "warn")
    assert (progress["kind"], progress["done"], progress["loss"]) == ("progress", 1, 0.5)
    assert "epoch" not in progress
    assert note["time"] <= progress["time"]


def test_event_is_on_disk_before_the_log_is_closed(path: Path) -> None:
    """Whoever looks from another process sees it at once, and a kill does not lose it."""
    log = EventLog(path)
    log.append(Note("hello"))
    assert len(read_events(path)) == 1
    log.close()


def test_progress_is_thinned(path: Path) -> None:
    """A thousand quick steps leave a few lines: the first, one a second, news of metrics, and the last."""
    clock = Clock()
    log = EventLog(path, clock)
    for step in range(1, 1001):
        clock.now += 0.01
        metrics = {"accuracy": 0.9} if step >= 500 else {}
        log.append(Progress("finetune", step, 1000, metrics=metrics))
    log.close()
    done = [event["done"] for event in read_events(path)]
    assert done[0] == 1
    assert 500 in done
    assert done[-1] == 1000
    assert 11 <= len(done) <= 14


def test_another_activity_is_news(path: Path) -> None:
    """The first progress of an evaluation is written however soon it comes after training's."""
    clock = Clock()
    log = EventLog(path, clock)
    for activity in ("finetune", "eval", "eval"):
        log.append(Progress(activity, 1, 10))
    log.close()
    assert [event["activity"] for event in read_events(path)] == ["finetune", "eval"]


@given(cut=st.integers(1, 200))
def test_torn_line_costs_only_itself(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    """Wherever a kill cuts the file, whole lines are read, and lines written later are whole."""
    path = tmp_path_factory.mktemp("torn") / "events.jsonl"
    log = EventLog(path)
    for number in range(3):
        log.append(Note(f"note {number}"))
    log.close()
    whole = path.read_bytes()
    kept = whole[: max(0, len(whole) - cut)]
    path.write_bytes(kept)
    later = EventLog(path)
    later.append(Note("later"))
    later.close()
    texts = [event["text"] for event in read_events(path)]
    assert texts[-1] == "later"
    # a line that lacks only its newline is whole
    assert texts[:-1] == [f"note {number}" for number in range(3) if len(kept) >= _end_of(whole, number) - 1]


def _end_of(content: bytes, number: int) -> int:
    return sum(len(line) for line in content.splitlines(keepends=True)[: number + 1])


def test_missing_file_has_no_events(path: Path) -> None:
    """A run that said nothing is no error."""
    assert read_events(path) == ()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_full_disk_is_said_and_later_lines_are_whole(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Half a line goes in before the disk is full; the error names the file; the next event is readable."""
    log = EventLog(path)
    write = os.write
    calls = []

    def refuse(descriptor: int, data: bytes) -> int:
        calls.append(len(data))
        if len(calls) == 1:
            return write(descriptor, data[:10])
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "write", refuse)
    with pytest.raises(StorageError) as raised:
        log.append(Note("lost"))
    assert len(calls) == 2
    assert str(path) in raised.value.message
    assert raised.value.hint
    monkeypatch.setattr(os, "write", write)
    log.append(Note("kept"))
    log.close()
    assert [event["text"] for event in read_events(path)] == ["kept"]


def test_secrets_in_notes_are_masked(path: Path) -> None:
    """An event may quote the command line."""
    log = EventLog(path)
    log.append(Note("running with --token abc"))
    log.close()
    assert read_events(path)[0]["text"] == "running with --token ***"
