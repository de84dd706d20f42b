"""Edits that need no model: words swapped, words left out (EDA, Wei and Zou 2019, arXiv 1901.11196).

Of the four edits in that paper these are the two that need no dictionary. Negations stay where they are, and
so do the words right behind them.
"""

from __future__ import annotations

import random

from hfshell.data.augmentation.words import Word, between_blanks


def edited(text: str, rate: float, draw: random.Random) -> str:
    """Return a text with words swapped, or with words left out, by chance.

    Args:
        text: of any length; one without enough free words comes back as it is.
        rate: share of its words that are swapped or left out, one at least.
        draw: where chance comes from.
    """
    edit = draw.choice((_swapped, _shortened))
    words = between_blanks(text)
    free = [number for number, word in enumerate(words) if not word.fixed]
    count = max(1, round(rate * len(words)))
    return edit(text, words, free, count, draw) if len(free) > 1 else text


def _swapped(text: str, words: list[Word], free: list[int], count: int, draw: random.Random) -> str:
    """Swap words by twos."""
    order = [word.text for word in words]
    for _ in range(count):
        one, other = draw.sample(free, 2)
        order[one], order[other] = order[other], order[one]
    return _joined(text, words, order)


def _shortened(text: str, words: list[Word], free: list[int], count: int, draw: random.Random) -> str:
    """Leave words out, of the free ones half at most."""
    gone = set(draw.sample(free, min(count, len(free) // 2)))
    kept = ["" if number in gone else word.text for number, word in enumerate(words)]
    return _joined(text, words, kept)


def _joined(text: str, words: list[Word], now: list[str]) -> str:
    """Put words into the places of those that were there; an empty one takes the blank behind it along."""
    parts, end, lost = [text[: words[0].start]], words[0].start, False
    for word, replacement in zip(words, now, strict=True):
        parts.append("" if lost else text[end : word.start])
        parts.append(replacement)
        end, lost = word.end, not replacement
    return "".join([*parts, text[end:]]).rstrip() if lost else "".join([*parts, text[end:]])
