from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sklearn_metrics

from hfshell.evaluation.baseline import baseline_value, majority_guess
from hfshell.evaluation.metrics import METRICS, Classified

LABELS = ("billing", "refunds", "sales", "other")


def classified(seed: int, n: int = 200, labels: tuple[str, ...] = LABELS) -> Classified:
    """Rows that are right about half of the time."""
    generator = np.random.default_rng(seed)
    expected = generator.integers(0, len(labels), n)
    logits = generator.normal(size=(n, len(labels))) + 1.5 * np.eye(len(labels))[expected]
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return Classified(labels, expected, probabilities.argmax(axis=1), probabilities)


SKLEARN = {
    "accuracy": lambda rows: sklearn_metrics.accuracy_score(rows.expected, rows.predicted),
    "micro_f1": lambda rows: sklearn_metrics.f1_score(rows.expected, rows.predicted, average="micro"),
    "macro_f1": lambda rows: sklearn_metrics.f1_score(rows.expected, rows.predicted, average="macro"),
    "mcc": lambda rows: sklearn_metrics.matthews_corrcoef(rows.expected, rows.predicted),
    "balanced_accuracy": lambda rows: sklearn_metrics.balanced_accuracy_score(rows.expected, rows.predicted),
    "roc_auc": lambda rows: sklearn_metrics.roc_auc_score(
        rows.expected, rows.probabilities, multi_class="ovr", average="macro", labels=range(len(rows.labels))
    ),
    "log_loss": lambda rows: sklearn_metrics.log_loss(
        rows.expected, rows.probabilities, labels=range(len(rows.labels))
    ),
}


@pytest.mark.parametrize("name", sorted(SKLEARN))
@pytest.mark.parametrize("seed", range(5))
def test_metrics_equal_sklearn(name: str, seed: int) -> None:
    """Every metric that sklearn has gives sklearn's number."""
    rows = classified(seed)
    assert METRICS[name].measure(rows) == pytest.approx(SKLEARN[name](rows), abs=1e-12)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40))
def test_count_metrics_equal_sklearn_on_any_table(pairs: list[tuple[int, int]]) -> None:
    """Absent labels, single labels and single rows give sklearn's numbers too, without a warning of ours."""
    expected, predicted = (np.array(side, dtype=np.intp) for side in zip(*pairs, strict=True))
    rows = Classified(LABELS, expected, predicted)
    measured = {
        name: METRICS[name].measure(rows)
        for name in ("accuracy", "micro_f1", "macro_f1", "mcc", "balanced_accuracy")
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # sklearn warns of labels that were predicted and never expected
        expected_values = {name: SKLEARN[name](rows) for name in measured}
    assert measured == pytest.approx(expected_values, abs=1e-12)


def test_macro_f1_is_global_not_a_mean_of_batches() -> None:
    """A perfect model scores 1.0 although single batches lack labels; the mean over batches would not."""
    expected = np.array([0, 0, 0, 0, 1, 1, 1, 2])
    rows = Classified(LABELS, expected, expected)
    assert METRICS["macro_f1"].measure(rows) == 1.0


def test_macro_f1_by_hand() -> None:
    """Worked on paper: F1 of 2/3, 1/2 and 0, and one label that does not occur at all and is left out."""
    expected = np.array([0, 0, 1, 1])
    predicted = np.array([0, 2, 1, 0])
    # billing: 1 hit, 2 expected, 2 predicted: 2/4; refunds: 1 hit, 2 expected, 1 predicted: 2/3; sales: 0.
    rows = Classified(LABELS, expected, predicted)
    assert METRICS["macro_f1"].measure(rows) == pytest.approx((1 / 2 + 2 / 3 + 0) / 3)


def test_roc_auc_of_two_labels_equals_sklearn_binary() -> None:
    """With two labels the area is the usual one, whichever label is called positive."""
    rows = classified(7, labels=("no", "yes"))
    assert rows.probabilities is not None
    expected = sklearn_metrics.roc_auc_score(rows.expected, rows.probabilities[:, 1])
    assert METRICS["roc_auc"].measure(rows) == pytest.approx(expected)


def test_roc_auc_leaves_out_labels_that_no_row_has() -> None:
    """A label without rows has no area; the others keep theirs."""
    rows = classified(3)
    assert rows.probabilities is not None
    wide = Classified(
        (*LABELS, "unused"),
        rows.expected,
        rows.predicted,
        np.hstack([rows.probabilities, np.zeros((len(rows.expected), 1))]),
    )
    assert METRICS["roc_auc"].measure(wide) == pytest.approx(METRICS["roc_auc"].measure(rows))


@pytest.mark.parametrize("name", ["roc_auc", "log_loss", "ece"])
def test_metrics_of_probabilities_are_undefined_without_them(name: str) -> None:
    """Without probabilities there is no number, rather than a made-up one."""
    rows = classified(1)
    assert METRICS[name].measure(Classified(rows.labels, rows.expected, rows.predicted)) is None


def test_roc_auc_is_undefined_when_all_rows_have_one_label() -> None:
    """One label has no rest to be told from."""
    rows = Classified(("no", "yes"), np.zeros(3, int), np.zeros(3, int), np.full((3, 2), 0.5))
    assert METRICS["roc_auc"].measure(rows) is None


def test_log_loss_of_a_sure_mistake_is_finite() -> None:
    """Probability 0 for the expected label is clipped as sklearn does."""
    rows = Classified(("no", "yes"), np.array([0, 1]), np.array([1, 1]), np.array([[0.0, 1.0], [0.0, 1.0]]))
    assert rows.probabilities is not None
    expected = sklearn_metrics.log_loss(rows.expected, rows.probabilities)
    assert METRICS["log_loss"].measure(rows) == pytest.approx(expected)


def test_ece_by_hand() -> None:
    """Two bins: confidence 0.95 with 1 of 2 right, and 0.6 with 2 of 2 right, give (2·0.45 + 2·0.4)/4."""
    confidence = np.array([0.95, 0.95, 0.6, 0.6])
    probabilities = np.stack([confidence, 1 - confidence], axis=1)
    rows = Classified(("no", "yes"), np.array([0, 1, 0, 0]), np.zeros(4, int), probabilities)
    assert METRICS["ece"].measure(rows) == pytest.approx((2 * 0.45 + 2 * 0.4) / 4)


def test_ece_puts_an_edge_in_the_lower_bin() -> None:
    """A confidence of 0.7 belongs to (0.6, 0.7], whatever 0.7 · 10 is in binary; 1.0 is in the last bin."""
    confidence = np.array([0.7, 0.65, 1.0])
    probabilities = np.stack([confidence, 1 - confidence], axis=1)
    rows = Classified(("no", "yes"), np.array([0, 1, 0]), np.zeros(3, int), probabilities)
    # one bin holds 0.7 (right) and 0.65 (wrong): |1 - 1.35| / 3
    assert METRICS["ece"].measure(rows) == pytest.approx(0.35 / 3)


def test_baseline_is_the_majority_guess() -> None:
    """The baseline is the score of the same metric for the most frequent label, said to every row."""
    rows = Classified(LABELS, np.array([1, 1, 1, 0, 2]), np.array([0, 0, 0, 0, 0]))
    assert set(majority_guess(rows).predicted.tolist()) == {1}
    assert baseline_value(METRICS["accuracy"], rows) == pytest.approx(3 / 5)
    assert baseline_value(METRICS["macro_f1"], rows) == pytest.approx((2 * 3 / 8) / 3)
    assert baseline_value(METRICS["mcc"], rows) == 0.0
    assert baseline_value(METRICS["roc_auc"], rows) == pytest.approx(0.5)
    shares = np.array([1, 3, 1]) / 5
    assert baseline_value(METRICS["log_loss"], rows) == pytest.approx(-(shares * np.log(shares)).sum())
    assert baseline_value(METRICS["ece"], rows) is None


def test_every_metric_has_exactly_one_definition() -> None:
    """A metric is over counts or over rows, and only counts can be resampled."""
    for metric in METRICS.values():
        assert (metric.over_counts is None) != (metric.over_rows is None)
        assert metric.interval != "bootstrap" or metric.over_counts is not None
