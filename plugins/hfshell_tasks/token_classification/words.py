"""The words of a row, where they stand in its text, and which of a tokenizer's pieces speaks for each."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

Offsets = Sequence[tuple[int, int]]
"""Where tokens, or words, begin and end in a text, in characters."""

_ALONE = (
    (0x3040, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F), (0x20000, 0x3FFFF),
)  # fmt: skip
"""Characters of Chinese and Japanese, which put no spaces between words: each is one."""


@dataclass(frozen=True)
class Words:
    """A text, and its words.

    Attributes:
        text: the text.
        spans: start and end of each word, in order.
    """

    text: str
    spans: Offsets


def joined(tokens: Sequence[str]) -> Words:
    """Return words as one text, a space between two."""
    ends = list(accumulate((len(token) + 1 for token in tokens), initial=0))
    spans = [(start, start + len(token)) for start, token in zip(ends, tokens, strict=False)]
    return Words(" ".join(tokens), spans)


def split(text: str) -> Words:
    """Cut a text into words: what stands between spaces, punctuation apart, as BERT cuts it."""
    spans: list[tuple[int, int]] = []
    is_open = False
    for place, character in enumerate(text):
        kind = _kind(character)
        if kind == "letter" and is_open:
            spans[-1] = (spans[-1][0], place + 1)
        elif kind != "space":
            spans.append((place, place + 1))
        is_open = kind == "letter"
    return Words(text, spans)


def spoken_for(words: Offsets, windows: Sequence[Offsets]) -> list[list[list[int]]]:
    """Tell which token speaks for each word: the first one of those that are a part of it.

    Args:
        words: where they stand.
        windows: where the tokens stand of all windows of the text; special ones as (0, 0).

    Returns:
        For each window and token the numbers of the words that it speaks for. A token that is a part of
        several speaks for all of them; a word that begins in one window speaks in no other that lacks its
        begin. Words that the tokenizer makes nothing of are in none.
    """
    found = [_parts(words, offsets) for offsets in windows]
    begins: dict[int, int] = {}
    for offsets, parts in zip(windows, found, strict=True):
        for (start, _), numbers in zip(offsets, parts, strict=True):
            for number in numbers:
                begins[number] = min(start, begins.get(number, start))
    return [_firsts(offsets, parts, begins) for offsets, parts in zip(windows, found, strict=True)]


def _firsts(offsets: Offsets, parts: list[list[int]], begins: dict[int, int]) -> list[list[int]]:
    """Keep the numbers of words at their first token."""
    seen: set[int] = set()
    firsts = []
    for (start, _), numbers in zip(offsets, parts, strict=True):
        firsts.append([number for number in numbers if start == begins[number] and number not in seen])
        seen.update(firsts[-1])
    return firsts


def _parts(words: Offsets, offsets: Offsets) -> list[list[int]]:
    """Return for each token the numbers of the words that it shares characters with."""
    starts = [start for start, _ in words]
    parts: list[list[int]] = []
    for start, end in offsets:
        first = max(bisect_right(starts, start) - 1, 0)
        beyond = bisect_right(starts, end - 1) if start < end else first
        parts.append([number for number in range(first, beyond) if words[number][1] > start])
    return parts


def _kind(character: str) -> str:
    """Tell what a character is to words: a letter goes on with one, a sign is one, a space is none."""
    category = unicodedata.category(character)
    if character.isspace() or category in ("Cc", "Cf"):
        return "space"
    if category[0] in "PS" or any(first <= ord(character) <= last for first, last in _ALONE):
        return "sign"
    return "letter"
