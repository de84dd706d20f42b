"""pass@k: how likely one of k programs passes its tests, estimated without bias from n of them."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

from hfshell.api import Metric

_RESAMPLES = 1_000
"""Percentile intervals want at least 1,000 (Efron & Tibshirani 1993, section 13.3)."""


def pass_at_k(samples: int, passed: int, k: int) -> float:
    """Return 1 - C(n-c, k) / C(n, k), the unbiased estimator of Chen et al. 2021 (section 2.1).

    Args:
        samples: n, programs that were written for a row.
        passed: c, how many of them passed.
        k: how many one may choose from, at most `samples`.
    """
    return 1.0 - comb(samples - passed, k) / comb(samples, k)


def measured(passed: Sequence[int], samples: int, k: int, signature: str, *, seed: int) -> Metric:
    """Return pass@k over rows, with its 95 % interval.

    Args:
        passed: for each row how many of its programs passed.
        samples: programs of each row.
        k: how many one may choose from.
        signature: how programs were written and run.
        seed: of the rows that are drawn for the interval.
    """
    values = [pass_at_k(samples, count, k) for count in passed]
    low, high = _interval(values, seed)
    return Metric(f"pass_at_{k}", sum(values) / len(values), low, high, signature=signature)


def _interval(values: Sequence[float], seed: int) -> tuple[float, float]:
    """Return Wilson's interval of a proportion, or that of rows drawn anew (bootstrap)."""
    import numpy as np
    from scipy.stats import binomtest

    if all(value in (0.0, 1.0) for value in values):
        exact = binomtest(round(sum(values)), len(values)).proportion_ci(0.95, method="wilson")
        return float(exact.low), float(exact.high)
    draws = np.random.default_rng(seed)
    rows = np.asarray(values)
    means = [rows[draws.integers(0, len(rows), len(rows))].mean() for _ in range(_RESAMPLES)]
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)
