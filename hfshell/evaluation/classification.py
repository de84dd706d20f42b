"""The report of single-label classification: what was expected beside what was predicted, row by row."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hfshell.api import Guard, LabelScore, Metric
from hfshell.api.results import LabelReport, WrongRow
from hfshell.errors import DataError, Refused
from hfshell.evaluation.baseline import baseline_value
from hfshell.evaluation.guards import suspicions
from hfshell.evaluation.intervals import interval_of
from hfshell.evaluation.metrics import (
    Classified,
    Floats,
    MetricDefinition,
    find_metric,
    label_f1,
    label_precision,
    label_recall,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

WORST_ROWS = 20
TEXT_SHOWN = 200
_SUM_TOLERANCE = 1e-3


@dataclass(frozen=True)
class ClassificationReport:
    """A model measured on rows.

    Attributes:
        n: rows measured.
        metrics: in the order asked for, the headline first.
        baseline: what guessing the majority label would score on the headline; None when that says nothing.
        labels: the fixed list that everything below follows.
        per_label: precision, recall and F1 of each label.
        confusion: rows expected, columns predicted.
        wrong: count of wrong rows.
        worst: wrong rows that the model was surest of, at most 20; texts are cut at 200 characters.
        guards: what speaks against taking the numbers at face value.
    """

    n: int
    metrics: tuple[Metric, ...]
    baseline: float | None
    labels: tuple[str, ...]
    per_label: tuple[LabelReport, ...]
    confusion: tuple[tuple[int, ...], ...]
    wrong: int
    worst: tuple[WrongRow, ...]
    guards: tuple[Guard, ...]


def report(
    expected: Sequence[str],
    predicted: Sequence[Sequence[LabelScore]],
    labels: Sequence[str],
    metric_names: Sequence[str],
    texts: Sequence[str],
    *,
    intervals: bool = True,
) -> ClassificationReport:
    """Measure predictions against what was expected.

    A row's prediction is its label of the highest score. Metrics that need probabilities (`roc_auc`,
    `log_loss`, `ece`) are None unless every row has a score for every label and they sum to 1.

    Args:
        expected: the label of each row, named as the model names it.
        predicted: scored labels of each row.
        labels: the fixed list of labels; all that is expected or predicted must be among them.
        metric_names: what to measure, the headline first.
        texts: the text of each row.
        intervals: whether metrics have their 95 % intervals.

    Raises:
        Refused: predictions, labels and texts do not match in number (`count`), a label is not in the list
            (`labels`), or a score is not finite (`non-finite`).
        DataError: there are no rows.
        UsageError: there is no metric of that name.
    """
    definitions = [find_metric(name) for name in metric_names]
    _check_counts(expected, predicted, texts)
    rows, scores = _classified(expected, predicted, tuple(labels))
    metrics = tuple(_metric(definition, rows, intervals=intervals) for definition in definitions)
    baseline = baseline_value(definitions[0], rows) if definitions else None
    headline = metrics[0] if metrics else None
    return ClassificationReport(
        n=len(expected),
        metrics=metrics,
        baseline=baseline,
        labels=rows.labels,
        per_label=_per_label(rows),
        confusion=tuple(tuple(row) for row in rows.confusion.tolist()),
        wrong=int((rows.expected != rows.predicted).sum()),
        worst=_worst(rows, scores, texts),
        guards=tuple(suspicions(rows, headline, baseline)),
    )


def _check_counts(
    expected: Sequence[str], predicted: Sequence[Sequence[LabelScore]], texts: Sequence[str]
) -> None:
    if not len(expected) == len(predicted) == len(texts):
        raise Refused(
            "count", f"{len(predicted):,} predictions for {len(expected):,} labels and {len(texts):,} texts"
        )
    if not expected:
        raise DataError("there are no rows to measure on", hint="choose a split that has rows")
    empty = next((number for number, scores in enumerate(predicted, 1) if not scores), None)
    if empty is not None:
        raise Refused("count", f"row {empty} has no prediction")


def _classified(
    expected: Sequence[str], predicted: Sequence[Sequence[LabelScore]], labels: tuple[str, ...]
) -> tuple[Classified, Floats]:
    """Return the rows as indexes, and the score of each row's predicted label, shape (n,)."""
    _check_finite(predicted)
    best = [max(scores, key=lambda item: item.score) for scores in predicted]
    position = {label: index for index, label in enumerate(labels)}
    rows = Classified(
        labels=labels,
        expected=_indexes(expected, position, "is expected"),
        predicted=_indexes([item.label for item in best], position, "was predicted"),
        probabilities=_probabilities(predicted, position),
    )
    return rows, np.array([item.score for item in best], dtype=np.float64)


def _check_finite(predicted: Sequence[Sequence[LabelScore]]) -> None:
    bad = [
        number
        for number, scores in enumerate(predicted, 1)
        if not all(math.isfinite(item.score) for item in scores)
    ]
    if bad:
        raise Refused(
            "non-finite",
            f"scores are not finite on {len(bad):,} of {len(predicted):,} rows, row {bad[0]} the first",
            hint="the model's weights are broken, or overflow in this precision: train it anew",
        )


def _indexes(names: Sequence[str], position: dict[str, int], how: str) -> NDArray[np.intp]:
    try:
        return np.array([position[name] for name in names], dtype=np.intp)
    except KeyError as error:
        unknown = error.args[0]
        row = list(names).index(unknown) + 1
        raise Refused(
            "labels", f"the label {unknown} {how} on row {row} and is not among {{{', '.join(position)}}}"
        ) from None


def _probabilities(predicted: Sequence[Sequence[LabelScore]], position: dict[str, int]) -> Floats | None:
    """Return probabilities in label order, None when a row lacks a label or is no distribution."""
    if any(len(scores) != len(position) for scores in predicted):
        return None
    table = np.full((len(predicted), len(position)), np.nan)
    for row, scores in enumerate(predicted):
        for item in scores:
            if item.label not in position:
                return None
            table[row, position[item.label]] = item.score
    sums = table.sum(axis=1, keepdims=True)
    if not (table >= 0).all() or not (np.abs(sums - 1) <= _SUM_TOLERANCE).all():
        return None
    normalised: Floats = table / sums  # a float32 softmax sums to 1 within 1e-6 or so
    return normalised


def _metric(definition: MetricDefinition, rows: Classified, *, intervals: bool) -> Metric:
    low, high = (interval_of(definition, rows) if intervals else None) or (None, None)
    return Metric(definition.name, definition.measure(rows), low, high, definition.higher_is_better)


def _per_label(rows: Classified) -> tuple[LabelReport, ...]:
    precision, recall, f1 = (
        [None if math.isnan(value) else value for value in measure(rows.counts).tolist()]
        for measure in (label_precision, label_recall, label_f1)
    )
    support = rows.counts.expected.astype(int).tolist()
    return tuple(map(LabelReport, rows.labels, precision, recall, f1, support))


def _worst(rows: Classified, scores: Floats, texts: Sequence[str]) -> tuple[WrongRow, ...]:
    wrong = np.flatnonzero(rows.expected != rows.predicted)
    surest = wrong[np.argsort(-scores[wrong], kind="stable")][:WORST_ROWS]
    return tuple(
        WrongRow(
            row=int(index) + 1,
            text=_cut(texts[index]),
            expected=rows.labels[rows.expected[index]],
            predicted=rows.labels[rows.predicted[index]],
            score=float(scores[index]),
        )
        for index in surest
    )


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_SHOWN else text[: TEXT_SHOWN - 1] + "…"
