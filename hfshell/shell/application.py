"""The prompt as prompt_toolkit knows it: everything that edits, completes, colours and lists a line."""

from __future__ import annotations

import contextlib
import os
import select
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.completion import Completer, DummyCompleter, DynamicCompleter
from prompt_toolkit.cursor_shapes import ModalCursorShapeConfig
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input.typeahead import store_typeahead
from prompt_toolkit.input.vt100_parser import Vt100Parser
from prompt_toolkit.key_binding.vi_state import InputMode
from prompt_toolkit.lexers import SimpleLexer
from prompt_toolkit.shortcuts import CompleteStyle
from prompt_toolkit.styles import DynamicStyle

from hfshell.settings import Settings
from hfshell.shell.first_keys import reads_on
from hfshell.shell.history_search import search_quickly
from hfshell.shell.keys import key_bindings
from hfshell.shell.past_lines import PastLines
from hfshell.shell.prompt_lexer import Known, PromptLexer
from hfshell.shell.style import prompt_style
from hfshell.shell.suggestion import SuggestPastLine

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples
    from prompt_toolkit.history import History
    from prompt_toolkit.input import Input
    from prompt_toolkit.key_binding import KeyPress
    from prompt_toolkit.lexers import Lexer
    from prompt_toolkit.output import Output

    from hfshell.shell.questions import Question

SIGN, ASCII_SIGN = "› ", "> "
_MENU_LINES = 10
_ESCAPE_SECONDS = 0.5
"""How long Esc may be the beginning of a longer key, over a slow line; prompt_toolkit's own figure."""
_VI_ESCAPE_SECONDS = 0.05
"""With vi's keys Esc is pressed all the time."""


def _is_incomplete(text: str) -> bool:
    return bool(text) and reads_on()(text)


@dataclass(frozen=True)
class Surroundings:
    """What the prompt asks of the shell around it.

    Attributes:
        history: lines typed before.
        completer: made on the first Tab, for its imports take a while.
        known: what may stand on a line, as far as it is known by now.
        toolbar: the line under the prompt, for a width in cells.
        explain: prints help on a word.
        settings: the settings in force; they may change with each line.
        past: gives the lines of the history, to be searched.
        ascii_only: whether the screen shows nothing else.
        name: stands in front of the sign.
        lexer: colours what is typed; None reads it as the language.
        is_open: whether Enter begins another line of a text.
        suffix: of the file that an editor is given.
    """

    history: History
    completer: Callable[[], Completer]
    known: Callable[[], Known]
    toolbar: Callable[[int], StyleAndTextTuples]
    explain: Callable[[Question], None]
    settings: Callable[[], Settings] = Settings
    past: Callable[[], PastLines] = PastLines
    ascii_only: bool = False
    name: str = ""
    lexer: Lexer | None = None
    is_open: Callable[[str], bool] = _is_incomplete
    suffix: str = ".hfsh"


class TerminalPrompt:
    """Reads texts at a terminal that can be drawn on.

    Args:
        around: the shell around it.
        terminal, output: take the place of the real ones in tests.
    """

    def __init__(
        self, around: Surroundings, *, terminal: Input | None = None, output: Output | None = None
    ) -> None:
        self._around = around
        self._shown: StyleAndTextTuples = []
        self.session = make_prompt(around, terminal=terminal, output=output)

    def read(self) -> str:
        """Read a text.

        Raises:
            KeyboardInterrupt: Ctrl-C.
            EOFError: Ctrl-D on an empty line.
        """
        settings = self._around.settings()
        vi = settings.editing_mode == "vi"
        self.session.editing_mode = EditingMode.VI if vi else EditingMode.EMACS
        self.session.cursor = ModalCursorShapeConfig() if vi else None
        self.session.app.ttimeoutlen = _VI_ESCAPE_SECONDS if vi else _ESCAPE_SECONDS
        self.session.bottom_toolbar = self._toolbar if settings.toolbar else None
        take_typed_ahead(self.session.app.input)
        text = self.session.prompt()
        if vi:
            self._reset_cursor()
        return text

    def opened(self, **changes: Any) -> TerminalPrompt:
        """Return a prompt like this one for texts that are no lines of the language.

        Args:
            changes: fields of `Surroundings` that differ.
        """
        plain = {"is_open": lambda _text: False, "suffix": ".txt", "history": InMemoryHistory()}
        nothing = {"completer": DummyCompleter, "past": PastLines, "lexer": SimpleLexer()}
        around = replace(self._around, **{**plain, **nothing, **changes})
        return TerminalPrompt(around, terminal=self.session.app.input, output=self.session.app.output)

    def take_over(self) -> None:
        """Go on after another prompt: nothing is shared with it."""

    def redraw(self) -> None:
        """Draw again what stands around the line, if it is different. From any thread."""
        app = self.session.app
        if app.is_running and self._around.toolbar(app.output.get_size().columns) != self._shown:
            app.invalidate()

    def interject(self, show: Callable[[], None]) -> None:
        """Show something above the prompt, if it stands. From any thread."""
        app = self.session.app
        if app.loop is None or app.context is None:
            return
        with contextlib.suppress(RuntimeError):  # the prompt ended a moment ago
            app.loop.call_soon_threadsafe(lambda: run_in_terminal(show), context=app.context.copy())

    def _toolbar(self) -> StyleAndTextTuples:
        self._shown = self._around.toolbar(self.session.app.output.get_size().columns)
        return self._shown

    def _reset_cursor(self) -> None:
        output = self.session.app.output
        output.reset_cursor_shape()
        output.flush()


def take_typed_ahead(terminal: Input) -> None:
    """Give the keys that were pressed before there was a prompt to the next one.

    Other programs leave the terminal in a mode that makes Ctrl-J of Enter: what was typed meanwhile would
    wait for another Enter.
    """
    descriptor = terminal.fileno()
    if not os.isatty(descriptor):
        return
    typed = b""
    while select.select([descriptor], [], [], 0)[0] and (piece := os.read(descriptor, 4096)):
        typed += piece
    keys: list[KeyPress] = []
    parser = Vt100Parser(keys.append)
    parser.feed(typed.decode("utf-8", "surrogateescape").replace("\n", "\r"))
    parser.flush()
    store_typeahead(terminal, keys)


def make_prompt(
    around: Surroundings, *, terminal: Input | None = None, output: Output | None = None
) -> PromptSession[str]:
    """Return the prompt; `terminal` and `output` take the place of the real ones in tests."""
    while_typing = Condition(lambda: around.settings().complete_while_typing)
    session: PromptSession[str] = PromptSession(
        history=around.history,
        completer=DynamicCompleter(around.completer),
        complete_in_thread=True,
        complete_while_typing=while_typing,
        reserve_space_for_menu=_MENU_LINES,
        complete_style=CompleteStyle.COLUMN,
        auto_suggest=SuggestPastLine(around.past, lambda: around.settings().suggestions),
        enable_history_search=~while_typing,
        enable_suspend=True,
        include_default_pygments_style=False,
        style=DynamicStyle(lambda: prompt_style(around.settings().theme)),
        key_bindings=key_bindings(around.explain),
        prompt_continuation=[("class:continuation", "  ")],
        tempfile_suffix=around.suffix,
        input=terminal,
        output=output,
    )
    session.lexer = around.lexer or PromptLexer(around.known, lambda: session.default_buffer.cursor_position)
    search_quickly(session.default_buffer, around.past)
    # Enter runs a complete text, and begins another line of an incomplete one.
    session.multiline = Condition(lambda: around.is_open(session.default_buffer.text))
    session.message = lambda: _message(session, around.name, ascii_only=around.ascii_only)
    return session


def _message(session: PromptSession[str], name: str, *, ascii_only: bool) -> StyleAndTextTuples:
    """Return the sign in front of the line; with vi's keys it says which of its modes they are in."""
    mark = ASCII_SIGN if ascii_only else SIGN
    sign: StyleAndTextTuples = [("class:prompt", f"{name} {mark}" if name else mark)]
    if session.editing_mode != EditingMode.VI:
        return sign
    mode = session.app.vi_state.input_mode
    letter = {InputMode.NAVIGATION: "N", InputMode.REPLACE: "R", InputMode.REPLACE_SINGLE: "R"}.get(mode, "I")
    return [("class:continuation", f"[{letter}] "), *sign]
