"""Texts of several lines, the editor, vi's keys, Ctrl-R: how a line comes about."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from prompt_toolkit.formatted_text import fragment_list_to_text, to_formatted_text
from prompt_toolkit.key_binding.vi_state import InputMode

from tests.shell.typing_person import (
    CTRL_A,
    CTRL_C,
    CTRL_D,
    CTRL_E,
    CTRL_J,
    CTRL_R,
    CTRL_X,
    ENTER,
    ESCAPE,
    TAB,
    UP,
    Prompt,
    press_when,
)  # fmt: skip


@pytest.mark.parametrize("key", [ESCAPE + ENTER, CTRL_J])
def test_keys_that_begin_another_line(prompt: Prompt, key: str) -> None:
    """Two lines may be typed as one text."""
    prompt.type("models", key, "set", ENTER)
    assert prompt.sent == ["models\nset"]


def test_a_paste_waits_for_enter(prompt: Prompt) -> None:
    """Nothing of a pasted text runs before Enter, be it complete or not; Ctrl-C drops all of it."""
    prompt.type(f"{ESCAPE}[200~unload --all\rmodels\r{ESCAPE}[201~", CTRL_C, "models", ENTER)
    assert prompt.sent == ["models"]


def test_a_pasted_text_is_one_line_of_the_history(prompt: Prompt) -> None:
    """It comes back whole, without the end of its last line."""
    prompt.type(f"{ESCAPE}[200~models\rset\r{ESCAPE}[201~", ENTER)
    assert prompt.session.history.get_strings()[-1] == "models\nset"


def test_a_colour_in_a_raw_paste_costs_nothing(prompt: Prompt) -> None:
    """It looks like the mouse of an old terminal; the prompt goes on without it."""
    prompt.type(f"{ESCAPE}[31mmodels", ENTER)
    assert prompt.sent == ["models"]


def test_enter_inside_a_complete_text_runs_it(prompt: Prompt) -> None:
    """Wherever the cursor stands: only an incomplete text goes on."""
    prompt.type("models", CTRL_J, "set", UP, ENTER)
    assert prompt.sent == ["models\nset"]


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An editor that writes `models`; returns the file that says what it was given."""
    seen = tmp_path / "seen"
    program = tmp_path / "edit"
    program.write_text(f'#!/bin/sh\ncat "$1" > {seen}\nprintf "models\\nset\\n" > "$1"\n')
    program.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(program))
    return seen


def test_the_editor_gives_the_text_back(prompt: Prompt, editor: Path) -> None:
    """Ctrl-X Ctrl-E: what was typed goes to $VISUAL; what comes back waits for Enter."""
    edited = press_when(prompt, lambda: prompt.session.default_buffer.text == "models\nset", ENTER + CTRL_D)
    prompt.keyboard.send_text("help" + CTRL_X + CTRL_E)
    prompt.run()
    edited.join()
    assert editor.read_text() == "help"
    assert prompt.sent == ["models\nset"]


def test_an_editor_that_fails_costs_nothing(
    prompt: Prompt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`:cq` keeps the line as it was."""
    asked = tmp_path / "asked"
    program = tmp_path / "refuse"
    program.write_text(f'#!/bin/sh\necho spoilt > "$1"\n: > {asked}\nexit 1\n')
    program.chmod(0o755)
    for name in ("VISUAL", "EDITOR", "PATH"):
        monkeypatch.setenv(name, str(program))
    monkeypatch.setattr("subprocess.call", lambda words: subprocess.run(words, check=False).returncode or 1)
    refused = press_when(prompt, asked.exists, ENTER + CTRL_D)
    prompt.keyboard.send_text("models" + CTRL_X + CTRL_E)
    prompt.run()
    refused.join()
    assert prompt.sent == ["models"]


def test_vi_keys(prompt: Prompt) -> None:
    """`set editing_mode vi` counts from the next line on; the prompt says which mode the keys are in."""
    modes: list[str] = []
    prompt.session.app.after_render += lambda _: modes.append(
        fragment_list_to_text(to_formatted_text(prompt.session.message))
    )
    typed = press_when(prompt, lambda: prompt.session.default_buffer.text == "xmodels", ESCAPE)
    moved = press_when(prompt, lambda: modes[-1:] == ["[N] › "], "0x" + ENTER + CTRL_D)
    prompt.keyboard.send_text("set editing_mode vi" + ENTER + "xmodels")
    prompt.run()
    typed.join()
    moved.join()
    assert prompt.sent == ["models"]
    assert modes[0] == "› "
    assert "[I] › " in modes


def test_vi_opens_the_editor(prompt: Prompt, editor: Path) -> None:
    """`v` in vi's navigation."""
    state = prompt.session.app.vi_state
    typed = press_when(prompt, lambda: prompt.session.default_buffer.text == "help", ESCAPE)
    navigating = press_when(prompt, lambda: state.input_mode == InputMode.NAVIGATION, "v")
    edited = press_when(prompt, lambda: prompt.session.default_buffer.text == "models\nset", ENTER + CTRL_D)
    prompt.keyboard.send_text("set editing_mode vi" + ENTER + "help")
    prompt.run()
    typed.join()
    navigating.join()
    edited.join()
    assert editor.read_text() == "help"
    assert prompt.sent == ["models\nset"]


def test_emacs_keys_again(prompt: Prompt) -> None:
    """The way back is as short."""
    prompt.type("set editing_mode vi", ENTER, "set editing_mode emacs", ENTER, "odels", CTRL_A, "m", ENTER)
    assert prompt.sent == ["models"]


def test_the_toolbar_may_be_switched_off(prompt: Prompt) -> None:
    """`set toolbar off` counts from the next line on, and `on` brings it back."""
    shown: list[bool] = []
    read = prompt.prompt.read

    def reading() -> str:
        try:
            return read()
        finally:
            shown.append(prompt.session.bottom_toolbar is not None)

    prompt.prompt.read = reading  # type: ignore[method-assign]
    prompt.type("set toolbar off", ENTER, "set toolbar on", ENTER)
    assert shown[:3] == [True, False, True]


def test_ctrl_r_finds_a_line(prompt: Prompt) -> None:
    """What holds the text is found, and Enter runs it."""
    for line in ("set seed 7", "models # first"):
        prompt.session.history.append_string(line)
    searching = press_when(prompt, lambda: prompt.session.app.layout.is_searching, "first" + ENTER)
    found = press_when(
        prompt,
        lambda: (
            not prompt.session.app.layout.is_searching
            and prompt.session.default_buffer.text == "models # first"
        ),
        ENTER + CTRL_D,
    )
    prompt.keyboard.send_text(CTRL_R)
    prompt.run()
    searching.join()
    found.join()
    assert prompt.sent == ["models # first"]


def test_ctrl_c_in_a_search_keeps_the_line(prompt: Prompt) -> None:
    """The search ends; what was typed before it is still there."""
    searching = press_when(prompt, lambda: prompt.session.app.layout.is_searching, "zzz" + CTRL_C)
    ended = press_when(
        prompt,
        lambda: (
            not prompt.session.app.layout.is_searching and prompt.session.search_buffer.text == ""
            and not searching.is_alive()
        ),
        ENTER + CTRL_D,
    )  # fmt: skip
    prompt.keyboard.send_text("models" + CTRL_R)
    prompt.run()
    searching.join()
    ended.join()
    assert prompt.sent == ["models"]


def test_ctrl_c_in_the_menu_of_completions(prompt: Prompt) -> None:
    """The line goes with its menu, and the prompt goes on."""
    buffer, keys = prompt.session.default_buffer, CTRL_C + "models" + ENTER + CTRL_D
    listed = press_when(prompt, lambda: buffer.complete_state is not None, keys)
    prompt.keyboard.send_text("s" + TAB)
    assert prompt.run() == 0
    listed.join()
    assert prompt.sent == ["models"]
