"""Keys beyond those that prompt_toolkit brings (emacs, and vi where EDITOR_MODE asks for it)."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.filters import has_selection
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from hfshell.language import lex


def key_bindings(show_help: Callable[[str], None]) -> KeyBindings:
    """Return the keys.

    Args:
        show_help: prints help on a command; on all of them for an empty name.
    """
    keys = KeyBindings()

    @keys.add("f1")
    def _(event: KeyPressEvent) -> None:
        """Explain the command that is being typed; the line stays."""
        document = event.current_buffer.document
        run_in_terminal(lambda: show_help(command_at(document.text, document.cursor_position)))

    @keys.add("escape", "enter", filter=~has_selection)
    def _(event: KeyPressEvent) -> None:
        """Begin another line of the same text."""
        event.current_buffer.newline(copy_margin=False)

    return keys


def command_at(text: str, position: int) -> str:
    """Return the command of the line that the cursor is in; empty when there is none yet."""
    for statement in reversed(lex(text).statements):
        command = next((token for token in statement if token.kind == "command"), None)
        if command is not None and command.word is not None and command.start <= position:
            return command.word.plain or ""
    return ""
