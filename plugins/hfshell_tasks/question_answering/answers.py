"""What a question is answered with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """A passage, as the Hub's pipeline gives it.

    Attributes:
        answer: its text as it stands; empty when there is none.
        score: probability of its begin times that of its end, among all tokens of its window.
        start, end: where it stands in the text, in characters; 0 for no answer.
    """

    answer: str
    score: float
    start: int
    end: int
