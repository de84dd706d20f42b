"""A person who talks with a model on a real terminal. The tests share one session, in order."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.e2e.terminal import CTRL_C, CTRL_D, CTRL_L, CTRL_U, ENTER, Terminal
from tests.models.talking import talker

PROMPT = "m ›"


@pytest.fixture(scope="module")
def talk(place: Path, environment: dict[str, str]) -> Iterator[Terminal]:
    """A terminal at which a model was loaded."""
    talker(place / "talker", longest=3000)
    shell = Terminal(folder=place, environment=environment)
    shell.wait_for_prompt()
    shell.enter("m = load ./talker")
    assert "LlamaForCausalLM" in shell.wait_for_prompt(300)
    yield shell
    shell.close()


def say(terminal: Terminal, text: str) -> str:
    """Clear the screen, say something, and return the screen above the next prompt."""
    terminal.press(CTRL_U + CTRL_L)
    terminal.wait_until(lambda: terminal.lines == [PROMPT], "a bare prompt")
    terminal.press(text + ENTER)
    terminal.wait_until(lambda: terminal.lines != [PROMPT], f"echo of {text!r}")
    return waited(terminal)


def waited(terminal: Terminal) -> str:
    """Wait for the model's prompt; return the screen above it."""
    terminal.wait_until(lambda: bool(terminal.lines) and terminal.lines[-1] == PROMPT, "the prompt", 300)
    return "\n".join(terminal.lines[:-1])


def test_chat_alone_opens_a_prompt(talk: Terminal) -> None:
    """It says where its lines go."""
    talk.enter("chat m --max-new-tokens 20")
    assert "each line goes to m" in waited(talk)


def test_line_is_replied_to(talk: Terminal) -> None:
    """An open quote and a `$` are text; below the reply stands how long it is."""
    assert "20 tokens" in say(talk, "it's $HOME, isn't it?")


def test_command_behind_a_slash(talk: Terminal) -> None:
    """What is set is of the next line."""
    assert "--max-new-tokens 9" in say(talk, "/set max-new-tokens 9")
    assert "9 tokens" in say(talk, "hello")


def test_ctrl_c_keeps_what_there_is(talk: Terminal) -> None:
    """The prompt is there again, and the conversation has the reply."""
    say(talk, "/set max-new-tokens 2500")
    talk.press("tell me more" + ENTER)
    talk.wait_until(lambda: len(talk.lines) > 5, "some lines of the reply")
    talk.press(CTRL_C)
    assert "what there is of it is kept" in waited(talk)
    assert "taken back: tell me more · 2 left" in say(talk, "/undo")


def test_ctrl_c_at_the_prompt_clears_the_line(talk: Terminal) -> None:
    """And nothing is sent."""
    talk.press("no no" + CTRL_C)
    say(talk, "/set max-new-tokens 9")
    assert "9 tokens" in say(talk, "yes")


@pytest.mark.slow
def test_kernel_that_is_killed_costs_no_word(talk: Terminal) -> None:
    """It is said; the next line loads the model again and goes on with the conversation."""
    (kernel,) = psutil.Process(talk.pid).children()
    os.kill(kernel.pid, signal.SIGKILL)
    talk.wait_for("the kernel was killed")
    waited(talk)
    assert "9 tokens" in say(talk, "are you there?")
    assert "taken back: are you there? · 3 left" in say(talk, "/undo")


def test_ctrl_d_goes_back_and_leaves(talk: Terminal) -> None:
    """First to the prompt, whose history knows nothing of what was said; then out, with 0."""
    talk.press(CTRL_D)
    talk.enter("history")
    shown = talk.wait_for_prompt()
    assert "chat m --max-new-tokens 20" in shown
    assert "are you there" not in shown
    talk.press(CTRL_D)
    assert talk.exit_code() == 0
