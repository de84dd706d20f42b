"""What the prompt asks for the colours of a line, and what it knows of the words there are. Light."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prompt_toolkit.formatted_text.utils import split_lines
from prompt_toolkit.lexers import Lexer

from hfshell.shell.first_keys import painter

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


class PromptLexer(Lexer):
    """Colours text as the language reads it.

    Args:
        known: what is known by now.
        cursor: where the cursor is: a word that is being typed there may still become a known one.
    """

    def __init__(self, known: Callable[[], Known], cursor: Callable[[], int] = lambda: -1) -> None:
        self._known = known
        self._cursor = cursor

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        """Return a function from a line's number to its coloured pieces."""
        if not document.text:
            return lambda _: []  # the first prompt stands before anybody can read the language
        lines = list(split_lines(painter()(document.text, self._known(), self._cursor())))
        return lambda number: lines[number] if number < len(lines) else []

    def invalidation_hash(self) -> int:
        """Change when more is known, and when the cursor moves."""
        known = self._known()
        names = None if known.names is None else (id(known.names), len(known.names))
        return hash((self._cursor(), len(known.commands), known.all_commands, known.flags is None, names))
