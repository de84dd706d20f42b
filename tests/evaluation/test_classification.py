from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from hfshell.api import LabelScore
from hfshell.errors import DataError, Refused
from hfshell.evaluation.classification import one_label
from hfshell.evaluation.report import Report
from hfshell.evaluation.report import report as report_of

if TYPE_CHECKING:
    from collections.abc import Sequence

LABELS = ("billing", "refunds", "sales")
METRICS = ("accuracy", "macro_f1", "mcc", "roc_auc", "ece")


def scores(best: str, score: float = 0.8, labels: Sequence[str] = LABELS) -> list[LabelScore]:
    rest = (1 - score) / (len(labels) - 1)
    return [LabelScore(best, score), *(LabelScore(label, rest) for label in labels if label != best)]


def report(
    expected: Sequence[str],
    predicted: Sequence[Sequence[LabelScore]],
    labels: Sequence[str],
    metrics: Sequence[str],
    texts: Sequence[str],
) -> Report:
    return report_of(one_label(expected, predicted, labels, texts), metrics)


def measured(expected: Sequence[str], predicted: Sequence[str], labels: Sequence[str] = LABELS) -> Report:
    texts = [f"text {number}" for number in range(len(expected))]
    return report(expected, [scores(best, labels=labels) for best in predicted], labels, METRICS, texts)


def spoken(outcome: Report) -> list[str]:
    return [guard.name for guard in outcome.guards]


def test_report_of_a_small_table() -> None:
    """Six rows, worked by hand: counts, order of metrics, interval, per-label numbers, confusion table."""
    expected = ["billing", "billing", "billing", "refunds", "refunds", "sales"]
    predicted = ["billing", "billing", "refunds", "refunds", "refunds", "billing"]
    outcome = measured(expected, predicted)
    assert outcome.n == 6
    assert [metric.name for metric in outcome.metrics] == list(METRICS)
    accuracy = outcome.metrics[0]
    assert accuracy.value == pytest.approx(4 / 6)
    assert accuracy.low is not None
    assert accuracy.high is not None
    assert accuracy.low < 4 / 6 < accuracy.high
    assert outcome.baseline == pytest.approx(0.5)
    assert outcome.confusion == ((2, 1, 0), (0, 2, 0), (1, 0, 0))
    assert outcome.wrong == 2
    billing, refunds, sales = outcome.per_label
    assert (billing.precision, billing.recall, billing.support) == (2 / 3, 2 / 3, 3)
    assert (refunds.precision, refunds.recall, refunds.f1) == (2 / 3, 1.0, 0.8)
    assert (sales.precision, sales.recall, sales.f1, sales.support) == (None, 0.0, 0.0, 1)
    assert all(metric.value is not None for metric in outcome.metrics)


def test_report_equals_sklearn_on_noise() -> None:
    """Confusion table and per-label numbers are sklearn's."""
    generator = np.random.default_rng(3)
    expected = generator.choice(LABELS, 300).tolist()
    predicted = [
        right if keep else "sales" for right, keep in zip(expected, generator.random(300) < 0.7, strict=True)
    ]
    outcome = measured(expected, predicted)
    assert outcome.confusion == tuple(
        map(tuple, confusion_matrix(expected, predicted, labels=LABELS).tolist())
    )
    precision, recall, f1, support = precision_recall_fscore_support(expected, predicted, labels=LABELS)
    for index, label in enumerate(outcome.per_label):
        assert label.precision == pytest.approx(precision[index])
        assert label.recall == pytest.approx(recall[index])
        assert label.f1 == pytest.approx(f1[index])
        assert label.support == support[index]


def test_label_without_rows_and_predictions_has_no_numbers() -> None:
    """Undefined is None, never 0 and never NaN."""
    outcome = measured(["billing", "refunds"], ["billing", "refunds"])
    sales = outcome.per_label[2]
    assert (sales.precision, sales.recall, sales.f1, sales.support) == (None, None, None, 0)
    assert outcome.metrics[1].value == 1.0
    assert "absent-labels" in spoken(outcome)


def test_report_is_json() -> None:
    """All of it is plain numbers and strings: nothing of numpy is left for a socket to choke on."""
    outcome = measured(["billing", "sales"] * 5, ["billing", "refunds"] * 5)
    assert json.loads(msgspec.json.encode(outcome))["confusion"][2] == [0, 5, 0]
    assert all(type(count) is int for row in outcome.confusion for count in row)
    assert type(outcome.worst[0].row) is int


def test_worst_rows_are_the_surest_mistakes_first() -> None:
    """At most 20, surest first, counted from 1, with long texts cut."""
    expected = ["billing"] * 30
    certainty = [0.5 + number / 100 for number in range(30)]
    predicted = [scores("refunds", score) for score in certainty]
    texts = ["x" * 500, *(f"text {number}" for number in range(1, 30))]
    outcome = report(expected, predicted, LABELS, METRICS, texts)
    assert outcome.wrong == 30
    assert [row.row for row in outcome.worst] == list(range(30, 10, -1))
    first = outcome.worst[0]
    assert (first.text, first.expected, first.predicted) == ("text 29", "billing", "refunds")
    assert first.score == pytest.approx(0.79)
    cut = report(expected[:1], predicted[:1], LABELS, METRICS, texts[:1]).worst[0].text
    assert len(cut) == 200
    assert cut.endswith("…")


def test_order_of_scores_does_not_matter() -> None:
    """A task that gives its scores in label order is measured all the same."""
    in_order = [[LabelScore("billing", 0.1), LabelScore("refunds", 0.7), LabelScore("sales", 0.2)]]
    outcome = report(["refunds"], in_order, LABELS, METRICS, ["text"])
    assert outcome.wrong == 0


def test_float32_probabilities_count_as_probabilities() -> None:
    """A softmax in float32 sums to 1 only nearly; calibration is measured all the same, without a warning."""
    generator = np.random.default_rng(0)
    table = generator.random((50, 3)).astype(np.float32)
    table /= table.sum(axis=1, keepdims=True)
    predicted = [
        [LabelScore(label, float(score)) for label, score in zip(LABELS, row, strict=True)] for row in table
    ]
    outcome = report(["billing"] * 50, predicted, LABELS, ("accuracy", "ece", "log_loss"), ["text"] * 50)
    assert all(metric.value is not None for metric in outcome.metrics)


def test_scores_that_are_no_distribution_give_no_probability_metrics() -> None:
    """The best label alone is enough for accuracy, and not for calibration."""
    for row in ([LabelScore("billing", 0.9)], [LabelScore(label, 0.9) for label in LABELS]):
        values = {m.name: m.value for m in report(["billing"], [row], LABELS, METRICS, ["text"]).metrics}
        assert values["accuracy"] == 1.0
        assert values["ece"] is None
        assert values["roc_auc"] is None


def test_count_mismatch_is_refused() -> None:
    """Predictions fewer than rows, or a row without one, give no number at all."""
    with pytest.raises(Refused) as raised:
        report(["billing", "sales"], [scores("billing")], LABELS, METRICS, ["one", "two"])
    assert raised.value.guard == "count"
    with pytest.raises(Refused) as raised:
        report(["billing", "sales"], [scores("billing"), []], LABELS, METRICS, ["one", "two"])
    assert raised.value.guard == "count"
    assert "row 2" in raised.value.message


def test_labels_outside_the_list_are_refused_by_name_and_row() -> None:
    """A label that is not in the list can be neither right nor wrong."""
    with pytest.raises(Refused) as raised:
        measured(["billing", "returns"], ["billing", "billing"])
    assert raised.value.guard == "labels"
    assert "returns" in raised.value.message
    assert "row 2" in raised.value.message
    stranger = [[LabelScore("spam", 1.0)]]
    with pytest.raises(Refused, match="spam"):
        report(["billing"], stranger, LABELS, METRICS, ["text"])


def test_non_finite_scores_are_refused() -> None:
    """All-NaN logits would otherwise be accurate on whatever label stands first."""
    broken = [scores("billing"), [LabelScore(label, float("nan")) for label in LABELS]]
    with pytest.raises(Refused) as raised:
        report(["billing", "billing"], broken, LABELS, METRICS, ["one", "two"])
    assert raised.value.guard == "non-finite"


def test_no_rows_is_an_error() -> None:
    """An empty split has no accuracy."""
    with pytest.raises(DataError):
        report([], [], LABELS, METRICS, [])


def test_the_tasks_answer_is_what_counts() -> None:
    """A task may decide otherwise than by the highest score; its scores are measured all the same."""
    predicted = [scores("billing", 0.8), scores("billing", 0.6)]
    rows = one_label(["billing", "sales"], predicted, LABELS, ["one", "two"], ["billing", "sales"])
    outcome = report_of(rows, METRICS)
    assert (outcome.wrong, outcome.metrics[0].value) == (0, 1.0)
    assert all(metric.value is not None for metric in outcome.metrics)
    wrong = report_of(one_label(["sales"], predicted[:1], LABELS, ["one"], ["refunds"])).worst[0]
    assert (wrong.predicted, wrong.score) == ("refunds", pytest.approx(0.1))
