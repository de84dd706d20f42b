"""What stands around the prompt: help on a word, the session as a script, the greeting, the toolbar."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from hfshell.shell import prompt as prompt_module
from tests.shell.typing_person import CTRL_C, CTRL_D, ENTER, ESCAPE, F1, Prompt, press_when


def test_a_question_mark_explains_a_word_of_the_line(
    prompt: Prompt, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unfinished line asks about its last word; a bound name is explained from what is known of it."""
    keys = f"finetune m d --epochs ?{ENTER}ev.accuracy ?{ENTER}{CTRL_D}"
    known = press_when(prompt, lambda: bool(prompt.kernel.names), keys)
    prompt.run()
    known.join()
    shown = capsys.readouterr().out
    assert prompt.sent == []
    assert "Passes over the training rows" in shown
    assert "A field of the result ev" in shown


@pytest.mark.parametrize("key", [F1, ESCAPE + "?"])
def test_a_key_explains_the_word_at_the_cursor(
    prompt: Prompt, capsys: pytest.CaptureFixture[str], key: str
) -> None:
    """The option under the cursor, not the whole command; the line stays."""
    prompt.type("finetune m d --epochs", key, CTRL_C)
    shown = capsys.readouterr().out
    assert "Passes over the training rows" in shown
    assert "--learning-rate X" not in shown


def test_a_session_becomes_a_script(prompt: Prompt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What worked is in it, in order: settings of the session too, and nothing that only the prompt needs."""
    monkeypatch.chdir(tmp_path)
    prompt.type(
        "set seed 7", ENTER, "set bell 10", ENTER, "help", ENTER, "models", ENTER, "fintune", ENTER,
        "ev?", ENTER, " echo hidden", ENTER, "models | cat", ENTER, "!true", ENTER,
        "history save it.hfsh", ENTER,
    )  # fmt: skip
    assert (tmp_path / "it.hfsh").read_text() == "#!/usr/bin/env hfshell\nset seed 7\nmodels\nmodels \n"


def test_somebody_new_is_greeted(prompt: Prompt, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three lines to begin with, once: whoever has typed something knows."""
    greeted: list[Sequence[str]] = []

    def greet(width: int, first: Sequence[str] = (), **_: object) -> list[tuple[str, str]]:
        greeted.append(first)
        return [("hfshell", f" {width}")]

    monkeypatch.setattr(prompt_module, "greeting", greet)
    prompt.type("models", ENTER)
    prompt.type()
    assert [len(lines) for lines in greeted] == [3, 0]


def test_the_toolbar_is_drawn_again_only_when_it_is_different(prompt: Prompt) -> None:
    """A kernel that idles costs no drawing."""
    drawn: list[int] = []
    prompt.session.app.after_render += lambda _: drawn.append(1)

    def look_twice() -> bool:
        if prompt.kernel.status is None or not prompt.kernel.names or not prompt.session.app.is_running:
            return False
        time.sleep(0.2)
        before = len(drawn)
        for _ in range(5):
            prompt._redraw()
        time.sleep(0.2)
        looked.append(len(drawn) - before)
        return True

    looked: list[int] = []
    idle = press_when(prompt, look_twice, CTRL_D)
    prompt.run()
    idle.join()
    assert looked == [0]


def test_a_fault_beside_the_prompt_is_told_as_an_error(
    prompt: Prompt, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A thread that ends with a fault of ours writes no traceback over the prompt, which goes on."""

    def fail(_: Path) -> None:
        raise ZeroDivisionError("by far")

    told: list[Exception] = []
    monkeypatch.setattr(prompt_module, "remove_abandoned", fail)
    monkeypatch.setattr(prompt, "_tell", told.append)
    hook = threading.excepthook
    typed = press_when(prompt, lambda: bool(told), f"models{ENTER}{CTRL_D}")
    prompt.run()
    typed.join()
    assert [str(error) for error in told] == ["by far"]
    assert prompt.sent == ["models"]
    assert "Traceback" not in capsys.readouterr().err
    assert threading.excepthook is hook
