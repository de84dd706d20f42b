"""Plugins that listen hear of sessions, models and runs; one that fails stops nobody."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hfshell.home import locate_home
from hfshell.session import Session

LISTENER = """
import json
from hfshell.api import hookimpl

def write(*what):
    with open({file!r}, "a") as file:
        file.write(json.dumps(what) + "\\n")

@hookimpl
def hfshell_session_started(session):
    write("started", session.version)

@hookimpl
def hfshell_session_ended():
    write("ended")

@hookimpl
def hfshell_model_loaded(model):
    write("loaded", model.source)

@hookimpl
def hfshell_model_unloaded(model):
    write("unloaded", model.source)

@hookimpl
def hfshell_run_event(run, event):
    write("run", run.verb, run.task, type(event).__name__, getattr(event, "error", None))
"""
TASK = """
from hfshell.api import Progress, Role, TaskSpec, hookimpl

@hookimpl
def hfshell_tasks():
    return [TaskSpec(name="echo", summary="Echoes", target=__name__ + ":Echo", schemes=("echo",),
                     roles=(Role.text(), Role("wanted", "text", target=True)), metrics=("accuracy",))]

class Echo:
    def load(self, source, options, context):
        return ["model"]
    def predict(self, model, rows, options, context):
        for number, row in enumerate(rows):
            context.emit(Progress("predict", number))
            if row["text"] == "fail":
                raise ValueError("failed")
            yield row["text"]
"""


@pytest.fixture
def told(install, tmp_path: Path):
    """Install a listener; return what reads what it was told."""
    file = tmp_path / "told"
    install("listener", LISTENER.format(file=str(file)), group="hfshell.plugins")
    install("echo", TASK)
    return lambda: [json.loads(line) for line in file.read_text().splitlines()]


def table(folder: Path, *texts: str) -> Path:
    """A file of texts that are to be echoed."""
    path = folder / f"{texts[0]}.csv"
    path.write_text("text,wanted\n" + "".join(f"{text},{text}\n" for text in texts))
    return path


def test_life_of_a_session_is_heard(told, tmp_path: Path) -> None:
    """From its beginning to its end, in order, with the data that each hook promises."""
    with Session() as session:
        session.run("m = load echo:x")
        session.run(f"eval m {table(tmp_path, 'one', 'two', 'three')}")
        session.run("unload m")
    session._worker._thread.join(10)
    heard = told()
    assert heard[0][0] == "started"
    assert heard[1] == ["loaded", "echo:x"]
    assert heard[2] == ["run", "eval", "echo", "RunStarted", None]
    assert ["run", "eval", "echo", "Progress", None] in heard
    assert heard[-3] == ["run", "eval", "echo", "RunFinished", None]
    assert heard[-2:] == [["unloaded", "echo:x"], ["ended"]]


def test_failed_run_is_heard_with_its_error(told, tmp_path: Path) -> None:
    """Who listens learns why there will be no result."""
    from hfshell.errors import PluginError

    with Session() as session, pytest.raises(PluginError):
        session.run(f"eval echo:x {table(tmp_path, 'fail', 'x')}")
    last = [line for line in told() if line[0] == "run"][-1]
    assert last[3] == "RunFinished"
    assert "failed" in last[4]


def test_failing_listener_is_named_once_and_others_hear(told, install) -> None:
    """A listener that raises costs a line on the screen, once, and nobody else's hearing."""
    bad = (
        "from hfshell.api import hookimpl\n@hookimpl\ndef hfshell_model_loaded(model):\n    raise ValueError"
    )
    install("bad", bad, group="hfshell.plugins")
    notes = []
    with Session() as session:
        for number in range(2):
            session.execute(_request(f"load echo:{number}"), notes.append)
    said = [event.text for event in notes if type(event).__name__ == "Note"]
    assert len([text for text in said if "bad (hfshell-bad 1.2)" in text]) == 1
    assert [line for line in told() if line[0] == "loaded"] == [["loaded", "echo:0"], ["loaded", "echo:1"]]


def test_listener_that_ended_a_process_is_not_told_again(told) -> None:
    """What it did to one process it does to no other, until somebody says so."""
    code = "import os; os._exit(7)"
    gone = subprocess.Popen([sys.executable, "-c", code])
    gone.wait()
    (locate_home().state / "plugin-failures").mkdir(parents=True)
    mark = locate_home().state / "plugin-failures" / f"hfshell-listener-listener-1.2.{gone.pid}.listening"
    mark.write_text("hfshell_session_started")
    with Session() as session:
        session.run("load echo:x")
        session.plugins.enable("listener")
        session.run("load echo:y")
    assert [line for line in told() if line[0] == "loaded"] == [["loaded", "echo:y"]]


def _request(text: str):
    from hfshell.api.requests import RunRequest

    return RunRequest(text)
