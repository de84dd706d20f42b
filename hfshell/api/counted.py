"""Metrics that are made of counts: what each row adds, and a number from the sums."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class CountedMetric(Protocol):
    """A metric that is a number from sums over rows, as most are: shares, means, micro-averaged F1, BLEU.

    A `MetricSpec` may name a class like this one, which is made without arguments for each measurement, or an
    object of it, instead of a function. Each row is looked at once, so its 95 % interval costs next to
    nothing; and rows are graded, so that an evaluation can show the worst of them.

    Optional, each found by its name:

    `signature` is a text that says how the number was computed, for whoever compares it with others'; read
    when all rows are counted.
    `per_label(expected, answers)` returns a sequence of `LabelReport`, shown where answers are no labels.
    `for_rows(expected, answers)` looks at all rows before one is counted, and returns the metric to count
    with: one that knows which labels there are, or in which script the texts are written.

    Example::

        class TagAccuracy:
            def counts(self, expected, answer):
                return (sum(map(operator.eq, expected, answer)), len(expected))

            def value(self, totals):
                right, tags = totals
                return right / tags if tags else None
    """

    def counts(self, expected: Any, answer: Any) -> Sequence[float]:
        """Return what a row adds to the sums: always as many numbers, with the same meaning.

        Args:
            expected: what the row says.
            answer: what the task's `answer` makes of its prediction.
        """

    def value(self, totals: Sequence[float]) -> float | None:
        """Return the metric; None where it is not defined.

        Args:
            totals: sums of counts, over all rows, over rows drawn anew, or of one row alone.
        """
