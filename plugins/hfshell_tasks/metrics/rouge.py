"""ROUGE, by the rouge-score library: overlap of what was written with a reference, F, mean over rows.

What a row says is a text, or several: then the one with the best ROUGE-1 counts, for all variants, as SciTLDR
has it (Cachola et al. 2020). Words are those of the library, without stemming. It knows letters of English
alone and would find nothing in Chinese or Russian: a text of such letters is cut into words of its own
script, Chinese and Japanese into characters.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar

from hfshell_tasks.metrics.averages import RowMean
from hfshell_tasks.metrics.references import references, written
from hfshell_tasks.metrics.scripts import is_beyond_ascii, is_unspaced, pieces

Scores = Callable[[str, str], Any]

_NEAREST = "rouge1"
"""By this variant the reference is chosen that a text is held against."""


class _Pieces:
    """A tokenizer as rouge-score wants it."""

    def tokenize(self, text: str) -> list[str]:
        return pieces(text)


class _Rouge(RowMean):
    """One of the variants.

    Attributes:
        kind: its name in the library.
    """

    kind: ClassVar[str]

    def __init__(self) -> None:
        self._cut = {False: 0, True: 0}
        self._several = 0

    def grade(self, expected: Any, answer: Any) -> float:
        """Return F of the nearest reference."""
        texts = references(expected)
        own = any(is_unspaced(text) or is_beyond_ascii(text) for text in texts)
        self._cut[own] += 1
        score = self._by_script if own else self._by_default
        found = [score(text, written(answer)) for text in texts]
        self._several += len(texts) > 1
        return float(max(found, key=lambda one: one[_NEAREST].fmeasure)[self.kind].fmeasure)

    @property
    def signature(self) -> str:
        """How texts were cut, and which of several references counts."""
        own, default = self._cut[True], self._cut[False]
        how = "script's own words and characters" if own else "words, no stemming"
        cut = f"{how} ({own:,} of {own + default:,} rows)" if own and default else how
        return f"{cut}|best of several references by ROUGE-1" if self._several else cut

    @cached_property
    def _by_default(self) -> Scores:
        return self._scorer(None)

    @cached_property
    def _by_script(self) -> Scores:
        return self._scorer(_Pieces())

    def _scorer(self, tokenizer: _Pieces | None) -> Scores:
        from rouge_score.rouge_scorer import RougeScorer
        from rouge_score.tokenizers import DefaultTokenizer

        kinds = list({_NEAREST, self.kind})
        scores: Scores = RougeScorer(kinds, tokenizer=tokenizer or DefaultTokenizer()).score
        return scores


class Rouge1(_Rouge):
    """Overlap of words."""

    kind = "rouge1"


class Rouge2(_Rouge):
    """Overlap of pairs of words."""

    kind = "rouge2"


class RougeL(_Rouge):
    """Longest common subsequence of words."""

    kind = "rougeL"
