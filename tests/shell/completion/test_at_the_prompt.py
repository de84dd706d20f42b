"""Completion, ghost text and Ctrl-R by the keys that a person presses."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.shell.typing_person import CTRL_D, CTRL_E, CTRL_R, ENTER, TAB, Prompt, press_when

RIGHT = "\x1b[C"


def line(prompt: Prompt) -> str:
    """What stands at the prompt."""
    return prompt.session.default_buffer.text


def warm(prompt: Prompt) -> bool:
    """Whether all is known that colours and completion want to know."""
    known = prompt._known()
    return known.all_commands and known.names is not None


def is_listed(prompt: Prompt) -> bool:
    """Whether the menu stands there, with something in it."""
    state = prompt.session.default_buffer.complete_state
    return state is not None and bool(state.completions)


def run(prompt: Prompt, keys: str, then: Callable[[], bool], more: str = "") -> str:
    """Press keys; once something holds, press more, and run the line; return what was sent."""
    first = press_when(prompt, lambda: warm(prompt), keys)
    second = press_when(prompt, then, more + ENTER + CTRL_D)
    prompt.run()
    first.join()
    second.join()
    return "\n".join(prompt.sent).rstrip()


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("finetune ba" + TAB, "finetune base "),
        ("finetune base tickets --lr" + TAB, "finetune base tickets --learning-rate "),
        ("show ev.accuracy_" + TAB, "show ev.accuracy_low "),
        ("eval router tick" + TAB, "eval router tickets"),
        ("load x --dt bfloat16" + "\x1b[D" * 9 + TAB, "load x --dtype bfloat16"),
    ],
)
def test_one_tab_finishes_a_word(prompt: Prompt, keys: str, expected: str) -> None:
    """What can only be one thing stands there at once, in the middle of a line too."""
    assert run(prompt, keys, lambda: line(prompt) == expected) == expected.rstrip()


def test_a_menu_goes_through_what_is_left(prompt: Prompt) -> None:
    """Where several fit, Tab opens the menu, and the next ones choose."""
    opened = press_when(prompt, lambda: is_listed(prompt), TAB)
    assert run(prompt, "use " + TAB, lambda: line(prompt) == "use base ") == "use base"
    opened.join()


def test_completions_while_typing(prompt: Prompt) -> None:
    """Once it is asked for, the menu comes by itself, all that fits in it, and Tab takes the first."""
    prompt.preferences.change("complete_while_typing", "on")
    listed = press_when(prompt, lambda: is_listed(prompt), TAB)
    assert run(prompt, "mode", lambda: line(prompt) == "models ") == "models"
    listed.join()


def test_ghost_text_is_taken_by_the_arrow(prompt: Prompt) -> None:
    """The rest of the newest line that began so stands behind the cursor."""
    for text in ("eval router tickets", "eval base tickets.test", "models"):
        prompt.session.history.append_string(text)
    buffer = prompt.session.default_buffer
    shown = press_when(prompt, lambda: buffer.suggestion is not None and buffer.suggestion.text != "", RIGHT)
    assert run(prompt, "eval", lambda: line(prompt).endswith(".test")) == "eval base tickets.test"
    shown.join()


def test_ghost_text_can_be_switched_off(prompt: Prompt) -> None:
    """`set suggestions off`, and nothing is suggested from the next key on."""
    prompt.session.history.append_string("eval router tickets")
    prompt.preferences.change("suggestions", "off")
    assert run(prompt, "models", lambda: line(prompt) == "models", CTRL_E + RIGHT) == "models"
    assert prompt.session.default_buffer.suggestion is None


def test_ctrl_r_in_a_long_history(prompt: Prompt) -> None:
    """The line is found that is meant, however many others there are."""
    for number in range(3000):
        prompt.session.history.append_string(f"echo {number}")
    search = prompt.session.search_buffer
    assert run(prompt, CTRL_R + "o 17", lambda: search.text == "o 17", ENTER) == "echo 1799"
