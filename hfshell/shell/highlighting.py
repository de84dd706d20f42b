"""Colours for what is being typed, from the same lexer that reads it; words that nobody knows are marked."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from hfshell.language import Reference, Token, Word, lex

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from hfshell.shell.prompt_lexer import Known

UNKNOWN = "class:unknown"
_CLASSES = {
    "name": "class:name",
    "operator": "class:operator",
    "redirect": "class:redirect",
    "heredoc": "class:redirect",
    "comment": "class:comment",
    "error": "class:error",
}
_CURRENT = "_"
_LONGEST = 20_000
"""A longer text is a paste: nothing in it is marked, and no key waits for that."""


def highlighted(text: str, known: Known, cursor: int = -1) -> StyleAndTextTuples:
    """Return the whole text in coloured pieces.

    Args:
        text: what is typed.
        known: what is known by now.
        cursor: where the cursor is, or -1 when nothing is being typed.
    """
    if text.lstrip().startswith("!"):
        before, sign, command = text.partition("!")
        return [("", before), ("class:operator", sign), ("", command)]
    pieces: StyleAndTextTuples = []
    end = 0
    for start, style, raw in _Colours(text, known, cursor).pieces():
        pieces += [("", text[end:start]), (style, raw)]
        end = start + len(raw)
    pieces.append(("", text[end:]))
    return pieces


Piece = tuple[int, str, str]
"""Where it begins, its style, and the text itself."""


@dataclass
class _Colours:
    """Colours one text.

    Attributes:
        bound: names that the text itself binds, so far.
    """

    text: str
    known: Known
    cursor: int
    bound: set[str] = field(default_factory=set)

    def pieces(self) -> Iterator[Piece]:
        """Colour the text, blanks left out."""
        statements = lex(self.text).statements
        alone = sum(map(bool, statements)) == 1
        for statement in statements:
            command = ""
            for token in statement:
                raw = self.text[token.start : token.end]
                if token.kind == "command":
                    command = token.word.plain or "" if token.word else ""
                    yield token.start, self._command(token, len(statement) == 1), raw
                elif token.kind == "error" and raw == "|" and alone:
                    yield token.start, "class:operator", raw
                    return  # what follows is for the system's shell
                else:
                    yield from self._other(token, raw, command)

    def _command(self, token: Token, is_whole_line: bool) -> str:
        name = (token.word.plain or "").strip("?") if token.word else ""
        if name in self.known.commands:
            return "class:command"
        owner = name.partition(".")[0]
        names = self.known.names
        if is_whole_line and (owner == _CURRENT or owner in self.bound or (names and owner in names)):
            return "class:name"
        if not name or not self.known.all_commands or names is None:
            return ""
        return self._marked(token, name, chain(self.known.commands, names), "")

    def _other(self, token: Token, raw: str, command: str) -> Iterator[Piece]:
        if token.kind == "name":
            self.bound.add(raw)
        if token.kind == "word" and raw.startswith("-"):
            yield from self._option(token, raw, command)
        elif token.word is not None and (token.kind in ("word", "body") or self._is_being_typed(token)):
            yield from self._word(token.word, token)
        else:
            yield token.start, _CLASSES.get(token.kind, ""), raw

    def _option(self, token: Token, raw: str, command: str) -> Iterator[Piece]:
        flag, equals, value = raw.partition("=")
        flags = self.known.flags(command) if self.known.flags and command and flag.startswith("--") else None
        known = flags is None or flag in flags or flag == "--"
        style = "class:option" if known else self._marked(token, flag, flags or (), "class:option")
        yield token.start, style, flag + equals
        if value:
            yield token.start + len(flag) + 1, "", value

    def _word(self, word: Word, token: Token) -> Iterator[Piece]:
        position = token.start
        style = ""
        for part in word.parts:
            # What stands between parts are the quotes around them: they take the colour of what they hold.
            style = "class:string" if part.quote else ""
            if isinstance(part, Reference):
                style = self._reference(part, token)
            around = "class:string" if part.quote in ("'", '"') else ""
            yield position, around, self.text[position : part.start]
            yield part.start, style, self.text[part.start : part.end]
            position = part.end
        yield position, "class:string" if style == "class:string" else "", self.text[position : token.end]

    def _reference(self, part: Reference, token: Token) -> str:
        names, usual = self.known.names, "class:reference"
        if part.environment:
            known = part.name in os.environ
            return usual if known else self._marked(token, part.name, os.environ, usual)
        if names is None or part.name == _CURRENT or part.name in self.bound:
            return usual
        if part.name not in names:
            return self._marked(token, part.name, names, usual)
        fields = names[part.name]
        if part.field is None or not fields or part.field in fields:
            return usual
        return self._marked(token, part.field, fields, usual)

    def _marked(self, token: Token, typed: str, known: Iterable[str], usual: str) -> str:
        """Mark what is unknown, unless it is being typed and may still become a known one."""
        if len(self.text) > _LONGEST:
            return usual
        if self._is_being_typed(token) and any(word.startswith(typed) for word in known):
            return usual
        return UNKNOWN

    def _is_being_typed(self, token: Token) -> bool:
        return token.start <= self.cursor <= token.end
