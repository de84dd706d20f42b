"""Named metrics of rows that may have several labels, always over a whole split.

Those that depend on counts alone are written once, over arrays with any leading dimensions, so that the
estimate and its bootstrap interval cannot disagree. NaN stands for a metric that is not defined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from hfshell.evaluation.metrics import Counts, Floats, divide, label_f1
from hfshell.evaluation.resampling import Interval, chunks, finite, percentile_interval

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class SetCounts:
    """Rows per label, and over all of them.

    Attributes:
        labels: rows per label; arrays of shape (…, labels).
        exact: rows whose labels were all predicted, and no other; shape (…).
        rows: shape (…).
    """

    labels: Counts
    exact: Floats
    rows: Floats


@dataclass(frozen=True, eq=False)
class LabelSets:
    """Expected and predicted labels of n rows, as flags over a fixed list of labels.

    Attributes:
        labels: the list; it may hold labels that no row has.
        expected, predicted: shape (n, labels).
        scores: probabilities, shape (n, labels); None when a task does not score every label.
    """

    labels: tuple[str, ...]
    expected: Flags
    predicted: Flags
    scores: Floats | None = None

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.expected)

    @cached_property
    def counts(self) -> SetCounts:
        """Rows per label, and over all of them."""
        return self._count(np.ones((1, len(self))), self.expected, self.predicted)

    @cached_property
    def resampled(self) -> tuple[SetCounts, ...]:
        """The counts of rows drawn anew, some resamples at a time, which are the leading dimension.

        Rows that are expected and predicted alike are drawn together: drawing n rows with replacement is
        drawing how many there are of each kind from a multinomial.
        """
        generator = np.random.default_rng(0)
        both = np.hstack([self.expected, self.predicted])
        kinds, sizes = np.unique(both, axis=0, return_counts=True)
        expected, predicted = np.hsplit(kinds, 2)
        return tuple(
            self._count(drawn.astype(np.float64), expected, predicted)
            for resamples in chunks(len(kinds))
            for drawn in [generator.multinomial(len(self), sizes / len(self), size=resamples)]
        )

    @staticmethod
    def _count(weights: Floats, expected: Flags, predicted: Flags) -> SetCounts:
        """Count rows that stand for as many as their weights say, shape (resamples, rows)."""
        exact = (expected == predicted).all(axis=1)
        counts = Counts(*(weights @ flags for flags in (expected & predicted, expected, predicted)))
        return SetCounts(counts, weights @ exact, weights.sum(axis=-1))


@dataclass(frozen=True)
class SetMetric:
    """A metric, over counts or over rows with scores.

    Attributes:
        name: as a task names it.
        over_counts: gives the value from counts, shape (…).
        over_rows: gives the value from rows; NaN when it is not defined for them.
        higher_is_better: which way is better.
    """

    name: str
    over_counts: Callable[[SetCounts], Floats] | None = None
    over_rows: Callable[[LabelSets], float] | None = None
    higher_is_better: bool = True

    def measure(self, rows: LabelSets) -> float | None:
        """Return the metric of these rows, None when it is not defined for them."""
        if self.over_counts is not None:
            return finite(self.over_counts(rows.counts)[0])
        return finite(self.over_rows(rows)) if self.over_rows else None

    def interval(self, rows: LabelSets) -> Interval | None:
        """Return its 95 % bootstrap interval; None for a metric over scores, as for one label a row."""
        if self.over_counts is None or len(rows) < 2:
            return None
        return percentile_interval(np.concatenate([*map(self.over_counts, rows.resampled)]))


def _macro_f1(counts: SetCounts) -> Floats:
    """Mean F1 of the labels that are expected or predicted, as sklearn has it."""
    scores = label_f1(counts.labels)
    defined = ~np.isnan(scores)
    return divide(np.where(defined, scores, 0.0).sum(axis=-1), defined.sum(axis=-1), np.nan)


def _micro_f1(counts: SetCounts) -> Floats:
    labels = counts.labels
    flags = labels.expected.sum(axis=-1) + labels.predicted.sum(axis=-1)
    return divide(2 * labels.hits.sum(axis=-1), flags, np.nan)


def _subset_accuracy(counts: SetCounts) -> Floats:
    return counts.exact / counts.rows


def _hamming_loss(counts: SetCounts) -> Floats:
    """Share of wrong decisions among all, one a label and row."""
    labels = counts.labels
    wrong = (labels.expected + labels.predicted - 2 * labels.hits).sum(axis=-1)
    share: Floats = wrong / (counts.rows * labels.hits.shape[-1])
    return share


def _roc_auc(rows: LabelSets) -> float:
    """Mean area under the ROC curve over the labels that some rows have and others do not."""
    if rows.scores is None:
        return np.nan
    from sklearn.metrics import roc_auc_score

    told_apart = np.flatnonzero(rows.expected.any(axis=0) & ~rows.expected.all(axis=0))
    areas = [roc_auc_score(rows.expected[:, label], rows.scores[:, label]) for label in told_apart]
    return float(np.mean(areas)) if areas else np.nan


SET_METRICS: Mapping[str, SetMetric] = MappingProxyType(
    {
        metric.name: metric
        for metric in (
            SetMetric("macro_f1", over_counts=_macro_f1),
            SetMetric("micro_f1", over_counts=_micro_f1),
            SetMetric("subset_accuracy", over_counts=_subset_accuracy),
            SetMetric("hamming_loss", over_counts=_hamming_loss, higher_is_better=False),
            SetMetric("roc_auc", over_rows=_roc_auc),
        )
    }
)
"""Every metric of several labels by name."""
