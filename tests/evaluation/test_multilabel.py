from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn import metrics as sklearn_metrics

from hfshell.api import LabelScore
from hfshell.errors import DataError, Refused
from hfshell.evaluation.multilabel import SeveralLabels, several_labels
from hfshell.evaluation.multilabel_metrics import SET_METRICS, LabelSets
from hfshell.evaluation.report import Report, report

if TYPE_CHECKING:
    from collections.abc import Sequence

LABELS = ("toxic", "insult", "threat")
TEXTS = ("one", "two", "three", "four")
FLAGS = st.integers(1, 25).flatmap(
    lambda n: st.tuples(
        arrays(np.bool_, (n, 3)),
        arrays(np.bool_, (n, 3)),
        arrays(np.float64, (n, 3), elements=st.floats(0, 1)),
    )
)

SKLEARN = {
    "macro_f1": lambda rows: sklearn_metrics.f1_score(
        rows.expected, rows.predicted, average="macro", zero_division=np.nan
    ),
    "micro_f1": lambda rows: sklearn_metrics.f1_score(
        rows.expected, rows.predicted, average="micro", zero_division=np.nan
    ),
    "subset_accuracy": lambda rows: sklearn_metrics.accuracy_score(rows.expected, rows.predicted),
    "hamming_loss": lambda rows: sklearn_metrics.hamming_loss(rows.expected, rows.predicted),
}


def noisy(n: int, seed: int = 0, keep: float = 0.8) -> LabelSets:
    """Rows that are right about most of their labels."""
    generator = np.random.default_rng(seed)
    expected = generator.random((n, 3)) < (0.5, 0.3, 0.2)
    predicted = np.where(generator.random((n, 3)) < keep, expected, ~expected)
    scores = np.clip(predicted * 0.5 + generator.random((n, 3)) / 2, 0, 1)
    return LabelSets(LABELS, expected, predicted, scores)


def scored(*scores: float) -> list[LabelScore]:
    return [LabelScore(label, score) for label, score in zip(LABELS, scores, strict=True)]


def rows_of(
    expected: Sequence[tuple[str, ...]], answers: Sequence[tuple[str, ...]], labels: Sequence[str] = LABELS
) -> SeveralLabels:
    predicted = [scored(*(0.9 if label in answer else 0.1 for label in LABELS)) for answer in answers]
    return several_labels(expected, predicted, labels, [f"text {n}" for n in range(len(expected))], answers)


def spoken(outcome: Report) -> list[str]:
    return [guard.name for guard in outcome.guards]


@pytest.mark.parametrize("name", sorted(SKLEARN))
@settings(deadline=None)
@given(flags=FLAGS)
def test_count_metrics_equal_sklearn_on_any_table(
    name: str, flags: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> None:
    """Rows without labels, labels without rows, single rows: sklearn's numbers, or none where it has none."""
    rows = LabelSets(LABELS, *flags)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # sklearn warns of what it has no number for
        expected = SKLEARN[name](rows)
    measured = SET_METRICS[name].measure(rows)
    assert measured == (None if np.isnan(expected) else pytest.approx(expected, abs=1e-12))


@pytest.mark.slow
@settings(deadline=None)
@given(flags=FLAGS)
def test_roc_auc_equals_sklearn_over_labels_that_vary(
    flags: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    """The mean of sklearn's areas over the labels that have one."""
    rows = LabelSets(LABELS, *flags)
    varying = [label for label in range(3) if 0 < rows.expected[:, label].sum() < len(rows)]
    measured = SET_METRICS["roc_auc"].measure(rows)
    if not varying:
        assert measured is None
        return
    assert rows.scores is not None
    expected = sklearn_metrics.roc_auc_score(
        rows.expected[:, varying], rows.scores[:, varying], average="macro"
    )
    assert measured == pytest.approx(expected)


def test_intervals_equal_a_bootstrap_over_rows() -> None:
    """Drawing kinds of rows from a multinomial is drawing rows: both give the same interval but for noise."""
    rows = noisy(200)
    generator = np.random.default_rng(1)
    for name, measure in SKLEARN.items():
        values = []
        for _ in range(120):
            chosen = generator.integers(0, 200, 200)
            values.append(measure(LabelSets(LABELS, rows.expected[chosen], rows.predicted[chosen])))
        low, high = SET_METRICS[name].interval(rows) or (0.0, 0.0)
        assert (low, high) == pytest.approx(np.quantile(values, [0.025, 0.975]), abs=0.03), name
        assert SET_METRICS[name].interval(replace(rows)) == (low, high), "the same rows give the same digits"
        value = SET_METRICS[name].measure(rows)
        assert value is not None
        assert low < value < high


def test_one_row_has_no_interval() -> None:
    """Of one row drawn anew there is but itself."""
    assert SET_METRICS["subset_accuracy"].interval(noisy(1)) is None


def test_report_of_a_small_table() -> None:
    """Four rows, worked by hand: the order of metrics, per-label numbers, the wrong rows, the guess."""
    expected = [("toxic", "insult"), ("toxic",), (), ("toxic",)]
    answers = [("toxic",), ("toxic",), ("threat",), ("insult", "toxic")]
    outcome = report(rows_of(expected, answers), ("macro_f1", "subset_accuracy", "hamming_loss", "roc_auc"))
    assert (outcome.n, outcome.labels, outcome.wrong, outcome.confusion) == (4, LABELS, 3, ())
    macro, subset, hamming, area = outcome.metrics
    assert macro.value == pytest.approx((1.0 + 0.0 + 0.0) / 3)
    assert (subset.value, hamming.value) == (0.25, 0.25)
    assert (macro.higher_is_better, hamming.higher_is_better) == (True, False)
    assert area.value is not None
    assert area.low is None
    toxic, insult, threat = outcome.per_label
    assert (toxic.precision, toxic.recall, toxic.support) == (1.0, 1.0, 3)
    assert (insult.precision, insult.recall, insult.support) == (0.0, 0.0, 1)
    assert (threat.precision, threat.recall, threat.support) == (0.0, None, 0)
    assert [(row.row, row.expected, row.predicted) for row in outcome.worst] == [
        (1, "toxic, insult", "toxic"),
        (3, "no label", "threat"),
        (4, "toxic", "toxic, insult"),
    ]
    # always guessing {toxic}: F1 of 6/7 for it and 0 for insult; threat is neither expected nor guessed
    assert outcome.baseline == pytest.approx((6 / 7 + 0.0) / 2)
    assert spoken(outcome) == ["baseline", "absent-labels"]


def test_the_surest_mistakes_come_first() -> None:
    """Sureness is that of a label that was got wrong, not of those that were got right."""
    predicted = [scored(0.99, 0.6, 0.1), scored(0.3, 0.1, 0.2), scored(0.02, 0.1, 0.1)]
    answers = [("toxic", "insult"), (), ()]
    rows = several_labels([("toxic",), ("toxic",), ("toxic",)], predicted, LABELS, TEXTS[:3], answers)
    assert [(row.row, row.score) for row in report(rows).worst] == [
        (3, pytest.approx(0.98)),
        (2, pytest.approx(0.7)),
        (1, pytest.approx(0.6)),
    ]


def test_the_guess_may_be_no_label() -> None:
    """Where most rows have no label, guessing none is the guess, and says so."""
    outcome = report(rows_of([(), (), (), ("toxic",)], [()] * 4), ("subset_accuracy",))
    assert outcome.baseline == 0.75
    guards = {guard.name: guard.message for guard in outcome.guards}
    assert "all 4 rows were predicted no label" in guards["single-label"]
    assert "better than the 0.750 of always guessing no label" in guards["baseline"]


def test_good_models_are_not_accused() -> None:
    """No guard speaks of a model that is clearly better than guessing."""
    rows = SeveralLabels(noisy(300, keep=0.95), ["text"] * 300)
    assert report(rows).guards == ()


def test_answers_need_no_scores() -> None:
    """A task that names labels and gives no scores is measured, but for what needs scores."""
    rows = several_labels([("toxic",), ()], [("toxic",), ()], LABELS, TEXTS[:2], [("toxic",), ()])
    values = {metric.name: metric.value for metric in report(rows).metrics}
    assert values["subset_accuracy"] == 1.0
    assert values["roc_auc"] is None
    partly = several_labels([("toxic",)], [[LabelScore("toxic", 0.9)]], LABELS, TEXTS[:1], [("toxic",)])
    assert partly.rows.scores is None


def test_labels_outside_the_list_are_refused_by_name_and_row() -> None:
    """A label that is not in the list can be neither right nor wrong."""
    with pytest.raises(Refused, match="the label spam is expected on row 2") as raised:
        rows_of([(), ("spam",)], [(), ()])
    assert raised.value.guard == "labels"
    with pytest.raises(Refused, match="the label spam was predicted on row 1"):
        rows_of([()], [("spam",)])


def test_no_number_is_made_of_broken_scores_or_missing_rows() -> None:
    """NaN, fewer predictions than rows, and no rows at all are refused."""
    with pytest.raises(Refused) as raised:
        several_labels([()], [scored(0.1, float("nan"), 0.2)], LABELS, TEXTS[:1], [()])
    assert raised.value.guard == "non-finite"
    with pytest.raises(Refused) as raised:
        rows_of([(), ()], [()])
    assert raised.value.guard == "count"
    with pytest.raises(DataError):
        rows_of([], [])


def test_values_for_metrics_of_plugins() -> None:
    """Plugins see sets of labels in one order, whatever the order of the file and of the task."""
    rows = rows_of([("insult", "toxic")], [("threat", "toxic")])
    assert rows.expected_values == [("toxic", "insult")]
    assert rows.answers == [("toxic", "threat")]
