from __future__ import annotations

import time
import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn import metrics as sklearn_metrics

from hfshell.errors import DataError, Refused
from hfshell.evaluation.regression import Numbers, numbers
from hfshell.evaluation.report import report

NAMES = ("rmse", "mae", "pearson", "spearman", "r2")
VALUES = st.one_of(st.integers(-3, 3).map(float), st.floats(-1e3, 1e3).map(lambda value: round(value, 3)))

ORACLES = {
    "rmse": sklearn_metrics.root_mean_squared_error,
    "mae": sklearn_metrics.mean_absolute_error,
    "pearson": lambda expected, answered: stats.pearsonr(expected, answered).statistic,
    "spearman": lambda expected, answered: stats.spearmanr(expected, answered).statistic,
    "r2": lambda expected, answered: (
        sklearn_metrics.r2_score(expected, answered) if np.ptp(expected) else np.nan
    ),
}


def noisy(n: int, seed: int = 0, noise: float = 0.5) -> Numbers:
    generator = np.random.default_rng(seed)
    expected = generator.normal(3, 2, n).round(1)  # rounded: with ties
    return numbers(expected.tolist(), (expected + generator.normal(0, noise, n)).tolist(), ["text"] * n)


def values(rows: Numbers) -> dict[str, float | None]:
    return {metric.name: metric.value for metric in report(rows, NAMES, intervals=False).metrics}


@settings(deadline=None)
@given(st.lists(st.tuples(VALUES, VALUES), min_size=2, max_size=30))
def test_metrics_equal_scipy_and_sklearn(pairs: list[tuple[float, float]]) -> None:
    """On any numbers, ties and constants too, the libraries' numbers; none where they have none."""
    expected, answered = (list(side) for side in zip(*pairs, strict=True))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy warns of constants
        wanted = {name: oracle(expected, answered) for name, oracle in ORACLES.items()}
    measured = values(numbers(expected, answered, ["text"] * len(pairs)))
    for name, value in wanted.items():
        assert measured[name] == (None if np.isnan(value) else pytest.approx(value, rel=1e-6, abs=1e-6)), name


def test_large_numbers_close_together_keep_their_digits() -> None:
    """Prices in a weak currency, or years: the variance is not lost in the squares."""
    rows = noisy(100)
    far = Numbers(rows.expected + 1e7, rows.answered + 1e7, rows.texts)
    assert values(far) == pytest.approx(values(rows), rel=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_intervals_equal_a_bootstrap_over_rows(name: str) -> None:
    """Counting how often a row is drawn is drawing it: both give the same interval but for noise."""
    rows = noisy(80)
    generator = np.random.default_rng(1)
    drawn = []
    for _ in range(400):
        chosen = generator.integers(0, 80, 80)
        drawn.append(ORACLES[name](rows.expected[chosen], rows.answered[chosen]))
    metric = rows.metric(name, intervals=True)
    assert (metric.low, metric.high) == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.03)
    assert replace(rows).metric(name, intervals=True) == metric, "the same rows give the same digits"
    assert metric.higher_is_better == (name not in ("rmse", "mae"))


def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    """Of 150 samples of 60 rows with noise of 0.5, nearly 95 % of the intervals of RMSE hold 0.5."""
    covered = 0
    for seed in range(150):
        metric = noisy(60, seed).metric("rmse", intervals=True)
        assert metric.low is not None
        assert metric.high is not None
        covered += metric.low <= 0.5 <= metric.high
    assert 0.86 <= covered / 150 <= 0.99


def test_intervals_of_many_rows_are_quick() -> None:
    """Of 30,000 rows, all metrics take a few seconds, and no great memory."""
    began = time.perf_counter()
    assert all(metric.low is not None for metric in report(noisy(30_000), NAMES).metrics)
    assert time.perf_counter() - began < 20


def test_one_row_has_an_error_and_nothing_else() -> None:
    """One number is off by so much; it correlates with nothing, and has no interval."""
    outcome = report(numbers([2.0], [3.5], ["text"]))
    assert {metric.name: metric.value for metric in outcome.metrics} == {
        "rmse": 1.5, "mae": 1.5, "pearson": None, "spearman": None, "r2": None,
    }  # fmt: skip
    assert all(metric.low is None for metric in outcome.metrics)


def test_constant_answers_correlate_with_nothing() -> None:
    """A model that always says 0.1, which no float is exactly, does not correlate by rounding errors."""
    measured = values(numbers([1.0, 2.0, 3.0, 4.0], [0.1] * 4, ["text"] * 4))
    assert (measured["pearson"], measured["spearman"]) == (None, None)
    assert measured["r2"] is not None


def test_baseline_is_guessing_the_mean() -> None:
    """The mean leaves the standard deviation as error, explains nothing, and correlates with nothing."""
    rows = noisy(200)
    assert report(rows, ("rmse",), intervals=False).baseline == pytest.approx(float(rows.expected.std()))
    assert report(rows, ("r2",), intervals=False).baseline == pytest.approx(0.0, abs=1e-12)
    assert report(rows, ("pearson",), intervals=False).baseline is None


def test_no_better_than_the_mean_is_said() -> None:
    """An error that is larger than that of the mean is no score; for an error less is better."""
    rows = noisy(100, noise=5.0)
    (guard,) = report(rows, ("rmse",)).guards
    assert guard.name == "baseline"
    mean, error = float(rows.expected.mean()), float(rows.expected.std())
    assert f"not better than the {error:.3f} of always guessing the mean, {mean:.4g}" in guard.message
    assert report(noisy(100), ("rmse",)).guards == ()


def test_report_shows_the_largest_errors() -> None:
    """No row is simply wrong; those that are off the most come first, and those that are exact not at all."""
    outcome = report(numbers([1.0, 2.0, 3.0], [1.0, -4.0, 3.25], ["one", "two", "x" * 500]))
    assert (outcome.n, outcome.wrong, outcome.labels, outcome.per_label) == (3, None, (), ())
    first, second = outcome.worst
    assert (first.row, first.text, first.expected, first.predicted, first.score) == (
        2,
        "two",
        "2",
        "-4",
        None,
    )
    assert second.row == 3
    assert len(second.text) == 200


def test_no_number_is_made_of_what_is_none() -> None:
    """Answers that are not finite, fewer answers than rows, and no rows at all are refused."""
    with pytest.raises(Refused, match="row 2 the first") as raised:
        numbers([1.0, 2.0], [1.0, float("nan")], ["one", "two"])
    assert raised.value.guard == "non-finite"
    with pytest.raises(Refused) as raised:
        numbers([1.0, 2.0], [1.0], ["one", "two"])
    assert raised.value.guard == "count"
    with pytest.raises(DataError):
        numbers([], [], [])
