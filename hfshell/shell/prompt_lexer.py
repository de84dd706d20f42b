"""What the prompt asks for the colours of a line, and what it knows of the words there are. Light."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prompt_toolkit.formatted_text.utils import split_lines
from prompt_toolkit.lexers import Lexer, SimpleLexer

from hfshell.shell.late_imports import LATE_IMPORTS

if TYPE_CHECKING:
    from prompt_toolkit.document import Document
    from prompt_toolkit.formatted_text import StyleAndTextTuples


@dataclass(frozen=True)
class Known:
    """What the prompt knows by now.

    Attributes:
        commands: names of commands, and whatever else may stand in their place.
        all_commands: whether there are no others: before plugins were asked, no command is unknown.
        flags: gives the options of a command, None for one that reads none; without it no option is unknown.
        names: what is bound, by name, with its fields; None while nobody was asked. Another object once
            something else is bound.
    """

    commands: Collection[str]
    all_commands: bool = False
    flags: Callable[[str], Collection[str] | None] | None = None
    names: Mapping[str, Collection[str]] | None = None


Painter = Callable[[str, Known, int], "StyleAndTextTuples"]


class PromptLexer(Lexer):
    """Colours text as the language reads it.

    Args:
        known: what is known by now.
        cursor: where the cursor is: a word that is being typed there may still become a known one.
    """

    def __init__(self, known: Callable[[], Known], cursor: Callable[[], int] = lambda: -1) -> None:
        self._known = known
        self._cursor = cursor
        self._highlighted: Painter | None = None

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        """Return a function from a line's number to its coloured pieces."""
        if not document.text:
            return lambda _: []  # the first prompt stands before anybody can read the language
        highlighted = self._painter()
        if highlighted is None:
            return SimpleLexer().lex_document(document)
        lines = list(split_lines(highlighted(document.text, self._known(), self._cursor())))
        return lambda number: lines[number] if number < len(lines) else []

    def _painter(self) -> Painter | None:
        """Return what knows the colours; None while others import, for a key does not wait for them."""
        if self._highlighted is None and LATE_IMPORTS.acquire(blocking=False):
            try:
                from hfshell.shell.highlighting import highlighted
            finally:
                LATE_IMPORTS.release()
            self._highlighted = highlighted
        return self._highlighted

    def invalidation_hash(self) -> int:
        """Change when more is known, and when the cursor moves."""
        known = self._known()
        names = None if known.names is None else (id(known.names), len(known.names))
        return hash((self._cursor(), len(known.commands), known.all_commands, known.flags is None, names))
