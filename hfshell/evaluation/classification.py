"""Rows of one label each: what was expected beside what was predicted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from hfshell.api import LabelScore, Metric
from hfshell.api.results import LabelReport, WrongRow
from hfshell.errors import DataError, Refused
from hfshell.evaluation.baseline import baseline_value
from hfshell.evaluation.guards import suspicions
from hfshell.evaluation.intervals import interval_of
from hfshell.evaluation.metrics import (
    METRICS,
    Classified,
    Counts,
    Floats,
    label_f1,
    label_precision,
    label_recall,
)
from hfshell.evaluation.report import WORST_ROWS, Judged, Report, cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_SUM_TOLERANCE = 1e-3


@dataclass(frozen=True, eq=False)
class OneLabel:
    """Rows that have one label each, expected and answered. See `one_label`.

    Attributes:
        rows: labels as indexes, and probabilities where there are any.
        scores: score of each row's answer, shape (n,); NaN where the task gave none.
        texts: the text of each row.
    """

    rows: Classified
    scores: Floats
    texts: Sequence[str]

    kind: ClassVar[str] = "rows of one label"
    known: ClassVar[tuple[str, ...]] = tuple(METRICS)

    @property
    def expected_values(self) -> list[str]:
        """The label of each row."""
        return [self.rows.labels[index] for index in self.rows.expected]

    @property
    def answers(self) -> list[str]:
        """The label that was answered."""
        return [self.rows.labels[index] for index in self.rows.predicted]

    @property
    def guess(self) -> str:
        """The most frequent label."""
        return self.rows.labels[int(self.rows.counts.expected.argmax())]

    def metric(self, name: str, *, intervals: bool) -> Metric:
        """Measure one of the known metrics."""
        definition = METRICS[name]
        low, high = (interval_of(definition, self.rows) if intervals else None) or (None, None)
        return Metric(name, definition.measure(self.rows), low, high, definition.higher_is_better)

    def baseline(self, name: str) -> float | None:
        """Measure a known metric on the guess; None when that says nothing."""
        return baseline_value(METRICS[name], self.rows)

    def report(
        self,
        metrics: tuple[Metric, ...],
        baseline: float | None,
        judged: Judged | None = None,  # noqa: ARG002 - labels and scores say more
    ) -> Report:
        """Add each label's numbers, the confusion table, and the wrong rows that the model was surest of."""
        return Report(
            n=len(self.texts),
            metrics=metrics,
            baseline=baseline,
            labels=self.rows.labels,
            per_label=per_label(self.rows.labels, self.rows.counts),
            confusion=tuple(tuple(row) for row in self.rows.confusion.tolist()),
            wrong=int((self.rows.expected != self.rows.predicted).sum()),
            worst=_worst(self.rows, self.scores, self.texts),
            guards=tuple(suspicions(self.rows, metrics[0] if metrics else None, baseline)),
        )


def one_label(
    expected: Sequence[str],
    predicted: Sequence[Sequence[LabelScore] | None],
    labels: Sequence[str],
    texts: Sequence[str],
    answers: Sequence[str] | None = None,
) -> OneLabel:
    """Make rows fit to be measured of expected labels and predictions.

    Metrics that need probabilities (`roc_auc`, `log_loss`, `ece`) are not defined unless every row has a
    score for every label and they sum to 1.

    Args:
        expected: the label of each row, named as the model names it.
        predicted: scored labels of each row; None, beside an answer, for a row without scores.
        labels: the fixed list of labels; all that is expected or answered must be among them.
        texts: the text of each row.
        answers: the label that each prediction comes to; without them, that of the highest score.

    Raises:
        Refused: predictions, labels and texts do not match in number (`count`), a label is not in the list
            (`labels`), or a score is not finite (`non-finite`).
        DataError: there are no rows.
    """
    check_counts(expected, predicted, texts)
    empty = next(
        (number for number, scores in enumerate(predicted, 1) if scores is not None and not scores), None
    )
    if empty is not None:
        raise Refused("count", f"row {empty} has no prediction")
    check_finite(predicted)
    chosen = [_best(scores or ()) for scores in predicted] if answers is None else answers
    position = {label: index for index, label in enumerate(labels)}
    rows = Classified(
        labels=tuple(labels),
        expected=_indexes(expected, position, "is expected"),
        predicted=_indexes(chosen, position, "was predicted"),
        probabilities=_probabilities(predicted, position),
    )
    scores = [_score_of(label, scored) for label, scored in zip(chosen, predicted, strict=True)]
    return OneLabel(rows, np.array(scores, dtype=np.float64), texts)


def per_label(labels: Sequence[str], counts: Counts) -> tuple[LabelReport, ...]:
    """Return precision, recall and F1 of each label."""
    precision, recall, f1 = (
        [None if math.isnan(value) else value for value in measure(counts).tolist()]
        for measure in (label_precision, label_recall, label_f1)
    )
    support = counts.expected.astype(int).tolist()
    return tuple(map(LabelReport, labels, precision, recall, f1, support))


def is_scored(prediction: Any) -> bool:
    """Whether a prediction is a list of scored labels."""
    return (
        isinstance(prediction, (list, tuple))
        and bool(prediction)
        and all(isinstance(item, LabelScore) for item in prediction)
    )


def check_counts(expected: Sequence[Any], predicted: Sequence[Any], texts: Sequence[str]) -> None:
    """Refuse to measure predictions that are not those of the rows.

    Raises:
        Refused: they do not match in number (`count`).
        DataError: there are no rows.
    """
    if not len(expected) == len(predicted) == len(texts):
        raise Refused(
            "count", f"{len(predicted):,} predictions for {len(expected):,} labels and {len(texts):,} texts"
        )
    if not expected:
        raise DataError("there are no rows to measure on", hint="choose a split that has rows")


def check_finite(predicted: Sequence[Sequence[LabelScore] | None]) -> None:
    """Refuse scores that are NaN or infinite (`non-finite`)."""
    bad = [
        number
        for number, scores in enumerate(predicted, 1)
        if not all(math.isfinite(item.score) for item in scores or ())
    ]
    if bad:
        raise Refused(
            "non-finite",
            f"scores are not finite on {len(bad):,} of {len(predicted):,} rows, row {bad[0]} the first",
            hint="the model's weights are broken, or overflow in this precision: train it anew",
        )


def _best(scores: Sequence[LabelScore]) -> str:
    return max(scores, key=lambda item: item.score).label


def _score_of(label: str, scores: Sequence[LabelScore] | None) -> float:
    if scores is None:
        return math.nan
    return next((item.score for item in scores if item.label == label), 0.0)


def _indexes(names: Sequence[str], position: dict[str, int], how: str) -> NDArray[np.intp]:
    try:
        return np.array([position[name] for name in names], dtype=np.intp)
    except KeyError as error:
        unknown = error.args[0]
        row = list(names).index(unknown) + 1
        raise Refused(
            "labels", f"the label {unknown} {how} on row {row} and is not among {{{', '.join(position)}}}"
        ) from None


def _probabilities(
    predicted: Sequence[Sequence[LabelScore] | None], position: dict[str, int]
) -> Floats | None:
    """Return probabilities in label order, None when a row lacks a label or is no distribution."""
    given = [scores for scores in predicted if scores is not None and len(scores) == len(position)]
    if len(given) < len(predicted):
        return None
    table = np.full((len(given), len(position)), np.nan)
    for row, scores in enumerate(given):
        for item in scores:
            if item.label not in position:
                return None
            table[row, position[item.label]] = item.score
    sums = table.sum(axis=1, keepdims=True)
    if not (table >= 0).all() or not (np.abs(sums - 1) <= _SUM_TOLERANCE).all():
        return None
    normalised: Floats = table / sums  # a float32 softmax sums to 1 within 1e-6 or so
    return normalised


def _worst(rows: Classified, scores: Floats, texts: Sequence[str]) -> tuple[WrongRow, ...]:
    wrong = np.flatnonzero(rows.expected != rows.predicted)
    surest = wrong[np.argsort(-scores[wrong], kind="stable")][:WORST_ROWS]  # NaN comes last
    return tuple(
        WrongRow(
            row=int(index) + 1,
            text=cut(texts[index]),
            expected=rows.labels[rows.expected[index]],
            predicted=rows.labels[rows.predicted[index]],
            score=None if np.isnan(scores[index]) else float(scores[index]),
        )
        for index in surest
    )
