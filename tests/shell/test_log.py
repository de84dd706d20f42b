"""`--log FILE`: what is in it, who may read it, and what never is."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from hfshell.api.events import CommandFinished, CommandStarted, Note, Progress
from hfshell.api.results import Message, PredictionResult
from hfshell.errors import ExpectationFailed, HfshellError, StorageError
from hfshell.language import parse_script
from hfshell.shell.arguments import parse_arguments
from hfshell.shell.log import Log, logging_to

STARTED = CommandStarted("echo", None, "echo hi", "a.hfsh", 3)


def lines(path: Path) -> list[dict[str, Any]]:
    """Read a log."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the log is."""
    return tmp_path / "run.log"


def test_a_run_from_beginning_to_end(file: Path) -> None:
    """Each event is an object with its time, its run, and its line."""
    with logging_to(str(file), parse_arguments(["a.hfsh", "n=3", "--log", str(file)])) as log:
        log.event(STARTED)
        log.event(Note("be careful", "warn"))
        log.event(CommandFinished(STARTED, 0.5, Message(lines=("hi",))))
        log.end(0)
    begun, started, note, finished, ended = lines(file)
    assert (begun["event"], begun["file"], begun["parameters"]) == ("run", "a.hfsh", {"n": "3"})
    assert (started["event"], started["text"], started["line"]) == ("started", "echo hi", 3)
    assert (note["severity"], note["text"]) == ("warn", "be careful")
    assert (finished["status"], finished["result"]["lines"]) == ("ok", ["hi"])
    assert (ended["event"], ended["exit_code"]) == ("ended", 0)
    assert len({line["run"] for line in (begun, started, note, finished, ended)}) == 1
    assert all(line["time"].endswith("+00:00") for line in lines(file))


def test_it_is_for_its_owner_alone_and_added_to(file: Path) -> None:
    """A new log is 0600 whatever the umask; a second run is added, and has a name of its own."""
    before = os.umask(0)
    try:
        for _ in range(2):
            log = Log(str(file))
            log.event(STARTED)
            log.end(0)
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [line["event"] for line in lines(file)] == ["started", "ended"] * 2
    assert len({line["run"] for line in lines(file)}) == 2


def test_each_line_is_on_the_disk_at_once(file: Path) -> None:
    """A process that is killed leaves all that happened before."""
    log = Log(str(file))
    log.event(STARTED)
    assert [line["event"] for line in lines(file)] == ["started"]
    log.end(0)


def test_no_secret_and_no_control_character(file: Path) -> None:
    """Secrets are masked wherever they stand; nothing steers a terminal; other texts are readable."""
    arguments = ["a.hfsh", "hub_token=swordfish-42", "who=Ada", "--log", str(file)]
    with logging_to(str(file), parse_arguments(arguments)) as log:
        text = "\x1b[31m\x9b\u202e漢字 swordfish-42 hf_abcdefghijklmnopqrstuvwxyz"
        log.event(CommandFinished(STARTED, 0.1, Message(lines=(text, "lone \ud800"))))
        log.end(0)
    content = file.read_text(encoding="utf-8")
    assert "swordfish" not in content
    assert "hf_abc" not in content
    assert "漢字" in content
    assert not [character for character in content if not character.isprintable() and character != "\n"]
    assert lines(file)[0]["parameters"] == {"hub_token": "***", "who": "Ada"}


def test_what_a_script_calls_a_secret_is_none_of_the_logs(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Defaults, `let` and the environment may hold secrets too; a short word of the environment is none."""
    monkeypatch.setenv("HF_TOKEN", "of-the-environment")
    monkeypatch.setenv("PW", "by-another-name")
    monkeypatch.setenv("USE_TOKEN", "true")
    text = "param password = swordfish\nlet api_key = key-in-the-script\n"
    text += "let my_secret = ${env:PW}\nlet n = five5"
    told = "swordfish key-in-the-script by-another-name of-the-environment true five5"
    with logging_to(str(file), parse_arguments(["a.hfsh"])) as log:
        log.hide(parse_script(text))
        log.event(CommandFinished(STARTED, 0.1, Message(lines=(told,))))
        log.end(0)
    assert lines(file)[1]["result"]["lines"] == ["*** *** *** *** true five5"]
    with logging_to(str(file), parse_arguments(["-c", "let api_key = swordfish"])):
        assert lines(file)[-1]["lines"] == ["let api_key = ***"]


def test_a_token_of_a_prediction_is_no_secret(file: Path) -> None:
    """Only texts are masked: a number under the name of a token stays."""
    log = Log(str(file))
    result = PredictionResult(model="m", task="fill-mask", rows=([{"token": 7}],), inputs=("a",), seconds=0.1)
    log.event(CommandFinished(STARTED, 0.1, result))
    assert lines(file)[0]["result"]["rows"] == [[{"token": 7}]]
    log.end(0)


@pytest.mark.parametrize(("error", "kept"), [(ExpectationFailed("no"), False), (HfshellError("broke"), True)])
def test_tracebacks_are_kept_where_something_broke(file: Path, error: HfshellError, kept: bool) -> None:
    """An expectation that fails is no fault of the program."""
    error.detail = "Traceback …"
    log = Log(str(file))
    log.event(CommandFinished(STARTED, 0.1, error=error))
    assert (lines(file)[0]["error"]["detail"] is not None) is kept
    log.end(1)


def test_progress_is_thinned(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How far a command is stands there every ten seconds."""
    now = 0.0
    monkeypatch.setattr("hfshell.shell.log.time.monotonic", lambda: now)
    log = Log(str(file))
    log.event(STARTED)
    for now in (1.0, 9.0, 11.0, 12.0, 22.0):
        log.event(Progress("finetune", int(now), 100, "steps"))
    assert [line["done"] for line in lines(file) if line["event"] == "progress"] == [11, 22]
    log.end(0)


def test_an_end_that_nobody_foresaw_is_written(file: Path) -> None:
    """A Ctrl-C, or a fault of ours, is the last line."""
    with pytest.raises(KeyboardInterrupt), logging_to(str(file), parse_arguments(["a.hfsh"])):
        raise KeyboardInterrupt
    assert (lines(file)[-1]["event"], lines(file)[-1]["error"]) == ("ended", "KeyboardInterrupt: ")


def test_a_log_that_cannot_be_written(tmp_path: Path) -> None:
    """It is said before any work; a pipe that nobody reads does not hang."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "missing" / "a.log", tmp_path / "pipe"):
        with pytest.raises(StorageError, match="cannot be written"):
            Log(str(path))


def test_a_full_disk_costs_the_log_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """The run goes on; that the log ends is said once."""
    log = Log("/dev/full")
    log.event(STARTED)
    log.event(STARTED)
    log.end(0)
    assert capsys.readouterr().err.count("/dev/full is no longer written") == 1
