"""What kills, full disks and read-only homes leave behind."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from hfshell.api import Note
from hfshell.api.results import FinetuneResult, Message
from hfshell.errors import DataError, StorageError
from hfshell.runs import Run, RunRequestRecord, RunStore

Asked = Callable[..., RunRequestRecord]

WRITER = textwrap.dedent("""
    import sys
    from pathlib import Path
    from hfshell.api import Note
    from hfshell.api.results import Message
    from hfshell.runs import RunRequestRecord, RunStore
    store = RunStore(Path(sys.argv[1]))

    def write(number):
        with store.create("eval", RunRequestRecord("t", "c", {}, {}, {}, number)) as run:
            for _ in range(5):
                run.record_event(Note("x" * 200))
            run.finish(Message(lines=("done",) * 50))

    write(0)  # what the first one imports and looks up takes longer than a whole run
    print("ready", flush=True)
    for number in range(1, int(sys.argv[2])):
        write(number)
""")


def writer(store: RunStore, runs: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(store.folder), str(runs)], stdout=subprocess.PIPE, text=True
    )


@pytest.mark.slow
def test_kill_at_any_moment_leaves_only_whole_records(store: RunStore) -> None:
    """Kills at random moments, three within a run: records are whole, and the run can be taken over."""
    moments = random.Random(5)  # a seed, so that a failure can be had again
    interrupted = kills = 0
    while kills < 5 or interrupted < 3:
        kills += 1
        assert kills < 100, "no kill lands within a run"
        with writer(store, 1_000_000) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            try:
                process.wait(moments.uniform(0.01, 0.08))
            except subprocess.TimeoutExpired:
                process.kill()
        assert process.returncode == -9
        for run in store.list():
            assert run.request["verb"] == "eval"
            assert all(event["text"] == "x" * 200 for event in run.events)
            state = run.status.state
            assert state in ("finished", "interrupted")
            assert state == "interrupted" or run.result is not None
            if state == "interrupted":
                interrupted += 1
                with run:
                    run.finish(Message(lines=("taken over",)))


def test_processes_that_make_runs_at_once_lose_none(store: RunStore) -> None:
    """Four processes make ten runs each: forty runs, each whole."""
    processes = [writer(store, 10) for _ in range(4)]
    for process in processes:
        process.communicate(timeout=60)
        assert process.returncode == 0
    runs = store.list()
    assert len(runs) == 40
    assert all(run.status.state == "finished" and run.result and len(run.events) == 5 for run in runs)


def test_one_of_many_writers_gets_the_run(store: RunStore, asked: Asked) -> None:
    """Whoever comes second is refused, also inside one process."""
    with store.create("finetune", asked()) as run:
        folder = run.folder

    def attempt(_: int) -> Run | None:
        contender = Run(folder)
        try:
            contender.acquire()
        except StorageError:
            return None
        return contender

    with ThreadPoolExecutor(4) as pool:
        winners = [run for run in pool.map(attempt, range(4)) if run is not None]
    assert len(winners) == 1
    winners[0].release()


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], list[Any]]]:
    """Refuse to open anything for writing. (Permissions prove nothing where tests run as root.)."""
    opened = os.open
    made = os.mkdir

    def refuse(number: int) -> list[Any]:
        refused: list[Any] = []

        def open_(path: Any, flags: int, *rest: Any, **more: Any) -> int:
            if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                refused.append(path)
                raise OSError(number, os.strerror(number), str(path))
            return opened(path, flags, *rest, **more)

        def mkdir(path: Any, *rest: Any, **more: Any) -> None:
            if Path(path).exists():
                return made(path, *rest, **more)
            refused.append(path)
            raise OSError(number, os.strerror(number), str(path))

        monkeypatch.setattr(os, "open", open_)
        monkeypatch.setattr(os, "mkdir", mkdir)
        return refused

    yield refuse
    monkeypatch.undo()


@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC, errno.EACCES])
def test_home_that_refuses_new_runs_is_one_clear_error(
    store: RunStore, asked: Asked, refusing: Callable[[int], list[Any]], number: int
) -> None:
    """Path and next step are said; runs that are there can still be read."""
    with store.create("finetune", asked()) as earlier:
        pass
    refused = refusing(number)
    with pytest.raises(StorageError) as raised:
        store.create("finetune", asked())
    assert refused
    assert str(store.folder) in raised.value.message
    assert raised.value.hint
    assert [run.id for run in store.list()] == [earlier.id]
    assert store.open(earlier.id).status.state == "interrupted"
    with pytest.raises(StorageError):
        Run(earlier.folder).acquire()


def test_disk_that_fills_up_at_the_end_keeps_what_there_was(
    store: RunStore, asked: Asked, finetuned: FinetuneResult, refusing: Callable[[int], list[Any]]
) -> None:
    """The result cannot be written: an error says so, what there was stands, and no half file is left."""
    run = store.create("finetune", asked())
    run.record_event(Note("before"))
    refused = refusing(errno.ENOSPC)
    with pytest.raises(StorageError, match="no space left"), run:
        run.finish(finetuned)
    assert refused
    assert Run(run.folder).status.state == "interrupted"
    assert Run(run.folder).result is None
    assert [event["text"] for event in Run(run.folder).events] == ["before"]
    assert {path.name for path in run.folder.iterdir()} == {
        "events.jsonl",
        "lock",
        "request.json",
        "status.json",
    }


def test_first_error_is_not_hidden_by_a_full_disk(
    store: RunStore, asked: Asked, refusing: Callable[[int], list[Any]]
) -> None:
    """When a run fails and its failure cannot be written down, people see the failure, with a note."""
    run = store.create("finetune", asked())
    refusing(errno.ENOSPC)
    with pytest.raises(DataError) as raised, run:
        raise DataError("bad row")
    assert any("no space left" in note for note in raised.value.__notes__)
    assert Run(run.folder).status.state == "interrupted"
