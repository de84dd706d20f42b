"""BLEU and chrF++, by sacrebleu: over the corpus, from each row's statistics, with its signature.

What a row says is a text, or several. BLEU counts words as sacrebleu's tokenizer `13a` has them, and `zh`
where most references are Chinese; Japanese is left to chrF++, which needs no words.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hfshell_tasks.metrics.references import references, written
from hfshell_tasks.metrics.scripts import has_chinese

if TYPE_CHECKING:
    from sacrebleu.metrics.base import Metric

_LARGEST = 100.0


class _Corpus(ABC):
    """A metric of sacrebleu.

    Args:
        metric: sacrebleu's own; None before the rows were seen.
    """

    def __init__(self, metric: Metric | None = None) -> None:
        self._metric = metric
        self._counts_of_references: set[int] = set()

    @abstractmethod
    def made(self, texts: Sequence[str]) -> Metric:
        """Make sacrebleu's metric for references."""

    def for_rows(self, expected: Sequence[Any], answers: Sequence[Any]) -> _Corpus:  # noqa: ARG002 - of the contract
        """Choose how texts are cut by all of the references."""
        return type(self)(self.made([text for row in expected for text in references(row)]))

    def counts(self, expected: Any, answer: Any) -> Sequence[float]:
        """Return the statistics of a row: n-grams that match, n-grams, lengths."""
        texts = references(expected)
        self._counts_of_references.add(len(texts))
        statistics: list[list[float]] = self._own._extract_corpus_statistics(  # noqa: SLF001 - as its bootstrap does
            [written(answer)], [[text] for text in texts]
        )
        return statistics[0]

    def value(self, totals: Sequence[float]) -> float | None:
        """Return the score, 0 to 100."""
        score = self._own._compute_score_from_stats(list(totals))  # noqa: SLF001 - as its bootstrap does
        return min(float(score.score), _LARGEST)  # a perfect BLEU is 100.00000000000004

    @property
    def signature(self) -> str:
        """What sacrebleu says of how it computes."""
        numbers = self._counts_of_references
        self._own.num_refs = next(iter(numbers)) if len(numbers) == 1 else -1
        return str(self._own.get_signature())

    @property
    def _own(self) -> Metric:
        if self._metric is None:
            self._metric = self.made([])
        return self._metric


class Bleu(_Corpus):
    """Corpus BLEU, smoothed as sacrebleu does."""

    def made(self, texts: Sequence[str]) -> Metric:
        """Make BLEU with the tokenizer that suits the references."""
        from sacrebleu.metrics.bleu import BLEU

        chinese = sum(map(has_chinese, texts))
        return BLEU(tokenize="zh" if 2 * chinese > len(texts) else "13a", force=True)


class Chrf(_Corpus):
    """Corpus chrF++: n-grams of up to six characters and up to two words."""

    def made(self, texts: Sequence[str]) -> Metric:  # noqa: ARG002 - of the contract
        """Make chrF++."""
        from sacrebleu.metrics.chrf import CHRF

        return CHRF(word_order=2)
