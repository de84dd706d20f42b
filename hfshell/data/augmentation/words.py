"""The words of a text, and those that no edit may touch."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_BETWEEN_BLANKS = re.compile(r"\S+")
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTERS = re.compile(rf"[{_CJK}]|(?:(?![{_CJK}])[^\W\d_])+(?:['’][^\W\d_]+)?")
_EDGES = re.compile(r"^\W+|\W+$")

_NEGATIONS = frozenset({
    "no", "not", "nor", "none", "never", "nobody", "nothing", "nowhere", "neither", "without", "cannot",
    "hardly", "barely", "scarcely", "lack", "lacks", "lacking",
    "nicht", "nichts", "nie", "niemals", "niemand", "nirgends", "kein", "keine", "keinen", "keinem", "keiner",
    "keines", "ohne", "weder",
    "ne", "pas", "jamais", "rien", "aucun", "aucune", "sans", "ni",
    "nunca", "nada", "nadie", "ninguno", "ninguna", "sin",
    "non", "mai", "niente", "nessuno", "senza", "não", "nem", "ninguém", "sem",
    "niet", "geen", "nooit", "niets", "zonder",
})  # fmt: skip
"""English, German, French, Spanish, Italian and Portuguese, Dutch."""

_NEGATING_CHARACTERS = frozenset("不没沒无無非未莫勿别別")
_SCOPE = 3
"""Words behind a negation that are said of it: moved or gone they would mean the opposite."""


@dataclass(frozen=True)
class Word:
    """A word in its text.

    Attributes:
        text: the word.
        start, end: where it stands, in characters.
        fixed: whether it is a negation, or stands right behind one.
    """

    text: str
    start: int
    end: int
    fixed: bool


def between_blanks(text: str) -> list[Word]:
    """Return what stands between blanks, with the marks at its ends."""
    return _words(text, [match.span() for match in _BETWEEN_BLANKS.finditer(text)])


def of_letters(text: str) -> list[Word]:
    """Return what consists of letters; in Chinese and Japanese each character."""
    return _words(text, [match.span() for match in _LETTERS.finditer(text)])


def is_negation(word: str) -> bool:
    """Whether a word negates what is said."""
    bare = _EDGES.sub("", word).casefold().replace("’", "'")
    return bare in _NEGATIONS or bare.endswith("n't") or bare in _NEGATING_CHARACTERS


def _words(text: str, spans: Sequence[tuple[int, int]]) -> list[Word]:
    found: list[Word] = []
    left = 0
    for start, end in spans:
        word = text[start:end]
        left = _SCOPE + 1 if is_negation(word) else max(0, left - 1)
        found.append(Word(word, start, end, left > 0))
    return found
