"""Which word of a line is asked about: `?` behind it, or F1 at the cursor."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hfshell.language import Token, Word, lex

_HELP = re.compile(r"\s*\?(?P<words>[^?\n]*)\Z")
_NAME = re.compile(r"\s*(?P<name>[\w.-]+)\?\s*\Z")


@dataclass(frozen=True)
class Question:
    """A word that somebody wants explained.

    Attributes:
        command: the command of its line; None for a question about everything.
        words: what follows the command, up to the word that is asked about; none asks about the command.
    """

    command: str | None = None
    words: tuple[str, ...] = ()


def question_in(text: str) -> Question | None:
    """Return what a line asks: `?`, `? WORD`, `WORD?`, or `?` as its last word; None without any of these."""
    if found := _HELP.match(text):
        return Question("help", tuple(found["words"].split())) if found["words"].strip() else Question()
    if found := _NAME.match(text):
        return Question("help", (found["name"],))
    lexed = lex(text)
    statement, *others = lexed.statements
    if any(others) or not statement or statement[-1].word is None or lexed.fault is not None:
        return None
    last = statement[-1].word
    if last.raw == "?" and len(statement) > 1:
        return question_at(text, statement[-2].end)
    if last.raw.startswith("--") and last.raw.endswith("?"):
        return question_at(text[: last.end - 1], last.end - 1)
    return None


def question_at(text: str, position: int) -> Question:
    """Return the question about the word at a place in a text; about its command where there is no word."""
    for statement in reversed(lex(text).statements):
        if statement and statement[0].start <= position:
            return _about(statement, position)
    return Question()


def _about(statement: tuple[Token, ...], position: int) -> Question:
    at = next((token for token in statement if token.start <= position <= token.end), None)
    command = next((token.word for token in statement if token.kind == "command"), None)
    if command is None:
        return Question()
    words = [
        token.word
        for token in statement
        if token.kind == "word" and token.word is not None and token.start <= position
    ]
    if at is None or at.kind != "word":
        words = []
    return Question(_said(command), tuple(_said(word) for word in words))


def _said(word: Word | None) -> str:
    """Return what a word says; for a reference the name that it refers to."""
    if word is None:
        return ""
    if len(word.references) == 1 and not word.references[0].environment:
        reference = word.references[0]
        return f"{reference.name}.{reference.field}" if reference.field else reference.name
    return word.plain if word.plain is not None else word.raw
