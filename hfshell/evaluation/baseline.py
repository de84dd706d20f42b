"""What knowing nothing of the text would score: the majority guess."""

from __future__ import annotations

import numpy as np

from hfshell.evaluation.metrics import Classified, MetricDefinition


def majority_guess(rows: Classified) -> Classified:
    """Predict each row's label as the most frequent one of these rows, with their shares as probabilities.

    It is the best of all constant guesses, so the hardest to beat. Among equals the first label wins.
    """
    shares = np.bincount(rows.expected, minlength=len(rows.labels)) / len(rows.expected)
    return Classified(
        labels=rows.labels,
        expected=rows.expected,
        predicted=np.full_like(rows.expected, shares.argmax()),
        probabilities=np.broadcast_to(shares, (len(rows.expected), len(rows.labels))),
    )


def baseline_value(metric: MetricDefinition, rows: Classified) -> float | None:
    """Return what the majority guess scores on these rows, None for a metric that it says nothing about."""
    return metric.measure(majority_guess(rows)) if metric.guessable else None
