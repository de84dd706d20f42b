"""What is measured of questions that a text does not answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class NoAnswerAccuracy:
    """Share of the questions without an answer that were answered with an empty text."""

    signature = "SQuAD v2.0, NoAns"

    def counts(self, expected: Mapping[str, Any], answer: str) -> Sequence[float]:
        """Return whether a question without an answer was answered with none, and whether it is one."""
        return (float(not answer and not expected["text"]), float(not expected["text"]))

    def value(self, totals: Sequence[float]) -> float | None:
        """Return the share; None where all questions have answers."""
        right, questions = totals
        return right / questions if questions else None
