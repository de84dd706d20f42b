"""The prompt for screen readers and bare terminals: lines are appended, and nothing is ever drawn again.

The system's line editor (readline) reads them. What it completes is listed, and history, Ctrl-R and editing
are its own, as everywhere else on the system.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from hfshell.language import is_incomplete
from hfshell.shell.interrupts import interrupt, on_interrupt

if TYPE_CHECKING:
    from prompt_toolkit.completion import Completer, Completion

    from hfshell.shell.history import PromptHistory

SIGN = "> "
CONTINUATION = "... "
_MOST_SHOWN = 40
_BREAKS = " \t\n"


class PlainPrompt:
    """Reads texts.

    Args:
        history: lines typed before.
        completer: what Tab asks.
        sign: stands in front of a text.
        is_open: whether another line of the same text follows.
    """

    def __init__(
        self,
        history: PromptHistory,
        completer: Callable[[], Completer],
        *,
        sign: str = SIGN,
        is_open: Callable[[str], bool] = is_incomplete,
    ) -> None:
        self._history = history
        self._completer = completer
        self._matches: list[str] = []
        self._found: Sequence[Completion] = ()
        self._own_sign = self._sign = sign
        self._is_open = is_open

    def take_over(self) -> None:
        """Have the line editor know this prompt's history, after another prompt's."""
        self.__dict__.pop("_editor", None)

    def read(self, sign: str | None = None) -> str:
        """Read a text, of several lines when the first is not complete.

        Raises:
            KeyboardInterrupt: Ctrl-C, or the end of the input inside a text; it is dropped.
            EOFError: the end of the input.
        """
        _ = self._editor
        with on_interrupt(interrupt):
            try:
                text = self._line(sign or self._own_sign)
                while self._is_open(text):
                    text = f"{text}\n{self._more()}"
            except KeyboardInterrupt:
                print()  # noqa: T201 - the line that is dropped has no end yet
                raise
        self._remember(text)
        return text

    def redraw(self) -> None:
        """Draw nothing: what is there stays as it is."""

    def interject(self, show: Callable[[], None]) -> None:
        """Show nothing now: it is shown before the next line is asked for."""

    def _line(self, sign: str) -> str:
        self._sign = sign
        try:
            return input(sign)
        except EOFError:
            print()  # noqa: T201 - as above
            raise

    def _more(self) -> str:
        try:
            return self._line(CONTINUATION)
        except EOFError:
            raise KeyboardInterrupt from None

    @cached_property
    def _editor(self) -> ModuleType | None:
        """The line editor, told of the history and of Tab; None where Python was built without one."""
        with suppress(ImportError):
            readline = import_module("readline")
            readline.set_auto_history(False)
            readline.clear_history()
            readline.set_completer_delims(_BREAKS)
            readline.set_completer(self._complete)
            readline.set_completion_display_matches_hook(self._list)
            readline.parse_and_bind("tab: complete")
            readline.parse_and_bind("set show-all-if-ambiguous on")
            readline.parse_and_bind("set bell-style none")
            for text in reversed(self._history.read_now()):
                _recall(readline, text)
            return readline
        return None

    def _remember(self, text: str) -> None:
        before = len(self._history.get_strings())
        if text.strip():
            self._history.append_string(text)
        kept = len(self._history.get_strings()) > before
        if self._editor is not None and kept:
            _recall(self._editor, text)

    def _complete(self, _: str, number: int) -> str | None:
        """Return the match of a number for the word at the cursor: readline asks for one after another."""
        if number == 0:
            self._matches = list(self._replacements())
        return self._matches[number] if number < len(self._matches) else None

    def _replacements(self) -> Iterator[str]:
        """Yield what may stand in the place of the characters that readline replaces."""
        from prompt_toolkit.completion import CompleteEvent
        from prompt_toolkit.document import Document

        if self._editor is None:
            return
        begin, end = self._editor.get_begidx(), self._editor.get_endidx()
        before = self._editor.get_line_buffer()[:end]
        self._found = list(self._completer().get_completions(Document(before), CompleteEvent()))
        for completion in self._found:
            start = end + completion.start_position
            whole = before[:start] + completion.text
            if whole.startswith(before[:begin]):
                yield whole[begin:]

    def _list(self, _: str, matches: Sequence[str], __: int) -> None:
        """List what the word may become, a line each with what is to be known of it, and the line again."""
        shown = self._found[:_MOST_SHOWN]
        lines = [f"  {found.display_text}  {found.display_meta_text}".rstrip() for found in shown]
        if len(matches) > len(shown):
            lines.append(f"  and {len(matches) - len(shown)} more")
        line = self._editor.get_line_buffer() if self._editor is not None else ""
        print("\n" + "\n".join(lines))  # noqa: T201 - the prompt's own screen
        print(f"{self._sign}{line}", end="")  # noqa: T201 - as above
        sys.stdout.flush()


def _recall(editor: ModuleType, text: str) -> None:
    """Have the line editor bring a text back, if it is one line and the locale has its letters."""
    if "\n" not in text:
        with suppress(UnicodeEncodeError):
            editor.add_history(text)
