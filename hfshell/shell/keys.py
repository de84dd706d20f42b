"""Keys beyond those that prompt_toolkit brings for emacs and vi."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import (
    Condition,
    emacs_mode,
    has_focus,
    has_selection,
    vi_navigation_mode,
)
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys

from hfshell.shell.late_imports import LATE_IMPORTS

if TYPE_CHECKING:
    from hfshell.shell.questions import Question


def key_bindings(explain: Callable[[Question], None]) -> KeyBindings:
    """Return the keys.

    Args:
        explain: prints help on a word.
    """
    keys = KeyBindings()
    typing = has_focus(DEFAULT_BUFFER)

    @keys.add("f1")
    @keys.add("escape", "?", filter=emacs_mode)  # some terminals keep F1 to themselves
    def _(event: KeyPressEvent) -> None:
        """Explain the word at the cursor; the line stays."""
        with LATE_IMPORTS:
            from hfshell.shell.questions import question_at

        document = event.current_buffer.document
        run_in_terminal(lambda: explain(question_at(document.text, document.cursor_position)))

    @keys.add("escape", "enter", filter=typing & emacs_mode & ~has_selection)  # vi's Esc waits for nothing
    @keys.add("c-j", filter=typing)
    def _(event: KeyPressEvent) -> None:
        """Begin another line of the same text."""
        event.current_buffer.newline(copy_margin=False)

    @keys.add(Keys.Vt100MouseEvent)
    def _(_: KeyPressEvent) -> None:
        """Pass over what looks like a mouse, as a colour in a raw paste does: none was asked for."""

    _add_editor(keys)
    return keys


def _add_editor(keys: KeyBindings) -> None:
    """Open the text in $VISUAL or $EDITOR; it comes back to be looked at, and Enter runs it."""
    open_editors = 0
    typing = has_focus(DEFAULT_BUFFER)

    @keys.add("c-x", "c-e", filter=typing & emacs_mode & ~has_selection)
    @keys.add("v", filter=typing & vi_navigation_mode)
    def _(event: KeyPressEvent) -> None:
        nonlocal open_editors
        open_editors += 1

        def closed(_: object) -> None:
            nonlocal open_editors
            open_editors -= 1

        event.current_buffer.open_in_editor().add_done_callback(closed)

    @keys.add(Keys.SIGINT, filter=Condition(lambda: open_editors > 0))
    def _(_: KeyPressEvent) -> None:
        """Leave Ctrl-C to the editor: the prompt is not what it is meant for."""
