"""What is being typed at a place in a text, for completion and colours."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from hfshell.language.lexer import lex
from hfshell.language.tokens import Lexed, Quote, Text, Token, Word

_REFERENCE = re.compile(r"(?<!\\)(?:\\\\)*+\$\{?(?P<typed>(?:env:)?[\w.]*+)\Z")

CursorKind = Literal["command", "word", "redirect", "reference", "other"]
"""What would stand there: a command's name, one of its words, the file of a redirect, a name behind `$`, or
nothing that can be completed (a comment, a heredoc's text, a name to bind)."""


@dataclass(frozen=True)
class Cursor:
    """What is being typed.

    Attributes:
        kind: what it is.
        typed: what it means so far, quotes and backslashes taken away; behind a `$`, what follows it.
        start: offset that a completion replaces the text from.
        quote: the quote that is open there.
        command: the line's command; None while it is not typed yet.
        words: the words between the command and the cursor.
        behind: the words of the same line that begin behind the cursor.
        binds: whether the line began with `NAME =`.
    """

    kind: CursorKind
    typed: str
    start: int
    quote: Quote = ""
    command: str | None = None
    words: tuple[Word, ...] = ()
    behind: tuple[Word, ...] = ()
    binds: bool = False


def cursor_at(text: str, position: int) -> Cursor:
    """Return what is being typed at a position in a text; what stands behind it changes `behind` alone."""
    cursor = cursor_at_end(text[:position])
    behind = _words_behind(text, position) if text[position:].strip() else ()
    return replace(cursor, behind=behind) if behind else cursor


def _words_behind(text: str, position: int) -> tuple[Word, ...]:
    # A quote that opens before the cursor and closes behind it has no line end of its own outside.
    statements = lex(text).statements
    number = min(len(lex(text[:position]).statements), len(statements)) - 1
    return tuple(
        token.word
        for token in statements[number]
        if token.kind in ("word", "operator") and token.word and token.start >= position
    )


def cursor_at_end(text: str) -> Cursor:
    """Return what is being typed at the end of `text`, the text before the cursor."""
    lexed = lex(text)
    before = list(lexed.statements[-1])
    current = before.pop() if before and _grows(before[-1], lexed, len(text)) else None
    command = next((token.word.plain for token in before if token.kind == "command" and token.word), None)
    words = tuple(token.word for token in before if token.kind in ("word", "operator") and token.word)
    binds = any(token.kind == "name" for token in before) and command not in ("let", "param")
    kind = _kind(before, current, lexed)
    word = current.word if current and kind != "other" else None
    if current is None or word is None:
        return Cursor(kind, "", len(text), "", command, words, binds=binds)
    quote = word.parts[-1].quote if lexed.incomplete == "quote" else ""
    match = _REFERENCE.search(text, current.start) if quote != "'" else None
    if match:
        return Cursor("reference", match["typed"], match.start("typed"), quote, command, words, binds=binds)
    typed = "".join(part.text if isinstance(part, Text) else part.raw for part in word.parts)
    return Cursor(kind, typed, current.start, quote, command, words, binds=binds)


def _grows(token: Token, lexed: Lexed, end: int) -> bool:
    """Whether the token would be longer if one went on typing."""
    if token.end != end or lexed.incomplete == "continuation":
        return False
    return token.word is not None or token.kind in ("comment", "heredoc", "name")


def _kind(before: list[Token], current: Token | None, lexed: Lexed) -> CursorKind:
    if lexed.incomplete == "heredoc" or (current and current.kind in ("comment", "heredoc", "body", "name")):
        return "other"
    if before and before[-1].kind == "redirect":
        return "redirect"
    return "word" if any(token.kind == "command" for token in before) else "command"
