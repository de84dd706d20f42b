from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable

import pytest

from hfshell.api import Note
from hfshell.api.results import FinetuneResult, result_from_dict
from hfshell.errors import DataError, Interrupted, Place, StorageError
from hfshell.runs import Run, RunRequestRecord, RunStore

Asked = Callable[..., RunRequestRecord]


def test_run_keeps_request_events_and_result(
    store: RunStore, asked: Asked, finetuned: FinetuneResult
) -> None:
    """A finished run, opened anew, tells what was asked, what happened and what came out."""
    with store.create("finetune", asked()) as run:
        run.record_event(Note("hello"))
        run.finish(finetuned)
    again = Run(run.folder)
    assert again.request["verb"] == "finetune"
    assert again.request["options"]["epochs"] == 3.0
    assert again.request["data"] == {"name": "tickets", "fingerprint": "d41d8c"}
    assert again.request["seed"] == 42
    assert "torch" in again.request["versions"]
    assert [event["text"] for event in again.events] == ["hello"]
    assert again.result is not None
    assert result_from_dict(again.result) == finetuned
    status = again.status
    assert status.state == "finished"
    assert status.ended is not None
    assert status.started <= status.ended


def test_only_the_owner_may_look(store: RunStore, asked: Asked) -> None:
    """A run's folder holds data and prompts: nobody else may read it."""
    with store.create("eval", asked()) as run:
        assert stat.S_IMODE(run.folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((run.folder / "request.json").stat().st_mode) == 0o600


def test_failure_is_written_down_with_its_place(store: RunStore, asked: Asked) -> None:
    """An exception on the way out is the run's end, and passes on."""
    run = store.create("finetune", asked())
    with pytest.raises(DataError), run:
        raise DataError("bad row, --token abc", place=Place("tickets.csv", 7))
    status = Run(run.folder).status
    assert status.state == "failed"
    assert status.error is not None
    assert status.error["place"]["line"] == 7
    assert status.error["message"] == "bad row, --token ***"
    assert Run(run.folder).result is None


def test_stranger_exception_is_written_down(store: RunStore, asked: Asked) -> None:
    """A plugin may raise anything; its type and words are kept as text."""
    run = store.create("finetune", asked())
    with pytest.raises(ZeroDivisionError), run:
        raise ZeroDivisionError("no rows")
    error = Run(run.folder).status.error
    assert error is not None
    assert error["message"] == "ZeroDivisionError: no rows"


@pytest.mark.parametrize("error", [Interrupted(), KeyboardInterrupt()])
def test_interruption_leaves_an_interrupted_run(store: RunStore, asked: Asked, error: BaseException) -> None:
    """Ctrl-C is no failure."""
    run = store.create("finetune", asked())
    with pytest.raises(type(error)), run:
        raise error
    assert Run(run.folder).status.state == "interrupted"


def test_stopped_run_has_a_result_and_can_be_resumed(
    store: RunStore, asked: Asked, finetuned: FinetuneResult
) -> None:
    """What was kept at Ctrl-C is there, and the run is not called finished."""
    with store.create("finetune", asked()) as run:
        run.finish(finetuned, stopped="interrupted")
    assert Run(run.folder).result is not None
    assert Run(run.folder).status.state == "interrupted"
    with Run(run.folder) as resumed:
        assert resumed.status.state == "running"
        resumed.finish(finetuned)
    assert Run(run.folder).status.state == "finished"


def test_run_in_writing_is_running_for_others(store: RunStore, asked: Asked) -> None:
    """A reader sees that it runs, and its look does not disturb the writer."""
    with store.create("finetune", asked()) as run:
        other = Run(run.folder)
        assert other.status.state == "running"
        assert other.status.pid == os.getpid()
        run.record_event(Note("still writing"))


def test_second_writer_is_refused_with_the_pid(store: RunStore, asked: Asked) -> None:
    """Two processes must not train into one folder; the refusal names who has it, and leaves it whole."""
    run = store.create("finetune", asked())
    code = textwrap.dedent("""
        import sys
        from pathlib import Path
        from hfshell.errors import StorageError
        from hfshell.runs import Run
        try:
            Run(Path(sys.argv[1])).acquire()
        except StorageError as error:
            print(error.message)
    """)
    answer = subprocess.run(
        [sys.executable, "-c", code, str(run.folder)], check=True, capture_output=True, text=True, timeout=60
    )
    assert answer.stdout.strip() == f"run {run.id} is being written by process {os.getpid()}"
    with run:
        run.record_event(Note("mine"))
    assert [event["text"] for event in run.events] == ["mine"]


def test_run_of_a_dead_writer_is_interrupted_and_can_be_taken_over(store: RunStore, asked: Asked) -> None:
    """A writer that was killed leaves no lock that anybody must remove by hand."""
    code = textwrap.dedent("""
        import os, signal, sys
        from pathlib import Path
        from hfshell.api import Note
        from hfshell.runs import RunRequestRecord, RunStore
        run = RunStore(Path(sys.argv[1])).create("finetune", RunRequestRecord("t", "c", {}, {}, {}, 1))
        run.record_event(Note("alive"))
        (run.folder / ".staging-abc").write_text("half")
        print(run.id, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    answer = subprocess.run(
        [sys.executable, "-c", code, str(store.folder)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert answer.returncode == -9
    run = store.open(answer.stdout.strip())
    assert json.loads((run.folder / "status.json").read_text())["state"] == "running"
    assert run.status.state == "interrupted"
    with run:
        assert run.status.pid == os.getpid()
        assert not (run.folder / ".staging-abc").exists()
        assert [event["text"] for event in run.events] == ["alive"]


def test_run_that_was_not_acquired_takes_no_events(store: RunStore, asked: Asked) -> None:
    """Writing without the lock is a fault of the program, said at once."""
    with store.create("finetune", asked()) as run:
        pass
    with pytest.raises(RuntimeError, match="not acquired"):
        run.record_event(Note("too late"))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"state": "dancing"}', b"\x00\xff"])
def test_damaged_status_is_said(store: RunStore, asked: Asked, content: bytes) -> None:
    """A file that something else broke is named, and is no traceback."""
    with store.create("finetune", asked()) as run:
        pass
    (run.folder / "status.json").write_bytes(content)
    with pytest.raises(StorageError, match=r"status\.json"):
        _ = run.status


def test_changed_versions_are_known(store: RunStore, asked: Asked) -> None:
    """Going on after an upgrade can be said, with both versions."""
    with store.create("finetune", asked(distributions=("pytest",))) as run:
        pass
    request = run.request
    assert run.changed_versions() == {}
    request["versions"] |= {"torch": "0.1", "pytest": pytest.__version__, "gone-away": "1.0"}
    (run.folder / "request.json").write_text(json.dumps(request))
    changed = run.changed_versions()
    assert changed["torch"][0] == "0.1"
    assert changed["gone-away"] == ("1.0", None)
    assert set(changed) == {"torch", "gone-away"}
