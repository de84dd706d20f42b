"""Rows that may have several labels, or none: what was expected beside what was answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from hfshell.api import Guard, LabelScore, Metric
from hfshell.api.results import WrongRow
from hfshell.errors import Refused
from hfshell.evaluation.classification import check_counts, check_finite, is_scored, per_label
from hfshell.evaluation.guards import absent_labels, no_better_than_guessing
from hfshell.evaluation.multilabel_metrics import SET_METRICS, Flags, LabelSets
from hfshell.evaluation.report import WORST_ROWS, Judged, Report, cut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hfshell.evaluation.metrics import Floats

NO_LABEL = "no label"


@dataclass(frozen=True, eq=False)
class SeveralLabels:
    """Rows that may have several labels, expected and answered. See `several_labels`.

    Attributes:
        rows: labels as flags, and scores where there are any.
        texts: the text of each row.
    """

    rows: LabelSets
    texts: Sequence[str]

    kind: ClassVar[str] = "rows of several labels"
    known: ClassVar[tuple[str, ...]] = tuple(SET_METRICS)

    @property
    def expected_values(self) -> list[tuple[str, ...]]:
        """The labels of each row, in the order of the fixed list."""
        return [self._names(flags) for flags in self.rows.expected]

    @property
    def answers(self) -> list[tuple[str, ...]]:
        """The labels that were answered, in the order of the fixed list."""
        return [self._names(flags) for flags in self.rows.predicted]

    @cached_property
    def guess(self) -> tuple[str, ...]:
        """The most frequent set of labels, which may be none."""
        return Counter(self.expected_values).most_common(1)[0][0]

    def metric(self, name: str, *, intervals: bool) -> Metric:
        """Measure one of the known metrics."""
        definition = SET_METRICS[name]
        low, high = (definition.interval(self.rows) if intervals else None) or (None, None)
        return Metric(name, definition.measure(self.rows), low, high, definition.higher_is_better)

    def baseline(self, name: str) -> float | None:
        """Measure a known metric on the guess; None when that says nothing."""
        guessed = np.isin(np.array(self.rows.labels), self.guess)
        predicted = np.broadcast_to(guessed, self.rows.expected.shape)
        return SET_METRICS[name].measure(replace(self.rows, predicted=predicted, scores=None))

    def report(
        self,
        metrics: tuple[Metric, ...],
        baseline: float | None,
        judged: Judged | None = None,  # noqa: ARG002 - labels and scores say more
    ) -> Report:
        """Add each label's numbers, and the wrong rows that the model was surest of."""
        rows = self.rows
        return Report(
            n=len(rows),
            metrics=metrics,
            baseline=baseline,
            labels=rows.labels,
            per_label=per_label(rows.labels, _one(rows.counts.labels)),
            wrong=int((rows.expected != rows.predicted).any(axis=1).sum()),
            worst=self._worst(),
            guards=tuple(self._suspicions(metrics[0] if metrics else None, baseline)),
        )

    def _names(self, flags: Flags) -> tuple[str, ...]:
        return tuple(self.rows.labels[index] for index in np.flatnonzero(flags))

    def _worst(self) -> tuple[WrongRow, ...]:
        """Wrong rows, those first where the model was surest of a label that it got wrong."""
        mistaken = self.rows.expected != self.rows.predicted
        wrong = np.flatnonzero(mistaken.any(axis=1))
        scores = self.rows.scores
        if scores is not None:
            sure = np.where(mistaken, np.maximum(scores, 1 - scores), 0.0).max(axis=1)
            wrong = wrong[np.argsort(-sure[wrong], kind="stable")]
        return tuple(
            WrongRow(
                row=int(index) + 1,
                text=cut(self.texts[index]),
                expected=_said(self._names(self.rows.expected[index])),
                predicted=_said(self._names(self.rows.predicted[index])),
                score=None if scores is None else float(sure[index]),
            )
            for index in wrong[:WORST_ROWS]
        )

    def _suspicions(self, headline: Metric | None, baseline: float | None) -> Iterator[Guard]:
        found = (
            self._same_for_all(),
            no_better_than_guessing(headline, baseline, _said(self.guess), len(self.rows)),
            absent_labels(self.rows.labels, _one(self.rows.counts.labels).expected),
        )
        yield from (guard for guard in found if guard is not None)

    def _same_for_all(self) -> Guard | None:
        """Find a model that answers the same to every row, as one does that was hardly trained."""
        if len(set(self.answers)) > 1 or len(set(self.expected_values)) < 2:
            return None
        n = len(self.rows)
        return Guard(
            "single-label",
            "warn",
            f"all {n:,} rows were predicted {_said(self.answers[0])}",
            hint="train longer or with another --learning-rate, and look at the counts of labels in the data",
            count=n,
        )


def several_labels(
    expected: Sequence[Collection[str]],
    predicted: Sequence[Any],
    labels: Sequence[str],
    texts: Sequence[str],
    answers: Sequence[Collection[str]],
) -> SeveralLabels:
    """Make rows fit to be measured of expected labels and predictions.

    Args:
        expected: the labels of each row, named as the model names them.
        predicted: predictions; `roc_auc` needs a score for every label in each.
        labels: the fixed list of labels; all that is expected or answered must be among them.
        texts: the text of each row.
        answers: the labels that each prediction comes to.

    Raises:
        Refused: predictions, labels and texts do not match in number (`count`), a label is not in the list
            (`labels`), or a score is not finite (`non-finite`).
        DataError: there are no rows.
    """
    check_counts(expected, answers, texts)
    position = {label: index for index, label in enumerate(labels)}
    scored = all(map(is_scored, predicted))
    if scored:
        check_finite(predicted)
    rows = LabelSets(
        labels=tuple(labels),
        expected=_flags(expected, position, "is expected"),
        predicted=_flags(answers, position, "was predicted"),
        scores=_scores(predicted, position) if scored else None,
    )
    return SeveralLabels(rows, texts)


def _flags(sets: Sequence[Collection[str]], position: dict[str, int], how: str) -> Flags:
    flags = np.zeros((len(sets), len(position)), dtype=np.bool_)
    for row, names in enumerate(sets):
        for name in names:
            if name not in position:
                known = ", ".join(position)
                raise Refused(
                    "labels", f"the label {name} {how} on row {row + 1} and is not among {{{known}}}"
                )
            flags[row, position[name]] = True
    return flags


def _scores(predicted: Sequence[Sequence[LabelScore]], position: dict[str, int]) -> Floats | None:
    """Return scores in label order, None when a row lacks a label."""
    table = np.full((len(predicted), len(position)), np.nan)
    for row, scores in enumerate(predicted):
        for item in scores:
            if item.label in position:
                table[row, position[item.label]] = item.score
    return None if np.isnan(table).any() else table


def _one(counts: Any) -> Any:
    """Return counts without their leading dimension of one."""
    return type(counts)(counts.hits[0], counts.expected[0], counts.predicted[0])


def _said(labels: Sequence[str]) -> str:
    return cut(", ".join(labels)) if labels else NO_LABEL
