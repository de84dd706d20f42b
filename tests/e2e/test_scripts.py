"""Scripts as programs: run by the kernel's exec, logged through a kill, with results alone on stdout."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]

NOISE = """
import logging, os, subprocess, sys, warnings
from dataclasses import dataclass
from hfshell.api import CommandSpec, hookimpl, option
from hfshell.api.results import Message

print("noise on import")

@dataclass(frozen=True)
class NoiseOptions:
    loud: bool = option(False, "Whether to be loud")

@hookimpl
def hfshell_commands():
    return [CommandSpec("noise", "Make noise", NoiseOptions, "hfshell_noise:noise")]

def noise(context, options):
    print("noise by print")
    sys.stdout.write("noise by write\\n")
    os.write(1, b"noise by descriptor\\n")
    subprocess.run(["echo", "noise by a child"], check=True)
    subprocess.Popen(["sh", "-c", "sleep 0.2; echo noise by a late child"])
    warnings.warn("noise by a warning")
    logging.getLogger("noise").warning("noise by a log")
    return Message(lines=("the result",))
"""
METADATA = "Metadata-Version: 2.1\nName: hfshell-noise\nVersion: 0.1\n"
ENTRY = "[hfshell.plugins]\nnoise = hfshell_noise\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a plugin that prints wherever it can."""
    site = tmp_path_factory.mktemp("site")
    (site / "hfshell_noise.py").write_text(NOISE)
    about = site / "hfshell_noise-0.1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(METADATA)
    (about / "entry_points.txt").write_text(ENTRY)
    return site


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PATH on which `hfshell` is this Python's."""
    folder = tmp_path_factory.mktemp("bin")
    command = folder / "hfshell"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m hfshell "$@"\n')
    command.chmod(0o755)
    return f"{folder}:/usr/bin:/bin"


def executable(place: Path, name: str, text: str) -> Path:
    """Write a script that may be run."""
    script = place / name
    script.write_text(text)
    script.chmod(0o755)
    return script


def execute(
    script: Path, *words: str, environment: dict[str, str], path: str
) -> subprocess.CompletedProcess[str]:
    """Let the kernel run a file."""
    return subprocess.run(
        [str(script), *words],
        cwd=script.parent,
        env={**environment, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_a_script_is_a_program(place: Path, environment: dict[str, str], path: str) -> None:
    """The first line finds hfshell; parameters, exit codes and help are the script's."""
    text = "#!/usr/bin/env hfshell\n# Says hello.\nparam who\necho hello $who\nexpect $who == me\n"
    script = executable(place, "hello", text)
    done = execute(script, "who=me", environment=environment, path=path)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "hello me")
    assert execute(script, "who=you", environment=environment, path=path).returncode == 3
    assert execute(script, "whom=you", environment=environment, path=path).returncode == 2
    assert execute(script, environment=environment, path=path).returncode == 2
    told = execute(script, "--help", environment=environment, path=path)
    assert (told.returncode, told.stdout.splitlines()[2]) == (0, "Says hello.")
    assert "who=…" in told.stdout


def test_the_first_line_may_hold_options(place: Path, environment: dict[str, str], path: str) -> None:
    """`env -S` passes options on."""
    script = executable(
        place, "quiet", "#!/usr/bin/env -S hfshell --json --keep-going\nexpect 1 == 2\necho on\n"
    )
    done = execute(script, environment=environment, path=path)
    assert done.returncode == 1
    assert [json.loads(line)["status"] for line in done.stdout.splitlines()] == ["failed", "ok"]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("expect 1 == 2", "echo a"), 1),
        (("expect 1 == 2", "exit 7"), 7),
        pytest.param(("echo a",), 0, marks=pytest.mark.slow),
        pytest.param(("echo $nothing", "echo a"), 1, marks=pytest.mark.slow),
        pytest.param(("- expect 1 == 2", "echo a"), 0, marks=pytest.mark.slow),
        pytest.param(("expect 1 == 2", "exit"), 1, marks=pytest.mark.slow),
    ],
)
def test_keep_going_has_one_code_for_whatever_failed(hfshell: Run, lines: tuple[str, ...], code: int) -> None:
    """All lines run, and 1 says that one failed, whichever way; `exit 7` is the script's own word."""
    done = hfshell("--keep-going", *(part for line in lines for part in ("-c", line)))
    assert done.returncode == code
    assert ("a\n" in done.stdout) is ("echo a" in lines)


def test_stdout_is_results_alone_whoever_prints(place: Path, site: Path, environment: dict[str, str]) -> None:
    """A plugin that prints by every way, itself and through children, reaches the log and not stdout."""
    done = subprocess.run(
        [sys.executable, "-m", "hfshell", "-c", "noise", "-c", "echo after", "-c", "noise --loud"],
        cwd=place,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(site), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "the result\nafter\nthe result\n"


@pytest.mark.slow
def test_stdout_of_each_command(place: Path, tiny: Path, hfshell: Run) -> None:
    """Of every command stdout has JSON objects, one a line of the script, and no library's word."""
    shutil.rmtree(place / "kept", ignore_errors=True)
    lines = (
        "let n = 1", "set seed 7", "set", "d = data rows.csv", "show d --rows 1", "m = load ./tiny",
        "new bert d --vocabulary 300 --layers 1 --hidden 8 --heads 1", "big = augment d --copies 1", "use m",
        "r = finetune m d --epochs $n --batch-size 8", "ev = eval r d.test", "predict r 'where is my parcel'",
        "expect ev.n > 1", "save r ./kept", "models", "unload m --park", "unload big", "help eval", "history",
        "plugins", "echo done", "require hfshell>=0.1", "kernel", "exit",
    )  # fmt: skip
    (place / "all.hfsh").write_text("\n".join(lines) + "\n")
    done = hfshell("--json", "all.hfsh")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    failed = [item for item in found if item["status"] != "ok" and item["command"] != "history"]
    assert (failed, len(found)) == ([], len(lines)), done.stderr


@contextmanager
def finetuning(place: Path, environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a script until its finetune has begun, in a group of processes that is killed at the end."""
    (place / "long.hfsh").write_text("echo one\nd = data rows.csv\nfinetune ./tiny d --epochs 900\n")
    log.unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "hfshell", "--log", str(log), "long.hfsh"],
        cwd=place,
        env={"PATH": "/usr/bin:/bin", **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + 90
        while "finetune" not in (log.read_text() if log.exists() else ""):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_a_log_survives_a_kill(place: Path, environment: dict[str, str]) -> None:
    """What happened before the kill is in the file, whole lines alone."""
    log = place / "killed.log"
    with finetuning(place, environment, log):
        pass
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert [event["event"] for event in events][:3] == ["run", "started", "finished"]
    assert (events[-1]["event"], events[-1]["command"]) == ("started", "finetune")
    assert log.stat().st_mode & 0o777 == 0o600


def test_sigterm_is_a_ctrl_c(place: Path, environment: dict[str, str]) -> None:
    """Whoever ends a job politely gets what Ctrl-C gives: a line that was broken off, an end, a code."""
    log = place / "told.log"
    with finetuning(place, environment, log) as process:
        process.terminate()
        assert process.wait(60) == 128 + signal.SIGTERM
    *_, finished, ended = [json.loads(line) for line in log.read_text().splitlines()]
    assert (finished["event"], finished["command"]) == ("finished", "finetune")
    assert (ended["event"], ended["exit_code"]) == ("ended", 128 + signal.SIGTERM)


def test_a_script_that_is_checked_through_standard_input(hfshell: Run) -> None:
    """An editor checks what is not saved yet."""
    done = hfshell("check", "-", "--json", text="param e\nfinetune base\n")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(item["file"], item["line"], item["code"]) for item in found] == [
        ("<stdin>", 1, "missing-param"),
        ("<stdin>", 2, "usage"),
        ("<stdin>", 1, "unused"),
    ]
    done = hfshell("check", "-", "--any-params", text="param e\necho $e\n")
    assert done.returncode == 0


def test_sigterm_counts_where_ctrl_c_does_not(place: Path, environment: dict[str, str]) -> None:
    """A shell starts what it runs in the background with SIGINT ignored; it can be ended all the same."""
    log = place / "waiting.log"
    process = subprocess.Popen(
        ["sh", "-c", 'trap "" INT; exec "$@"', "sh", sys.executable, "-m", "hfshell", "--log", str(log), "-"],
        cwd=place,
        env={"PATH": "/usr/bin:/bin", **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 30
        while not (log.exists() and log.read_text()):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.terminate()
        assert process.wait(30) == 128 + signal.SIGTERM
    finally:
        process.kill()
        process.communicate()  # closes its pipe
    assert json.loads(log.read_text().splitlines()[-1])["exit_code"] == 128 + signal.SIGTERM
