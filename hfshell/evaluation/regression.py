"""Rows that have a number each: what was expected beside what was answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from hfshell.api import Metric
from hfshell.api.results import WrongRow
from hfshell.errors import Refused
from hfshell.evaluation.classification import check_counts
from hfshell.evaluation.guards import no_better_than_guessing
from hfshell.evaluation.metrics import Floats
from hfshell.evaluation.report import WORST_ROWS, Judged, Report, cut
from hfshell.evaluation.resampling import drawn_counts, finite, percentile_interval

_CONSTANT = 1e-13
"""A variance below this share of the largest square is but the rounding of numbers that do not vary."""


Measure = Callable[["Numbers", Floats], Floats]


@dataclass(frozen=True, eq=False)
class Numbers:
    """Rows that have a number each, expected and answered. See `numbers`.

    Attributes:
        expected, answered: shape (n,).
        texts: the text of each row.
    """

    expected: Floats
    answered: Floats
    texts: Sequence[str]

    kind: ClassVar[str] = "rows of a number"
    known: ClassVar[tuple[str, ...]] = ("rmse", "mae", "pearson", "spearman", "r2")

    @property
    def expected_values(self) -> list[float]:
        """The number of each row."""
        return [float(value) for value in self.expected]

    @property
    def answers(self) -> list[float]:
        """The number that was answered."""
        return [float(value) for value in self.answered]

    @cached_property
    def guess(self) -> float:
        """The mean, of all constant guesses the one with the smallest squared error."""
        return float(self.expected.mean())

    def metric(self, name: str, *, intervals: bool) -> Metric:
        """Measure one of the known metrics."""
        low, high = (percentile_interval(self._resampled[name]) if intervals else None) or (None, None)
        return Metric(name, _estimate(_MEASURES[name], self), low, high, name not in _ERRORS)

    def baseline(self, name: str) -> float | None:
        """Measure a known metric on the guess; None for a correlation, which no constant has."""
        guesses = np.full_like(self.expected, self.guess)
        return _estimate(_MEASURES[name], replace(self, answered=guesses))

    def report(
        self,
        metrics: tuple[Metric, ...],
        baseline: float | None,
        judged: Judged | None = None,  # noqa: ARG002 - distances say more
    ) -> Report:
        """Add the rows where the model was off the most; no number is simply right or wrong."""
        guess = f"the mean, {self.guess:.4g}"
        guard = no_better_than_guessing(metrics[0] if metrics else None, baseline, guess, len(self.expected))
        return Report(
            n=len(self.expected),
            metrics=metrics,
            baseline=baseline,
            guess="mean",
            worst=self._worst(),
            guards=(guard,) if guard else (),
        )

    @cached_property
    def _resampled(self) -> Mapping[str, Floats]:
        """Each known metric of rows drawn anew; all of them on the same draws, for drawing takes longest."""
        if len(self.expected) < 2:
            return dict.fromkeys(self.known, np.full(1, np.nan))
        measured = [
            {name: measure(self, counts) for name, measure in _MEASURES.items()}
            for counts in drawn_counts(len(self.expected))
        ]
        return {name: np.concatenate([values[name] for values in measured]) for name in self.known}

    def _worst(self) -> tuple[WrongRow, ...]:
        order = np.argsort(-np.abs(self.answered - self.expected), kind="stable")[:WORST_ROWS]
        return tuple(
            WrongRow(
                row=int(index) + 1,
                text=cut(self.texts[index]),
                expected=f"{self.expected[index]:.4g}",
                predicted=f"{self.answered[index]:.4g}",
            )
            for index in order
            if self.answered[index] != self.expected[index]
        )


def numbers(expected: Sequence[float], answered: Sequence[float], texts: Sequence[str]) -> Numbers:
    """Make rows fit to be measured.

    Args:
        expected: the number of each row.
        answered: the number that each prediction comes to.
        texts: the text of each row.

    Raises:
        Refused: they do not match in number (`count`), or an answer is not finite (`non-finite`).
        DataError: there are no rows.
    """
    check_counts(expected, answered, texts)
    rows = Numbers(np.array(expected, dtype=np.float64), np.array(answered, dtype=np.float64), texts)
    bad = np.flatnonzero(~np.isfinite(rows.answered))
    if len(bad):
        raise Refused(
            "non-finite",
            f"answers are not finite on {len(bad):,} of {len(texts):,} rows, row {bad[0] + 1} the first",
            hint="the model's weights are broken, or overflow in this precision: train it anew",
        )
    return rows


def _estimate(measure: Measure, rows: Numbers) -> float | None:
    return finite(measure(rows, np.ones((1, len(rows.expected))))[0])


# Each takes how often each row counts, shape (resamples, n), and gives a value for each resample. Ones are
# the rows as they are, so that the estimate and its interval cannot disagree. NaN is not defined.


def _pearson(rows: Numbers, counts: Floats) -> Floats:
    """Correlation of the numbers (Pearson's r)."""
    return _correlation(counts, _centred(rows.expected), _centred(rows.answered))


def _spearman(rows: Numbers, counts: Floats) -> Floats:
    """Correlation of the ranks (Spearman's rho), equal numbers sharing the mean of their ranks."""
    return _correlation(counts, _ranks(rows.expected, counts), _ranks(rows.answered, counts))


def _root_mean_squared_error(rows: Numbers, counts: Floats) -> Floats:
    return np.sqrt(_mean(counts, (rows.answered - rows.expected) ** 2))


def _mean_absolute_error(rows: Numbers, counts: Floats) -> Floats:
    return _mean(counts, np.abs(rows.answered - rows.expected))


def _determination(rows: Numbers, counts: Floats) -> Floats:
    """Share of the variance that the answers explain (R²); below 0 for answers worse than the mean."""
    centred = _centred(rows.expected)
    explained: Floats = 1 - _mean(counts, (rows.answered - rows.expected) ** 2) / _variance(counts, centred)
    return explained


_MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "rmse": _root_mean_squared_error,
        "mae": _mean_absolute_error,
        "pearson": _pearson,
        "spearman": _spearman,
        "r2": _determination,
    }
)
_ERRORS = frozenset({"rmse", "mae"})
"""Metrics of which less is better."""


def _correlation(counts: Floats, left: Floats, right: Floats) -> Floats:
    """Correlate values, shape (n,) or one row for each resample, (resamples, n)."""
    covariance = _mean(counts, left * right) - _mean(counts, left) * _mean(counts, right)
    deviations = np.sqrt(_variance(counts, left)) * np.sqrt(_variance(counts, right))
    correlation: Floats = np.clip(covariance / deviations, -1.0, 1.0)
    return correlation


def _mean(counts: Floats, values: Floats) -> Floats:
    total = counts @ values if values.ndim == 1 else (counts * values).sum(axis=1)
    mean: Floats = total / counts.sum(axis=1)
    return mean


def _centred(values: Floats) -> Floats:
    """Take the mean off, so that squares of large numbers that lie close together keep their digits."""
    return values - values.mean() if np.ptp(values) else np.zeros_like(values)


def _variance(counts: Floats, values: Floats) -> Floats:
    """Return the variance of values whose mean is near 0; NaN where they do not vary."""
    variance = _mean(counts, values**2) - _mean(counts, values) ** 2
    return np.where(variance > _CONSTANT * np.max(values**2), variance, np.nan)


def _ranks(values: Floats, counts: Floats) -> Floats:
    """Rank each row among those drawn, less the mean rank; shape (resamples, n)."""
    _, group = np.unique(values, return_inverse=True)
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    sizes = np.add.reduceat(counts[:, order], starts, axis=1)
    ranks: Floats = sizes.cumsum(axis=1) - sizes / 2 - counts.sum(axis=1, keepdims=True) / 2
    return ranks[:, group]
