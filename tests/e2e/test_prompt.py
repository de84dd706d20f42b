"""A person at the prompt, on a real terminal with a real kernel. The tests share one session, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.e2e.terminal import CTRL_C, CTRL_D, CTRL_L, CTRL_U, ENTER, TAB, Terminal


def kernel_of(terminal: Terminal) -> psutil.Process:
    """The kernel beside the prompt."""
    (kernel,) = psutil.Process(terminal.pid).children()
    return kernel


def test_the_first_screen(terminal: Terminal) -> None:
    """The banner and a prompt, without a word of the kernel's."""
    first, *_ = terminal.wait_for_prompt().splitlines()
    assert first.startswith("hfshell ")
    assert "GB free" in first


def test_a_line_is_completed_and_run(terminal: Terminal) -> None:
    """Tab finishes the command and the file; the result stands under the line."""
    terminal.press("rows = da" + TAB)
    terminal.wait_for("rows = data")
    terminal.press("row" + TAB)
    terminal.wait_for("rows = data rows.csv")
    terminal.press(ENTER)
    assert "120 rows" in terminal.wait_for_prompt()


def test_a_mistake_is_pointed_at(terminal: Terminal) -> None:
    """The caret stands under what is wrong, the hint beside it, and the prompt is there again."""
    terminal.enter("base = lod tiny")
    lines = terminal.wait_for_prompt().splitlines()
    text, carets = (next(line for line in lines if mark in line) for mark in ("│ base = lod", "^^^"))
    assert text.index("lod") == carets.index("^^^")
    assert "did you mean load" in carets


def test_a_model_is_loaded(terminal: Terminal) -> None:
    """The first model is there once the kernel has imported what it needs."""
    terminal.enter("base = load ./tiny")
    assert "BertModel" in terminal.wait_for_prompt()


def test_a_name_alone_is_shown(terminal: Terminal) -> None:
    """`rows` is `show rows`."""
    terminal.enter("rows")
    assert "there is no command" not in terminal.wait_for_prompt()


def test_ctrl_c_in_a_finetune(terminal: Terminal) -> None:
    """The first Ctrl-C ends training after its step, keeps what was learnt, and the model works."""
    terminal.enter("router = finetune base rows --epochs 900 --batch-size 4")
    terminal.wait_for("epoch ")
    terminal.press("typed ahead")
    terminal.press(CTRL_C)
    terminal.wait_for("stopping after this step")
    shown = terminal.wait_for_prompt()
    assert "interrupted after" in shown
    assert "typed ahead" not in shown
    assert "^C" not in shown
    terminal.enter('predict router "where is my parcel"')
    assert re.search(r"(billing|delivery)\b.*\b[01]?\.\d\d", terminal.wait_for_prompt())


def test_two_ctrl_c_in_a_finetune(terminal: Terminal) -> None:
    """The second Ctrl-C aborts; the session and its names are as before."""
    terminal.enter("other = finetune base rows --epochs 900 --batch-size 4 --save-every 100000")
    terminal.wait_for("epoch ")
    terminal.press(CTRL_C)
    terminal.press(CTRL_C)
    terminal.wait_for_prompt()
    terminal.enter("models")
    assert "router" in terminal.wait_for_prompt()


def test_a_kernel_that_is_killed(terminal: Terminal) -> None:
    """`kill -9` in the middle of a finetune: said, started again, and names come back."""
    terminal.enter("other = finetune base rows --epochs 900 --batch-size 4")
    terminal.wait_for("epoch ")
    killed = kernel_of(terminal)
    killed.kill()
    said = terminal.wait_for_prompt()
    assert "SIGKILL" in said
    assert "finetune" in said
    terminal.enter('predict router "where is my parcel"')
    assert re.search(r"(billing|delivery)\b.*\b[01]?\.\d\d", terminal.wait_for_prompt())
    assert kernel_of(terminal).pid != killed.pid


def test_the_systems_shell_and_a_pipe(terminal: Terminal) -> None:
    """`!` reaches the system; `|` gives it what a line shows."""
    terminal.enter("!echo from $0")
    assert "from /bin/sh" in terminal.wait_for_prompt()
    terminal.enter("help | grep -c .")
    assert re.search(r"^\d\d$", terminal.wait_for_prompt(), re.MULTILINE)


def test_ctrl_c_at_the_prompt(terminal: Terminal) -> None:
    """The line goes, the shell stays."""
    terminal.press(CTRL_U + CTRL_L + "unload --all" + CTRL_C)
    terminal.wait_for_prompt()
    terminal.enter("models")
    assert "router" in terminal.wait_for_prompt()


def test_ctrl_d_leaves(terminal: Terminal) -> None:
    """Ctrl-D exits with 0; the kernel and its folder go with the shell."""
    kernel = kernel_of(terminal)
    terminal.press(CTRL_U + CTRL_D)
    assert terminal.exit_code() == 0
    kernel.wait(5)


def test_what_stays(terminal: Terminal, environment: dict[str, str]) -> None:
    """The history stays for the next prompt, and nothing else of the session."""
    state = Path(environment["HFSHELL_HOME"]) / "state"
    assert "base = load ./tiny" in (state / "history").read_text()
    assert list((state / "kernels").iterdir()) == []


@pytest.fixture
def dumb(place: Path, environment: dict[str, str]) -> Iterator[Terminal]:
    """A prompt on a terminal that can do nothing."""
    shell = Terminal(folder=place, environment={**environment, "TERM": "dumb"})
    yield shell
    shell.close()


def test_a_terminal_that_can_do_nothing(dumb: Terminal) -> None:
    """TERM=dumb: lines are read and answered without an escape sequence."""
    dumb.wait_for(">")
    dumb.press("help models" + ENTER)
    dumb.wait_for("List the session's models")
    dumb.press("exit 3" + ENTER)
    assert dumb.exit_code() == 3
    assert "\x1b" not in dumb.raw
