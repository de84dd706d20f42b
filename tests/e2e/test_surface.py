"""Ctrl-C, Ctrl-Z, the editor, the pager, resizing: at a shell's terminal, in order, with a real kernel."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hfshell.api.requests import RunRequest
from hfshell.kernel.client import connect
from tests.e2e.conftest import Run
from tests.e2e.terminal import CTRL_C, CTRL_D, CTRL_L, CTRL_U, ENTER, PROMPT, TAB, Terminal

CTRL_X, CTRL_E, CTRL_Z = "\x18", "\x05", "\x1a"
FINETUNE = "finetune ./tiny rows.csv --epochs 900 --batch-size 4 --task text-classification"
_EDITOR = """#!/bin/sh
trap 'echo hit >> {place}/hits' INT
until [ -e {place}/go ]; do sleep 0.05; done
printf 'echo edited\\n' > "$1"
"""
_PAGER = """#!/bin/sh
trap '' INT
head -n 3
echo "-- more --"
read answer < /dev/tty
"""


def program(path: Path, text: str) -> str:
    """Write a program; return its path."""
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the editor leaves its marks."""
    return tmp_path_factory.mktemp("marks")


@pytest.fixture(scope="module")
def shell(place: Path, tiny: Path, environment: dict[str, str], at: Path) -> Iterator[Terminal]:
    """`hfshell` started from a shell that can stop it and bring it back."""
    variables = {
        **environment,
        "VISUAL": program(at / "editor", _EDITOR.format(place=at)),
        "PAGER": program(at / "pager", _PAGER),
        "PS1": "sh> ",
        "HISTFILE": "",
    }
    terminal = Terminal(
        folder=place,
        environment=variables,
        command=("bash", "--norc", "--noprofile", "-i"),
        rows=30,
        answers=True,
    )
    terminal.wait_for("sh>")
    terminal.press(f"{sys.executable} -m hfshell{ENTER}")
    yield terminal
    terminal.close()


def at_prompt(terminal: Terminal) -> bool:
    """Whether the bare prompt waits; below it stands the toolbar."""
    return PROMPT in terminal.lines


def run(terminal: Terminal, line: str, shown: str) -> None:
    """Clear the screen, run a line, and wait for what it shows and for the prompt."""
    terminal.press(CTRL_U + CTRL_L)
    terminal.wait_until(
        lambda: at_prompt(terminal) and len(terminal.lines) <= 2, f"a bare prompt before {line!r}"
    )
    terminal.press(line + ENTER)
    terminal.wait_until(lambda: shown in terminal.text and at_prompt(terminal), f"{shown!r} after {line!r}")


def test_somebody_new_sees_three_lines(shell: Terminal) -> None:
    """The banner, then lines to begin with."""
    shell.wait_until(lambda: at_prompt(shell), "a prompt")
    assert "new here?" in shell.text
    assert "help start" in shell.text
    assert shell.title == "hfshell"


@pytest.mark.slow
def test_typed_ahead_of_the_systems_shell(shell: Terminal) -> None:
    """What is typed while another program has the terminal runs once it is done, line by line."""
    shell.press("!sleep 1" + ENTER)
    shell.press("echo first" + ENTER + "echo second" + ENTER)
    shell.wait_until(
        lambda: "  first" in shell.text and "  second" in shell.text and at_prompt(shell), "both"
    )


def test_a_session_becomes_a_script(shell: Terminal, hfshell: Run, place: Path) -> None:
    """What worked is saved, has no finding of `check`, and does the same again."""
    run(shell, "let word = third", "word = third")
    run(shell, "echo $word", "  third")
    run(shell, "echo $nothing", "error")
    run(shell, "history save it.hfsh", "`hfshell it.hfsh` runs them")
    saved = (place / "it.hfsh").read_text().splitlines()
    assert saved[-2:] == ["let word = third", "echo $word"]
    assert "echo $nothing" not in saved
    assert hfshell("check", "it.hfsh").returncode == 0
    done = hfshell("it.hfsh")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "third"


def test_ctrl_c_in_the_systems_shell(shell: Terminal) -> None:
    """The program hears it; the prompt comes back."""
    shell.press("!sleep 60" + ENTER)
    shell.wait_for("!sleep 60")
    shell.press(CTRL_C)
    run(shell, "echo alive", "  alive")


def test_ctrl_c_in_the_editor(shell: Terminal, at: Path) -> None:
    """It is the editor's to hear: the line stays, and comes back edited."""
    shell.press("echo typed" + CTRL_X + CTRL_E)
    shell.wait_until(lambda: not at_prompt(shell), "the editor")
    shell.press(CTRL_C)
    shell.wait_until((at / "hits").exists, "a Ctrl-C in the editor")
    (at / "go").touch()
    shell.wait_for("echo edited")
    shell.press(ENTER)
    shell.wait_for("  edited")


def test_a_result_longer_than_the_screen(shell: Terminal) -> None:
    """It waits in the pager, which Ctrl-C does not end from outside; then the prompt is there again."""
    shell.wait_until(lambda: at_prompt(shell), "a prompt")
    shell.press("help finetune" + ENTER)
    shell.wait_for("-- more --")
    shell.press(CTRL_C + ENTER)
    run(shell, "echo paged", "  paged")


def test_the_pager_can_be_switched_off(shell: Terminal) -> None:
    """`set pager off` counts at once."""
    run(shell, "set pager off", "pager = off")
    run(shell, "help finetune", "on where it was interrupted")
    run(shell, "set pager on", "pager = on")


def test_ctrl_z_at_the_prompt(shell: Terminal) -> None:
    """The shell that started us has the terminal; `fg` brings the prompt back with what was typed."""
    shell.press("echo resu")
    shell.wait_for("› echo resu")
    shell.press(CTRL_Z)
    shell.wait_for("Stopped")
    shell.press(CTRL_L + "echo in $((40 + 2))" + ENTER)
    shell.wait_for("in 42")
    shell.press("fg" + ENTER)
    shell.wait_for("› echo resu")
    shell.press("med" + ENTER)
    shell.wait_for("  resumed")


def test_resizing_while_typing(shell: Terminal) -> None:
    """The line is drawn for the new width, and runs as it was typed."""
    shell.press(CTRL_U + CTRL_L)
    shell.press("echo " + "wide " * 9)
    shell.wait_for("wide wide")
    shell.resize(30, 40)
    shell.press("narrow")
    shell.wait_until(lambda: any("narrow" in line for line in shell.lines), "what was typed")
    shell.resize(30, 100)
    shell.press(ENTER)
    shell.wait_for("  " + "wide " * 9 + "narrow")


def test_ctrl_c_in_a_menu_and_in_a_search(shell: Terminal) -> None:
    """Each ends with its line or its search; the shell stays."""
    shell.press("set " + TAB)
    shell.wait_for("editing_mode")
    shell.press(CTRL_C)
    shell.press("\x12")
    shell.wait_for("reverse-i-search")
    shell.press("alive" + CTRL_C + CTRL_U)
    run(shell, "echo here", "  here")


def test_a_bell_after_work(shell: Terminal) -> None:
    """It rings when the line took longer than was asked for, and not otherwise."""
    run(shell, "set bell 0.00001", "bell =")
    before = shell.bells
    run(shell, "echo rung", "  rung")
    assert shell.bells == before + 1
    run(shell, "set bell off", "bell = off")
    run(shell, "echo silence", "  silence")
    assert shell.bells == before + 1


def test_ctrl_z_while_a_command_runs(shell: Terminal) -> None:
    """The shell stops and the kernel works on; `fg` draws how far it is, and Ctrl-C ends it as ever."""
    shell.press(CTRL_U + CTRL_L + f"router = {FINETUNE}" + ENTER)
    shell.wait_for("epoch ", 120)
    assert shell.title == "finetune router · hfshell"
    shell.press(CTRL_Z)
    shell.wait_for("Stopped")
    shell.press(CTRL_L + "echo in $((40 + 2))" + ENTER)
    shell.wait_for("in 42")
    assert "epoch" not in shell.text
    shell.press("fg" + ENTER)
    shell.wait_for("epoch ")
    shell.press(CTRL_C)
    shell.wait_for("interrupted after")
    shell.wait_until(lambda: at_prompt(shell), "a prompt")
    assert shell.title == "hfshell"


def test_what_another_client_runs_is_seen(shell: Terminal, environment: dict[str, str], place: Path) -> None:
    """The toolbar says what the kernel is busy with, for how long, and that it is idle again."""
    (socket,) = (Path(environment["HFSHELL_HOME"]) / "state" / "kernels").glob("*/*.sock")
    guest = connect(socket)
    running = threading.Thread(
        target=lambda: guest.run(RunRequest(f"other = {FINETUNE}", folder=str(place)), lambda _: None)
    )
    running.start()
    shell.wait_until(
        lambda: any("kernel busy other = finetune" in line for line in shell.lines), "what it does"
    )
    guest.cancel(1)
    running.join(60)
    guest.close()
    shell.wait_until(lambda: any("kernel idle" in line for line in shell.lines), "an idle kernel")
    assert any("router" in line and "other*" in line for line in shell.lines)


def test_ctrl_d_leaves_to_the_shell(shell: Terminal) -> None:
    """The terminal is as it was: it echoes, and the title is gone."""
    shell.press(CTRL_U + CTRL_D)
    shell.wait_until(lambda: shell.lines[-1].endswith("sh>"), "the shell")
    shell.press("stty -a | grep -o ' icrnl' ; echo $?" + ENTER)
    shell.wait_for(" icrnl")


@pytest.fixture
def started(place: Path, environment: dict[str, str], request: pytest.FixtureRequest) -> Iterator[Terminal]:
    """A prompt that is started with some variables."""
    terminal = Terminal(
        *request.param.get("arguments", ()),
        folder=place,
        environment={**environment, **request.param.get("variables", {})},
        columns=request.param.get("columns", 80),
        rows=200,
    )
    yield terminal
    terminal.close()


@pytest.mark.parametrize(
    "started",
    [{"arguments": ["--plain"]}, pytest.param({"variables": {"ACCESSIBLE": "1"}}, marks=pytest.mark.slow)],
    indirect=True,
    ids=["plain", "ACCESSIBLE"],
)
def test_plain_lines_are_only_ever_appended(started: Terminal) -> None:
    """No line is drawn again, none is boxed, help and errors included; several lines are one text."""
    started.wait_for(">")
    started.press("help language" + ENTER)
    started.wait_for("begins a comment")
    started.press("fintune" + ENTER)
    started.wait_for("did you mean finetune")
    started.press("echo 'two" + ENTER + "lines'" + ENTER)
    started.wait_until(lambda: "lines" in started.lines, "an echo")
    started.press("finetune m d --epo" + TAB)
    started.wait_for("--epochs")
    assert started.drawn_over == 0
    started.press(CTRL_U + "half a line")
    started.wait_for("half a line")
    time.sleep(0.5)  # readline hears Ctrl-C while it waits for a key, and not before
    started.press(CTRL_C)
    started.wait_until(lambda: started.lines[-1] == ">", "another prompt")
    started.press(CTRL_D)
    assert started.exit_code() == 0
    assert started.text.isascii()


@pytest.mark.parametrize(
    "started",
    [
        {"variables": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "columns": 40},
        pytest.param({"variables": {"LC_ALL": "C"}, "columns": 40}, marks=pytest.mark.slow),
    ],
    indirect=True,
)
def test_a_terminal_without_unicode(started: Terminal) -> None:
    """The prompt and all that is shown keep to what it can show, in 40 columns as well."""
    started.wait_for(">")
    started.press("help finetune --epochs" + ENTER)
    started.wait_for("Passes over the training rows")
    started.press("echo done" + ENTER)
    started.wait_until(lambda: any(line.strip() == "done" for line in started.lines), "an echo")
    assert started.text.isascii()
    started.press(CTRL_D)
    assert started.exit_code() == 0
