"""Which words were used of late, so that they are offered first; pgcli calls it prevalence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from hfshell.language import lex

_NEWEST = 300
"""Texts that are looked at."""
_HALF = 50
"""After so many texts a use counts half."""
_LONGEST = 2000
"""A longer text is a paste, and says nothing on what is usually typed."""

Use = tuple[str, str]
"""A command, and a word on its line; nothing, and a command."""


class PastUse:
    """Counts the words of the newest texts, anew when there is one more.

    Args:
        newest: gives so many of the newest texts, the newest first.
    """

    def __init__(self, newest: Callable[[int], Sequence[str]] = lambda _: ()) -> None:
        self._newest = newest
        self._texts: Sequence[str] = ()
        self._weights: dict[str, dict[str, float]] = {}

    def of(self, command: str) -> Mapping[str, float]:
        """Return how much each word was used with a command; without one, how much each command was."""
        return self._weights.get(command, {})

    def refresh(self) -> None:
        """Take in what was typed since the last time."""
        texts = self._newest(_NEWEST)
        if texts == self._texts:
            return
        weights: dict[str, dict[str, float]] = {}
        for age, text in enumerate(texts):
            for command, word in _uses(text):
                words = weights.setdefault(command, {})
                words[word] = words.get(word, 0.0) + 0.5 ** (age / _HALF)
        self._texts, self._weights = texts, weights


@lru_cache(maxsize=2 * _NEWEST)
def _uses(text: str) -> tuple[Use, ...]:
    return tuple(_found(text)) if len(text) <= _LONGEST else ()


def _found(text: str) -> Iterator[Use]:
    for statement in lex(text).statements:
        command = ""
        for token in statement:
            if token.word is None:
                continue
            if token.kind == "command":
                command = token.word.plain or ""
                yield "", command
            elif token.kind == "word":
                word = token.word.plain or ""
                yield command, word.partition("=")[0] if word.startswith("-") else word
