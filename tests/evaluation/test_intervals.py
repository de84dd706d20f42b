from __future__ import annotations

import time

import numpy as np
import pytest
from sklearn.metrics import f1_score

from hfshell.evaluation.intervals import bootstrap, interval_of, wilson
from hfshell.evaluation.metrics import METRICS, Classified


def rows_of(confusion: list[list[int]]) -> Classified:
    table = np.array(confusion)
    expected, predicted = np.nonzero(table)
    repeats = table[expected, predicted]
    labels = tuple(f"label {index}" for index in range(len(table)))
    return Classified(labels, np.repeat(expected, repeats), np.repeat(predicted, repeats))


def test_wilson_by_hand() -> None:
    """44 of 48: the closed formula with z = 1.959964, worked separately."""
    z, n, share = 1.959963984540054, 48, 44 / 48
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    assert wilson(44, 48) == pytest.approx((centre - half, centre + half), abs=1e-12)


def test_wilson_stays_within_0_and_1() -> None:
    """All right or all wrong still leaves doubt, on the one side where there is room."""
    low, high = wilson(10, 10)
    assert 0.69 < low < 0.73
    assert high == pytest.approx(1.0)
    assert wilson(0, 10) == pytest.approx((1 - high, 1 - low))


def test_wilson_covers_the_truth_as_often_as_it_says() -> None:
    """Over 2,000 samples of 60 rows with accuracy 0.9, about 95 % of the intervals hold 0.9."""
    generator = np.random.default_rng(0)
    draws, counts = np.unique(generator.binomial(60, 0.9, 2_000), return_counts=True)
    covered = sum(
        count
        for draw, count in zip(draws, counts, strict=True)
        if wilson(int(draw), 60)[0] <= 0.9 <= wilson(int(draw), 60)[1]
    )
    assert 0.92 <= covered / 2_000 <= 0.98


@pytest.mark.parametrize("name", ["macro_f1", "mcc", "balanced_accuracy"])
def test_bootstrap_brackets_the_estimate_and_repeats(name: str) -> None:
    """The estimate is inside its interval, and the same seed gives the same digits."""
    metric = METRICS[name]
    rows = rows_of([[40, 5, 3], [6, 30, 4], [0, 2, 20]])
    low, high = bootstrap(metric, rows.confusion)
    value = metric.measure(rows)
    assert value is not None
    assert low < value < high
    assert bootstrap(metric, rows.confusion) == (low, high)
    assert bootstrap(metric, rows.confusion, seed=1) != (low, high)


def test_bootstrap_over_counts_equals_bootstrap_over_rows() -> None:
    """Resampling cells is resampling rows: both give the same interval but for the noise of it."""
    rows = rows_of([[40, 5, 3], [6, 30, 4], [0, 2, 20]])
    generator = np.random.default_rng(5)
    values = []
    for _ in range(500):
        chosen = generator.integers(0, len(rows.expected), len(rows.expected))
        values.append(f1_score(rows.expected[chosen], rows.predicted[chosen], average="macro"))
    by_rows = np.quantile(values, [0.025, 0.975])
    assert bootstrap(METRICS["macro_f1"], rows.confusion) == pytest.approx(by_rows, abs=0.012)


def test_bootstrap_narrows_with_more_rows() -> None:
    """100 times the rows give about a tenth of the width."""
    metric = METRICS["macro_f1"]
    table = np.array([[40, 10], [5, 45]])
    narrow, wide = (np.diff(bootstrap(metric, table * factor))[0] for factor in (100, 1))
    assert narrow == pytest.approx(wide / 10, rel=0.15)


def test_bootstrap_of_many_labels_is_quick() -> None:
    """150 labels and 4,500 rows, as CLINC150's test split has, take a moment and no great memory."""
    generator = np.random.default_rng(0)
    expected = np.repeat(np.arange(150), 30)
    noise = generator.random(4_500) < 0.15
    predicted = np.where(noise, generator.integers(0, 150, 4_500), expected)
    rows = Classified(tuple(map(str, range(150))), expected, predicted)
    began = time.perf_counter()
    assert interval_of(METRICS["macro_f1"], rows) is not None
    assert time.perf_counter() - began < 10


def test_intervals_by_kind() -> None:
    """Accuracy has Wilson's interval; a metric over rows has none, and cannot be resampled from counts."""
    rows = rows_of([[9, 1], [2, 8]])
    assert interval_of(METRICS["accuracy"], rows) == wilson(17, 20)
    assert interval_of(METRICS["ece"], rows) is None
    with pytest.raises(ValueError, match="not defined over counts"):
        bootstrap(METRICS["ece"], rows.confusion)
