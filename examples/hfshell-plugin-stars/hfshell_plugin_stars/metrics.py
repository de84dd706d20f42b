"""The task's own metric."""

from __future__ import annotations

from collections.abc import Sequence


def quadratic_kappa(expected: Sequence[float], predicted: Sequence[float]) -> float | None:
    """Measure agreement in whole stars beyond what chance would give: Cohen's kappa, quadratic weights.

    It is `sklearn.metrics.cohen_kappa_score(…, weights="quadratic")`, in a form that is quick enough to be
    measured a thousand times for an interval.

    Returns:
        1 for full agreement, 0 for chance, less for worse; None where all stars are the same.
    """
    pairs = [(round(one), round(other)) for one, other in zip(expected, predicted, strict=True)]
    off = sum((one - other) ** 2 for one, other in pairs)
    squares = sum(one**2 + other**2 for one, other in pairs)
    by_chance = squares - 2 * sum(one for one, _ in pairs) * sum(other for _, other in pairs) / len(pairs)
    return 1 - off / by_chance if by_chance else None
