from __future__ import annotations

import numpy as np
import pytest

from hfshell.api import Guard, Metric
from hfshell.evaluation.baseline import baseline_value
from hfshell.evaluation.guards import no_better_than_guessing, suspicions
from hfshell.evaluation.intervals import interval_of
from hfshell.evaluation.metrics import METRICS, Classified

LABELS = ("billing", "refunds", "sales")


def spoken(expected: np.ndarray, predicted: np.ndarray, labels: tuple[str, ...] = LABELS) -> dict[str, Guard]:
    rows = Classified(labels, expected, predicted)
    metric = METRICS["accuracy"]
    headline = Metric("accuracy", metric.measure(rows), *(interval_of(metric, rows) or (None, None)))
    return {guard.name: guard for guard in suspicions(rows, headline, baseline_value(metric, rows))}


def noisy(expected: np.ndarray, accuracy: float, labels: int = 3, seed: int = 0) -> np.ndarray:
    generator = np.random.default_rng(seed)
    wrong = generator.random(len(expected)) >= accuracy
    return np.where(wrong, (expected + generator.integers(1, labels, len(expected))) % labels, expected)


def test_swapped_labels_are_named() -> None:
    """A good model whose labels are rotated is recognised, with the map that puts them right."""
    expected = np.repeat([0, 1, 2], [60, 50, 40])
    rotation = np.array([1, 2, 0])
    guards = spoken(expected, rotation[noisy(expected, 0.9)])
    alarm = guards["label-order"]
    assert alarm.severity == "warn"
    assert alarm.hint is not None
    assert "billing=refunds,refunds=sales,sales=billing" in alarm.hint
    assert alarm.count is not None
    assert alarm.count / 150 > 0.8


def test_two_swapped_labels_are_named() -> None:
    """The commonest case: negative and positive are the wrong way round."""
    expected = np.repeat([0, 1], [44, 56])
    guards = spoken(expected, 1 - noisy(expected, 0.9, labels=2), ("negative", "positive"))
    assert "negative with positive, positive with negative" in guards["label-order"].message


def test_good_models_are_not_accused() -> None:
    """No guard speaks of a model that is clearly better than guessing, on 20 different data sets."""
    for seed in range(20):
        expected = np.random.default_rng(seed).integers(0, 3, 200)
        assert spoken(expected, noisy(expected, 0.85, seed=seed)) == {}


@pytest.mark.parametrize(("rows", "labels"), [(30, 2), (48, 7), (200, 7), (300, 20)])
def test_models_that_know_nothing_are_not_called_swapped(rows: int, labels: int) -> None:
    """The best of many permutations looks good by chance; random predictions must not raise the alarm."""
    names = tuple(f"label {index}" for index in range(labels))
    for seed in range(100):
        generator = np.random.default_rng(seed)
        expected, predicted = generator.integers(0, labels, (2, rows))
        guards = spoken(expected, predicted, names)
        assert "label-order" not in guards
        assert "baseline" in guards or rows > 100


def test_not_better_than_guessing() -> None:
    """An interval that reaches down to the baseline is said to, and whether more rows may help."""
    expected = np.repeat([0, 1], [6, 4])
    predicted = np.array([0, 0, 0, 0, 0, 0, 1, 0, 0, 0])
    guard = spoken(expected, predicted, ("no", "yes"))["baseline"]
    assert "not surely better than the 0.600 of always guessing no" in guard.message
    assert guard.hint is not None
    worse = spoken(expected, 1 - expected, ("no", "yes"))["baseline"]
    assert "is not better than" in worse.message
    assert worse.hint is None


def test_a_metric_goes_by_the_name_that_the_screen_gives_it() -> None:
    """Beside the number that it speaks of, another spelling would look like another metric."""
    guard = no_better_than_guessing(Metric("relation_micro_f1", 0.1), 0.2, "majority", 10)
    assert guard is not None
    assert guard.message.startswith("relation-micro-F1 0.100 ")


@pytest.mark.parametrize(("loss", "speaks"), [(0.9, True), (0.3, False)])
def test_lower_is_better_for_a_loss(loss: float, speaks: bool) -> None:
    """A loss above that of guessing is no better than guessing, one below it is."""
    expected = np.repeat([0, 1], 20)
    rows = Classified(("no", "yes"), expected, expected)
    guards = [
        guard.name for guard in suspicions(rows, Metric("log_loss", loss, higher_is_better=False), 0.693)
    ]
    assert ("baseline" in guards) is speaks


def test_single_label_predictions() -> None:
    """A model that says one thing to every row is said to do so, with its label."""
    guard = spoken(np.repeat([0, 1, 2], 10), np.ones(30, dtype=np.intp))["single-label"]
    assert "all 30 rows were predicted refunds" in guard.message
    assert guard.count == 30


def test_single_label_data_is_no_alarm() -> None:
    """Where the rows have one label, predicting it is right."""
    guards = spoken(np.zeros(30, dtype=np.intp), np.zeros(30, dtype=np.intp))
    assert "single-label" not in guards


def test_absent_labels_are_listed() -> None:
    """Means over labels leave some out; which ones is said."""
    guard = spoken(np.zeros(5, dtype=np.intp), np.zeros(5, dtype=np.intp))["absent-labels"]
    assert "refunds, sales" in guard.message
    assert guard.count == 2
