"""The task: a head with one number, trained on stars. Imported on first use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hfshell.api import DataError, Features, HeadTask, ModelView, Row
from hfshell_plugin_stars.plugin import PredictOptions

FEWEST, MOST = 1, 5
MIDDLE, REACH = 3, 2
"""The head learns numbers from -1 to 1, which start nearer to it than stars from 1 to 5."""


@dataclass(frozen=True)
class Rating:
    """What a review deserves.

    Attributes:
        stars: 1 to 5; with `--half` in steps of a half.
        score: the same before it is rounded.
    """

    stars: float
    score: float


class Stars(HeadTask):
    """Ordinal regression: four stars for a review of five are nearly right, one star is far off."""

    auto_class = "AutoModelForSequenceClassification"
    problem_type = "regression"

    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        """Turn reviews into token IDs."""
        return model.tokenize([row["text"] for row in rows])

    def target(self, value: Any, model: ModelView) -> float:  # noqa: ARG002 - of the contract
        """Turn stars into what the head learns.

        Raises:
            DataError: there are more or fewer stars than there can be.
        """
        stars = float(value)
        if not FEWEST <= stars <= MOST:
            raise DataError(f"a review has {stars:g} stars: {FEWEST} to {MOST} are wanted")
        return (stars - MIDDLE) / REACH

    def decode(self, logits: Any, rows: Sequence[Row], model: ModelView) -> Iterator[Rating]:  # noqa: ARG002 - of the contract
        """Yield a rating a row; `logits` has the shape (rows, 1)."""
        for number in logits.squeeze(-1).tolist():
            score = min(max(MIDDLE + REACH * number, float(FEWEST)), float(MOST))
            yield Rating(stars=round(score), score=score)

    def select(self, prediction: Rating, options: PredictOptions) -> Rating:
        """Round to half stars where that is asked for."""
        return replace(prediction, stars=round(prediction.score * 2) / 2) if options.half else prediction

    def answer(self, prediction: Rating) -> float:
        """Measure what was not rounded; a metric rounds if it must."""
        return prediction.score
