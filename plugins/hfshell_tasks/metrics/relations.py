"""Relations between two things in a text, without the label that says that there is none.

What a row says and what was answered are labels: `Cause-Effect(e1,e2)`, and `Other` for none of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from hfshell_tasks.metrics.averages import f1

_DIRECTION = re.compile(r"\(e[12],e[12]\)$")
_NONE = frozenset({"other", "norelation", "none", "na", "norel", "null"})


def holds_relation(label: str) -> bool:
    """Whether a label names a relation; `Other`, `no_relation`, `NA` and their like do not."""
    return re.sub(r"[\W_]+", "", label).casefold() not in _NONE


def relation_of(label: str) -> str:
    """Return a label without its direction."""
    return _DIRECTION.sub("", label)


def _relations(labels: Sequence[str]) -> set[str]:
    return {relation_of(label) for label in labels if holds_relation(label)}


class MacroF1:
    """Mean F1 of the relations, as SemEval-2010 Task 8 scores officially.

    Both directions of a relation are one, and a wrong direction is a wrong answer. A relation that no row
    has does not count; answers of it are wrong ones all the same.

    Args:
        relations: those that there are.
        scored: how many of them some row has: the mean is over these.
    """

    def __init__(self, relations: Sequence[str] = (), scored: int = 0) -> None:
        self.relations = relations
        self.scored = scored

    @property
    def signature(self) -> str:
        """How it is scored, with the number of relations beside the label of none."""
        return f"({self.scored}+1)-way with directions, without the label of no relation"

    def for_rows(self, expected: Sequence[str], answers: Sequence[str]) -> MacroF1:
        """Learn which relations there are."""
        held = _relations(expected)
        return MacroF1(sorted(held | _relations(answers)), len(held))

    def counts(self, expected: str, answer: str) -> Sequence[float]:
        """Return, for each relation, whether it is right, is there, and was answered."""
        there, found = relation_of(expected), relation_of(answer)
        row: list[float] = []
        for relation in self.relations:
            row += (relation == there and expected == answer, relation == there, relation == found)
        return row or (0.0,)

    def value(self, totals: Sequence[float]) -> float | None:
        """Return the mean of each relation's F1; None where no row has one."""
        triples = zip(totals[::3], totals[1::3], totals[2::3], strict=False)
        scores = [f1(hits, there, found) or 0.0 for hits, there, found in triples if there]
        return sum(scores) / len(scores) if scores else None


class MicroF1:
    """F1 over all rows that hold a relation, or were said to; a label with its direction is one label."""

    signature = "without the label of no relation"

    def counts(self, expected: str, answer: str) -> Sequence[float]:
        """Return whether a relation is right, is there, and was answered."""
        there, found = holds_relation(expected), holds_relation(answer)
        return (float(there and expected == answer), float(there), float(found))

    def value(self, totals: Sequence[float]) -> float | None:
        """Return F1; None where there is no relation and none was answered."""
        return f1(*totals)
