"""Keys beyond those that prompt_toolkit brings (emacs, and vi where EDITOR_MODE asks for it)."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.filters import has_selection
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from hfshell.shell.questions import Question, question_at


def key_bindings(explain: Callable[[Question], None]) -> KeyBindings:
    """Return the keys.

    Args:
        explain: prints help on a word.
    """
    keys = KeyBindings()

    @keys.add("f1")
    def _(event: KeyPressEvent) -> None:
        """Explain the word at the cursor; the line stays."""
        document = event.current_buffer.document
        run_in_terminal(lambda: explain(question_at(document.text, document.cursor_position)))

    @keys.add("escape", "enter", filter=~has_selection)
    def _(event: KeyPressEvent) -> None:
        """Begin another line of the same text."""
        event.current_buffer.newline(copy_margin=False)

    return keys
