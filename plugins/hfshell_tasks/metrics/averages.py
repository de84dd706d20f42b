"""What many metrics are made of: means, and F1 from counts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any


class RowMean(ABC):
    """A metric that is the mean of what it gives each row."""

    @abstractmethod
    def grade(self, expected: Any, answer: Any) -> float:
        """Return what a row is given, 0 to 1."""

    def counts(self, expected: Any, answer: Any) -> Sequence[float]:
        """Return the grade, and one row."""
        return (self.grade(expected, answer), 1)

    def value(self, totals: Sequence[float]) -> float | None:
        """Return the mean grade."""
        grades, rows = totals
        return min(grades / rows, 1.0) if rows else None


def ratio(part: float, whole: float) -> float | None:
    """Return a share, None of nothing."""
    return part / whole if whole else None


def f1(hits: float, expected: float, answered: float) -> float | None:
    """Return F1 from counts; None where there was nothing to find and nothing was found."""
    return ratio(2 * hits, expected + answered)
