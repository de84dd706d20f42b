"""Entities by their IOB2 tags, read strictly: an entity is right when its tokens and its type are.

What a row says and what was answered are sequences of tags, one a word of the row. A span that begins
without a `B-` is no entity, as with `mode="strict"` of seqeval, whose default would count it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hfshell.api import LabelReport, PluginError, tagging
from hfshell_tasks.metrics.averages import f1, ratio

Tags = Sequence[str]


class EntityF1:
    """F1 over all entities of all types."""

    signature = "strict IOB2, micro"

    def counts(self, expected: Tags, answer: Tags) -> Sequence[float]:
        """Return how many entities are right, how many there are, and how many were answered."""
        _check(expected, answer)
        there, found = set(tagging.spans_of(expected)), set(tagging.spans_of(answer))
        return (len(there & found), len(there), len(found))

    def value(self, totals: Sequence[float]) -> float | None:
        """Return F1; None where there is no entity and none was answered."""
        return f1(*totals)

    def per_label(self, expected: Sequence[Tags], answers: Sequence[Tags]) -> list[LabelReport]:
        """Return how each type fared, in alphabetical order."""
        hits, there, found = Counter[str](), Counter[str](), Counter[str]()
        for tags, answered in zip(expected, answers, strict=True):
            right, wrong = set(tagging.spans_of(tags)), set(tagging.spans_of(answered))
            there.update(span.label for span in right)
            found.update(span.label for span in wrong)
            hits.update(span.label for span in right & wrong)
        return [
            LabelReport(
                label,
                precision=ratio(hits[label], found[label]),
                recall=ratio(hits[label], there[label]),
                f1=f1(hits[label], there[label], found[label]),
                support=there[label],
            )
            for label in sorted({*there, *found})
        ]


class EntityPrecision(EntityF1):
    """Share of the answered entities that are right."""

    def value(self, totals: Sequence[float]) -> float | None:
        """Return precision; None where no entity was answered."""
        hits, _, answered = totals
        return ratio(hits, answered)


class EntityRecall(EntityF1):
    """Share of the entities that were found."""

    def value(self, totals: Sequence[float]) -> float | None:
        """Return recall; None where there is no entity."""
        hits, expected, _ = totals
        return ratio(hits, expected)


class TokenAccuracy:
    """Share of the tokens whose tag is right: it flatters where most tokens are outside of all entities."""

    def counts(self, expected: Tags, answer: Tags) -> Sequence[float]:
        """Return how many tags are right, and how many there are."""
        _check(expected, answer)
        return (sum(one == other for one, other in zip(expected, answer, strict=True)), len(expected))

    def value(self, totals: Sequence[float]) -> float | None:
        """Return the share; None of no tokens."""
        right, tags = totals
        return ratio(right, tags)


def _check(expected: Tags, answer: Tags) -> None:
    """Make sure that each word has a tag: those that a model did not reach are wrong, not left out."""
    if isinstance(answer, str) or len(expected) != len(answer):
        raise PluginError(
            f"a row has {len(expected):,} tags, and {len(answer):,} were answered",
            hint="the task has to answer a tag for each word, O where it knows none",
        )
