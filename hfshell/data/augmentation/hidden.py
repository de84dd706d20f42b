"""Words that are hidden from a model, and those that it may put in their place."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hfshell.data.augmentation.words import Word, is_negation, of_letters

_MASKS = re.compile(r"\[MASK\]|<mask>|_{3,}", re.IGNORECASE)
"""What `fill-mask` reads as a word that is hidden already."""


@dataclass(frozen=True)
class Hidden:
    """A text some of whose words are hidden.

    Attributes:
        text: as it was.
        words: those that are hidden, in order.
    """

    text: str
    words: tuple[Word, ...]

    def masked(self, mask: str) -> str:
        """Return the text with a mask for each hidden word."""
        return self.with_words([mask] * len(self.words))

    def with_words(self, given: Sequence[str]) -> str:
        """Return the text with other words for those that are hidden."""
        parts, end = [], 0
        for word, replacement in zip(self.words, given, strict=True):
            parts += [self.text[end : word.start], replacement]
            end = word.end
        return "".join([*parts, self.text[end:]])

    def filled(self, found: Any, draw: random.Random) -> str:
        """Return the text with words of a model's, drawn by their scores.

        Args:
            found: what `fill-mask` predicts: for one mask its proposals, for several a list of these each.
            draw: where chance comes from.
        """
        proposals = [found] if len(self.words) == 1 else found
        return self.with_words(
            [_chosen(word.text, some, draw) for word, some in zip(self.words, proposals, strict=True)]
        )


def hide(text: str, rate: float, draw: random.Random, mask: str = "") -> Hidden:
    """Choose words to hide, one at least of those that may change: of letters, and not negated.

    None in a text that holds a mask already: a model's words would be for that one too.

    Args:
        text: the text.
        rate: share of its words, from 0 to 1.
        draw: where chance comes from.
        mask: the model's, where it is known.
    """
    if _MASKS.search(text) or (mask and mask in text):
        return Hidden(text, ())
    words = of_letters(text)
    free = [word for word in words if not word.fixed]
    count = min(len(free), max(1, round(rate * len(words))))
    return Hidden(text, tuple(sorted(draw.sample(free, count), key=lambda word: word.start)))


def _chosen(word: str, proposals: Sequence[Mapping[str, Any]], draw: random.Random) -> str:
    """Draw one of the proposals that are words too, and not the same; the word itself where there is none."""
    fit = {}
    for proposal in proposals:
        text = str(proposal["token_str"]).strip()
        if text.isalpha() and text.casefold() != word.casefold() and not is_negation(text):
            fit[text] = float(proposal["score"])
    if not fit or not sum(fit.values()):
        return word
    (text,) = draw.choices(list(fit), list(fit.values()))
    return text.capitalize() if word[0].isupper() and word[1:].islower() else text
