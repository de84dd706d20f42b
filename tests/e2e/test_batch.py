"""`hfshell` without a prompt: files, lines, pipes, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import objects
from tests.e2e.terminal import CTRL_C, Terminal

Run = Callable[..., subprocess.CompletedProcess[str]]

LINES = ("let seed = 7", "set seed $seed", "echo $seed", "expect $seed == 7", "help echo")


def results(done: subprocess.CompletedProcess[str]) -> list[object]:
    """What each command came to, without what differs from run to run."""
    assert done.returncode == 0, done.stderr
    found = []
    for item in objects(done):
        result = item["result"]
        if isinstance(result, dict):
            result.pop("seconds", None)
        found.append((item["command"], item["name"], item["status"], result))
    return found


@pytest.mark.slow
def test_a_file_lines_and_standard_input_agree(hfshell: Run, place: Path) -> None:
    """Who feeds the lines makes no difference to what they come to."""
    text = "\n".join(LINES) + "\n"
    (place / "lines.hfsh").write_text(text)
    from_file = results(hfshell("--json", "lines.hfsh"))
    assert len(from_file) == len(LINES)
    assert results(hfshell("--json", *(part for line in LINES for part in ("-c", line)))) == from_file
    assert results(hfshell("--json", text=text)) == from_file


def test_stdout_holds_results_alone(hfshell: Run) -> None:
    """A script's output can be piped on: lines and notes are on stderr."""
    done = hfshell("-c", "echo one", "-c", "let x = two", "-c", "echo $x")
    assert done.stdout.splitlines()[0] == "one"
    assert done.stdout.splitlines()[-1] == "two"
    assert "echo one" not in done.stdout
    assert "echo one" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("lines", "code", "said"),
    [
        (("data missing.csv", "echo never"), 1, "missing.csv"),
        (("let n = 3", "expect $n == 4"), 3, "expect"),
        (("echo $nothing",), 2, "nothing is called nothing"),
        pytest.param(("- data missing.csv", "echo on"), 0, "missing.csv", marks=pytest.mark.slow),
        (("echo a", "exit 7", "echo never"), 7, ""),
    ],
)
def test_exit_codes(hfshell: Run, lines: tuple[str, ...], code: int, said: str) -> None:
    """A script stops at its first error, with the code of what went wrong."""
    done = hfshell(*(part for line in lines for part in ("-c", line)))
    assert done.returncode == code
    assert said in done.stderr
    assert "never" not in done.stdout
    assert "Traceback" not in done.stderr


def test_keep_going(hfshell: Run) -> None:
    """All lines run, and the exit code still says that one failed."""
    done = hfshell("--keep-going", "-c", "expect 1 == 2", "-c", "echo still here")
    assert done.returncode == 1
    assert done.stdout == "still here\n"


def test_parameters_reach_the_script(hfshell: Run, place: Path) -> None:
    """NAME=VALUE fills `param`; what is not given has its default."""
    (place / "greet.hfsh").write_text('param who\nparam word = hello\necho "$word $who"\n')
    assert hfshell("greet.hfsh", "who=world").stdout == "hello world\n"


def test_a_reader_that_leaves(place: Path, environment: dict[str, str]) -> None:
    """`| head -1` ends the run without a complaint."""
    command = f"{sys.executable} -m hfshell -c help -c help -c help | head -1"
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert len(done.stdout.splitlines()) == 1
    assert "Broken pipe" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("closed", "printed"), [("<&- 2>&-", "safe\n"), ("<&- >&- 2>&-", "")])
def test_streams_that_are_closed(place: Path, environment: dict[str, str], closed: str, printed: str) -> None:
    """Cron may close what a terminal has; files that are opened then must not take its place."""
    command = f"{sys.executable} -m hfshell -c 'echo safe' {closed}"
    done = subprocess.run(
        ["/bin/sh", "-c", command], cwd=place, env=environment, capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout.decode()) == (0, printed)


def test_nothing_is_imported_from_where_one_stands(place: Path, hfshell: Run) -> None:
    """A folder that somebody else filled cannot run code by the names of its files."""
    for name in ("rich", "click", "msgspec", "torch", "argparse", "prompt_toolkit"):
        (place / f"{name}.py").write_text("raise SystemExit('imported from the current folder')\n")
    try:
        done = hfshell("-c", "echo safe")
    finally:
        for name in ("rich", "click", "msgspec", "torch", "argparse", "prompt_toolkit"):
            (place / f"{name}.py").unlink()
    assert (done.returncode, done.stdout) == (0, "safe\n")


@pytest.mark.slow
def test_ctrl_c_in_a_script(place: Path, tiny: Path, environment: dict[str, str]) -> None:
    """One Ctrl-C stops the training and the script, which exits with 130."""
    script = "d = data rows.csv\nm = finetune ./tiny d --epochs 900 --batch-size 4\necho never\n"
    (place / "long.hfsh").write_text(script)
    terminal = Terminal("long.hfsh", folder=place, environment=environment)
    try:
        terminal.wait_for("epoch ")
        terminal.press(CTRL_C)
        assert terminal.exit_code() == 130
    finally:
        terminal.close()
    assert "never" not in terminal.text.replace("echo never", "")


def test_check_needs_no_kernel(hfshell: Run, place: Path) -> None:
    """`hfshell check` reports FILE:LINE:COL, as text and as JSON."""
    (place / "wrong.hfsh").write_text("d = data rows.csv\nfintune base d\n")
    text = hfshell("check", "wrong.hfsh")
    assert text.returncode == 2
    assert "wrong.hfsh:2:1" in text.stdout
    (problem,) = [json.loads(line) for line in hfshell("check", "wrong.hfsh", "--json").stdout.splitlines()]
    assert (problem["code"], problem["line"], problem["column"]) == ("unknown-command", 2, 1)
