"""The prompt as prompt_toolkit knows it: everything that edits, completes, colours and lists a line."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import Completer, DynamicCompleter
from prompt_toolkit.filters import Condition
from prompt_toolkit.shortcuts import CompleteStyle

from hfshell.language import is_incomplete
from hfshell.settings import Settings
from hfshell.shell.highlighting import PromptLexer
from hfshell.shell.history_search import search_quickly
from hfshell.shell.keys import key_bindings
from hfshell.shell.past_lines import PastLines
from hfshell.shell.style import STYLE
from hfshell.shell.suggestion import SuggestPastLine

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples
    from prompt_toolkit.history import History
    from prompt_toolkit.input import Input
    from prompt_toolkit.output import Output

PROMPT = "› "
PLAIN_PROMPT = "> "
_MENU_LINES = 10


@dataclass(frozen=True)
class Surroundings:
    """What the prompt asks of the shell around it.

    Attributes:
        history: lines typed before.
        completer: made on the first Tab, for its imports take a while.
        commands: names of the commands known so far.
        toolbar: the line under the prompt, for a width in cells.
        show_help: prints help on a command.
        plain: words and ASCII alone: no toolbar, no ghost text, completions as a list.
        settings: the settings in force; they may change with each line.
        past: gives the lines of the history, to be searched.
    """

    history: History
    completer: Callable[[], Completer]
    commands: Callable[[], Collection[str]]
    toolbar: Callable[[int], StyleAndTextTuples]
    show_help: Callable[[str], None]
    plain: bool = False
    settings: Callable[[], Settings] = Settings
    past: Callable[[], PastLines] = PastLines


def make_prompt(
    around: Surroundings, *, terminal: Input | None = None, output: Output | None = None
) -> PromptSession[str]:
    """Return the prompt; `terminal` and `output` take the place of the real ones in tests."""
    plain = around.plain
    session: PromptSession[str] = PromptSession(
        [("class:prompt", PLAIN_PROMPT if plain else PROMPT)],
        history=around.history,
        completer=DynamicCompleter(around.completer),
        complete_in_thread=True,
        complete_while_typing=False,
        reserve_space_for_menu=_MENU_LINES,
        complete_style=CompleteStyle.READLINE_LIKE if plain else CompleteStyle.COLUMN,
        auto_suggest=None if plain else SuggestPastLine(around.past, lambda: around.settings().suggestions),
        enable_history_search=True,
        enable_open_in_editor=True,
        enable_suspend=True,
        lexer=None if plain else PromptLexer(around.commands),
        include_default_pygments_style=False,
        style=STYLE,
        key_bindings=key_bindings(around.show_help),
        prompt_continuation=[("class:continuation", "  ")],
        tempfile_suffix=".hfsh",
        input=terminal,
        output=output,
    )
    search_quickly(session.default_buffer, around.past)
    # Enter runs a complete text, and begins another line of an incomplete one.
    session.multiline = Condition(lambda: is_incomplete(session.default_buffer.text))
    if not plain:
        session.bottom_toolbar = lambda: around.toolbar(session.app.output.get_size().columns)
    return session
