"""Colours for what is being typed, from the same lexer that reads it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from prompt_toolkit.formatted_text.utils import split_lines
from prompt_toolkit.lexers import Lexer

from hfshell.language import Reference, Token, Word, lex

if TYPE_CHECKING:
    from prompt_toolkit.document import Document
    from prompt_toolkit.formatted_text import StyleAndTextTuples

_CLASSES = {
    "name": "class:name",
    "operator": "class:operator",
    "redirect": "class:redirect",
    "heredoc": "class:redirect",
    "comment": "class:comment",
    "error": "class:error",
}


class PromptLexer(Lexer):
    """Colours text as the language reads it.

    Args:
        commands: names of the commands known so far; others stay uncoloured.
    """

    def __init__(self, commands: Callable[[], Collection[str]]) -> None:
        self._commands = commands

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        """Return a function from a line's number to its coloured pieces."""
        lines = list(split_lines(highlighted(document.text, self._commands())))
        return lambda number: lines[number] if number < len(lines) else []

    def invalidation_hash(self) -> int:
        """Change when more commands are known."""
        return len(self._commands())


def highlighted(text: str, commands: Collection[str]) -> StyleAndTextTuples:
    """Return the whole text in coloured pieces."""
    pieces: StyleAndTextTuples = []
    if text.startswith("!"):
        return [("class:operator", "!"), ("", text[1:])]
    end = 0
    for token in lex(text).tokens:
        pieces.append(("", text[end : token.start]))
        pieces.extend(_token(token, text, commands))
        end = token.end
    pieces.append(("", text[end:]))
    return pieces


def _token(token: Token, text: str, commands: Collection[str]) -> StyleAndTextTuples:
    raw = text[token.start : token.end]
    if token.kind == "command":
        known = token.word is not None and token.word.plain in commands
        return [("class:command" if known else "", raw)]
    if token.kind == "word" and raw.startswith("-"):
        return [("class:option", raw)]
    if token.kind in ("word", "body") and token.word is not None:
        return _word(token.word, text, token.start, token.end)
    return [(_CLASSES.get(token.kind, ""), raw)]


def _word(word: Word, text: str, start: int, end: int) -> StyleAndTextTuples:
    pieces: StyleAndTextTuples = []
    position = start
    style = ""
    for part in word.parts:
        # What stands between parts are the quotes around them: they take the colour of what they hold.
        style = "class:reference" if isinstance(part, Reference) else "class:string" if part.quote else ""
        around = "class:string" if part.quote in ("'", '"') else ""
        pieces.append((around, text[position : part.start]))
        pieces.append((style, text[part.start : part.end]))
        position = part.end
    pieces.append(("class:string" if style == "class:string" else "", text[position:end]))
    return pieces
