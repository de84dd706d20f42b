"""95 % intervals of metrics, from counts alone: cheap enough to be always on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hfshell.evaluation.metrics import Classified, Counts, Floats, MetricDefinition
from hfshell.evaluation.resampling import CONFIDENCE, Interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

RESAMPLES = 2_000
"""Percentile intervals want at least 1,000 (Efron & Tibshirani 1993, section 13.3)."""

_CHUNK_CELLS = 4_000_000
"""Resampled cells held at once: 32 MB."""


def interval_of(metric: MetricDefinition, rows: Classified, *, seed: int = 0) -> Interval | None:
    """Return the metric's 95 % interval on these rows, None for a metric that has none."""
    if metric.interval == "wilson":
        return wilson(int(rows.counts.hits.sum()), len(rows.expected))
    if metric.interval == "bootstrap":
        return bootstrap(metric, rows.confusion, seed=seed)
    return None


def wilson(successes: int, trials: int) -> Interval:
    """Return the Wilson score interval of a proportion.

    Unlike the normal approximation it keeps its promise near 0 and 1 and for few rows (Wilson 1927; Brown,
    Cai and DasGupta 2001 recommend it for n ≤ 40 and find it good beyond).
    """
    from scipy.stats import binomtest

    interval = binomtest(successes, trials).proportion_ci(CONFIDENCE, method="wilson")
    return float(interval.low), float(interval.high)


def bootstrap(
    metric: MetricDefinition, confusion: NDArray[np.int64], *, resamples: int = RESAMPLES, seed: int = 0
) -> Interval:
    """Return the percentile bootstrap interval of a metric over counts (Efron & Tibshirani 1993, chapter 13).

    Drawing n rows with replacement is drawing the cells of the confusion table from a multinomial, so rows
    need not be touched. The same seed gives the same interval.

    Args:
        metric: one that is defined over counts.
        confusion: shape (labels, labels), expected by predicted.
        resamples: how many to draw.
        seed: of the draws.
    """
    if metric.over_counts is None:
        raise ValueError(f"{metric.name} is not defined over counts")
    generator = np.random.default_rng(seed)
    expected, predicted = np.nonzero(confusion)
    cells = confusion[expected, predicted]
    step = max(1, _CHUNK_CELLS // len(cells))
    values = []
    for start in range(0, resamples, step):
        drawn = generator.multinomial(
            cells.sum(), cells / cells.sum(), size=min(step, resamples - start)
        ).astype(np.float64)
        values.append(metric.over_counts(_counts(drawn, expected, predicted, len(confusion))))
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(np.concatenate(values), [tail, 1 - tail])
    return float(low), float(high)


def _counts(drawn: Floats, expected: NDArray[np.intp], predicted: NDArray[np.intp], labels: int) -> Counts:
    """Sum drawn cells, shape (resamples, cells), per label."""
    right = expected == predicted
    return Counts(
        hits=_sum_by(drawn[:, right], expected[right], labels),
        expected=_sum_by(drawn, expected, labels),
        predicted=_sum_by(drawn, predicted, labels),
    )


def _sum_by(drawn: Floats, label: NDArray[np.intp], labels: int) -> Floats:
    from scipy.sparse import csr_array

    cells = np.arange(len(label))
    membership = csr_array((np.ones(len(label)), (cells, label)), shape=(len(label), labels))
    return np.asarray(drawn @ membership)
