"""Colours for a command behind a slash; what is said has none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from prompt_toolkit.lexers import Lexer

from hfshell.shell.sub_prompt.typed import SLASH

if TYPE_CHECKING:
    from prompt_toolkit.document import Document
    from prompt_toolkit.formatted_text import StyleAndTextTuples


class SlashLexer(Lexer):
    """Colours a command behind a slash, and nothing that is said."""

    def __init__(self, commands: Mapping[str, tuple[str, str]]) -> None:
        self._commands = commands

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        """Return a function from a line's number to its coloured pieces."""
        lines = document.lines

        def coloured(number: int) -> StyleAndTextTuples:
            line = lines[number] if number < len(lines) else ""
            word = line.split(maxsplit=1)[0] if line.strip() else ""
            if number or not line.startswith(SLASH) or word[1:] not in self._commands:
                return [("", line)]
            return [("class:command", word), ("", line[len(word) :])]

        return coloured
