"""Rows drawn anew: how often each one is drawn, and the interval of what is measured on the draws."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from hfshell.evaluation.metrics import Floats

if TYPE_CHECKING:
    from numpy.typing import NDArray

CONFIDENCE = 0.95
RESAMPLES = 1_000
"""Percentile intervals want at least 1,000 (Efron & Tibshirani 1993, section 13.3)."""

FEWEST_RESAMPLES = 200
"""Beyond 10,000 rows intervals are narrow, and their ends need not be so exact: a second or two is enough."""

_MOST_DRAWN = 10_000_000
_CHUNK_CELLS = 4_000_000
"""Drawn numbers held at once: 32 MB."""

Interval = tuple[float, float]


def resamples_of(n: int) -> int:
    """Return how many resamples of n rows are drawn."""
    return max(FEWEST_RESAMPLES, min(RESAMPLES, _MOST_DRAWN // n))


def chunks(n: int) -> Iterator[int]:
    """Yield how many resamples of n rows fit into memory at once, until there are enough."""
    left, step = resamples_of(n), max(1, _CHUNK_CELLS // n)
    while left > 0:
        yield min(step, left)
        left -= step


def drawn_rows(n: int, *, seed: int = 0) -> Iterator[NDArray[np.intp]]:
    """Yield rows drawn with replacement, shape (some resamples, n); the same seed gives the same draws."""
    generator = np.random.default_rng(seed)
    for resamples in chunks(n):
        yield generator.integers(0, n, (resamples, n))


def drawn_counts(n: int, *, seed: int = 0) -> Iterator[Floats]:
    """Yield how often each row is drawn, shape (some resamples, n), of the same draws as `drawn_rows`."""
    for rows in drawn_rows(n, seed=seed):
        places = rows + n * np.arange(len(rows))[:, None]
        yield np.bincount(places.ravel(), minlength=rows.size).reshape(rows.shape).astype(np.float64)


def percentile_interval(values: Floats) -> Interval | None:
    """Return the 95 % interval of what was measured on resamples.

    Resamples on which it is not defined (NaN) are left out; when those are most, there is no interval.
    """
    defined = values[~np.isnan(values)]
    if 2 * len(defined) <= len(values):
        return None
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(defined, [tail, 1 - tail])
    return float(low), float(high)


def finite(value: float) -> float | None:
    """Return a measured number, None for one that is not defined."""
    return float(value) if math.isfinite(value) else None
