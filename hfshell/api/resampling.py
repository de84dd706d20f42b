"""How far a share, a mean or a perplexity would lie elsewhere had other rows been measured."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

_RESAMPLES = 1_000
"""Percentile intervals want at least 1,000 (Efron & Tibshirani 1993, section 13.3)."""

_GROUPS = 500
"""Of more rows as many groups are drawn anew: the interval hardly changes, and takes no longer."""

Pair = tuple[float, float]
"""What a row adds to a sum, and to what the sum is divided by."""


def ratio(pairs: Sequence[Pair]) -> float | None:
    """Return the sum of the first numbers over that of the second; None when that is 0."""
    count = sum(divisor for _, divisor in pairs)
    return sum(amount for amount, _ in pairs) / count if count else None


def ratio_interval(
    pairs: Sequence[Pair], *, seed: int = 0, of: Callable[[Sequence[Pair]], float | None] | None = None
) -> tuple[float | None, float | None]:
    """Return the 95 % interval of a ratio of two sums over rows, by rows drawn anew (bootstrap).

    Args:
        pairs: one a row.
        seed: of the draws.
        of: what is made of the pairs, a function of both sums alone; `ratio` without it.

    Returns:
        Its ends; None and None for fewer than two rows, and where most draws have no ratio.
    """
    groups = _grouped(pairs)
    if len(groups) < 2:
        return None, None
    draw = random.Random(seed)  # noqa: S311 - no secret
    drawn = ((of or ratio)(draw.choices(groups, k=len(groups))) for _ in range(_RESAMPLES))
    found = sorted(value for value in drawn if value is not None)
    if len(found) < _RESAMPLES / 2:
        return None, None
    edge = len(found) * 25 // 1000
    return found[edge], found[-1 - edge]


def _grouped(pairs: Sequence[Pair]) -> list[Pair]:
    if len(pairs) <= _GROUPS:
        return list(pairs)
    groups = [pairs[start::_GROUPS] for start in range(_GROUPS)]
    return [(sum(first for first, _ in group), sum(second for _, second in group)) for group in groups]
