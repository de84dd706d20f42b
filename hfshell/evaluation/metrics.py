"""Named metrics of single-label classification, always over a whole split and never averaged over batches.

Metrics that depend on counts alone are written once, over arrays with any leading dimensions, so that the
estimate and its bootstrap interval cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
CALIBRATION_BINS = 10


@dataclass(frozen=True)
class Counts:
    """Rows per label; each array has shape (…, labels).

    Attributes:
        hits: predicted rightly.
        expected: that have the label.
        predicted: that were given the label.
    """

    hits: Floats
    expected: Floats
    predicted: Floats


@dataclass(frozen=True, eq=False)
class Classified:
    """Expected and predicted labels of n rows, as indexes into a fixed list of labels.

    Attributes:
        labels: the list; it may hold labels that no row has.
        expected, predicted: shape (n,).
        probabilities: shape (n, labels), rows sum to 1; None when a task gives none.
    """

    labels: tuple[str, ...]
    expected: NDArray[np.intp]
    predicted: NDArray[np.intp]
    probabilities: Floats | None = None

    @cached_property
    def confusion(self) -> NDArray[np.int64]:
        """Rows by expected label (first axis) and predicted label (second axis)."""
        size = len(self.labels)
        cells = np.bincount(self.expected * size + self.predicted, minlength=size * size)
        return cells.reshape(size, size).astype(np.int64)

    @cached_property
    def counts(self) -> Counts:
        """Rows per label."""
        table = self.confusion.astype(np.float64)
        return Counts(np.diagonal(table), table.sum(axis=1), table.sum(axis=0))


@dataclass(frozen=True)
class MetricDefinition:
    """A metric, over counts or over rows with probabilities.

    Attributes:
        name: as a task names it.
        over_counts: gives the value from counts, shape (…).
        over_rows: gives the value from rows; None when it is not defined for them.
        interval: how its 95 % interval is found; None for no interval.
        guessable: whether guessing the majority label gives a number worth comparing with.
        higher_is_better: the direction of that comparison.
    """

    name: str
    over_counts: Callable[[Counts], Floats] | None = None
    over_rows: Callable[[Classified], float | None] | None = None
    interval: Literal["wilson", "bootstrap"] | None = None
    guessable: bool = True
    higher_is_better: bool = True

    def measure(self, rows: Classified) -> float | None:
        """Return the metric of these rows, None when it is not defined for them."""
        if self.over_counts is not None:
            return float(self.over_counts(rows.counts))
        return self.over_rows(rows) if self.over_rows else None


def divide(numerator: Floats, denominator: Floats, otherwise: float) -> Floats:
    """Divide elementwise; where the denominator is 0 the quotient is `otherwise`."""
    quotient: Floats = np.full(np.broadcast_shapes(numerator.shape, denominator.shape), otherwise)
    np.divide(numerator, denominator, out=quotient, where=denominator != 0)
    return quotient


def label_f1(counts: Counts) -> Floats:
    """Return F1 per label, NaN for a label that is neither expected nor predicted."""
    return divide(2 * counts.hits, counts.expected + counts.predicted, np.nan)


def label_recall(counts: Counts) -> Floats:
    """Return recall per label, NaN for a label that no row has."""
    return divide(counts.hits, counts.expected, np.nan)


def label_precision(counts: Counts) -> Floats:
    """Return precision per label, NaN for a label that was never predicted."""
    return divide(counts.hits, counts.predicted, np.nan)


def _accuracy(counts: Counts) -> Floats:
    return divide(counts.hits.sum(axis=-1), counts.expected.sum(axis=-1), 0.0)


def _macro_f1(counts: Counts) -> Floats:
    """Mean F1 of the labels that are expected or predicted, as sklearn and torchmetrics have it.

    A label that is expected and never predicted counts 0; so does one that is predicted and never expected.
    """
    return _mean_of_defined(label_f1(counts))


def _balanced_accuracy(counts: Counts) -> Floats:
    """Mean recall of the labels that rows have."""
    return _mean_of_defined(label_recall(counts))


def _matthews(counts: Counts) -> Floats:
    """Matthews correlation for many labels (Gorodkin 2004, R_K); 0 when either side has one label only."""
    total = counts.expected.sum(axis=-1)
    covariance = counts.hits.sum(axis=-1) * total - (counts.expected * counts.predicted).sum(axis=-1)
    expected_variance = total**2 - (counts.expected**2).sum(axis=-1)
    predicted_variance = total**2 - (counts.predicted**2).sum(axis=-1)
    return divide(covariance, np.sqrt(expected_variance * predicted_variance), 0.0)


def _mean_of_defined(values: Floats) -> Floats:
    defined = ~np.isnan(values)
    return divide(np.where(defined, values, 0.0).sum(axis=-1), defined.sum(axis=-1), 0.0)


def _roc_auc(rows: Classified) -> float | None:
    """Area under the ROC curve, one label against the rest, mean over the labels that rows have.

    With two labels either of them may be called positive: the area is the same. None without probabilities,
    or when all rows have one label.
    """
    present = np.unique(rows.expected)
    if rows.probabilities is None or len(present) < 2:
        return None
    from sklearn.metrics import roc_auc_score

    areas = [roc_auc_score(rows.expected == label, rows.probabilities[:, label]) for label in present]
    return float(np.mean(areas))


def _log_loss(rows: Classified) -> float | None:
    """Mean negative log probability of the expected label, in nats; None without probabilities."""
    if rows.probabilities is None:
        return None
    of_expected = rows.probabilities[np.arange(len(rows.expected)), rows.expected]
    smallest = np.finfo(np.float64).eps  # as sklearn clips, so that one sure mistake is not infinite
    return float(-np.log(np.clip(of_expected, smallest, 1.0)).mean())


def _calibration_error(rows: Classified) -> float | None:
    """Expected calibration error of the predicted label over 10 bins of equal width (Guo et al. 2017).

    The mean, weighted by rows, of |accuracy - confidence| per bin; a bin holds its upper edge. None without
    probabilities.
    """
    if rows.probabilities is None:
        return None
    confidence = rows.probabilities[np.arange(len(rows.predicted)), rows.predicted]
    inner_edges = np.linspace(0, 1, CALIBRATION_BINS + 1)[1:-1]
    bins = np.digitize(confidence, inner_edges, right=True)
    surplus = (rows.predicted == rows.expected) - confidence
    gaps = np.bincount(bins, weights=surplus, minlength=CALIBRATION_BINS)
    return float(np.abs(gaps).sum() / len(confidence))


METRICS: Mapping[str, MetricDefinition] = MappingProxyType(
    {
        definition.name: definition
        for definition in (
            MetricDefinition("accuracy", over_counts=_accuracy, interval="wilson"),
            # Where each row has one label, a wrong row is one false positive and one false negative.
            MetricDefinition("micro_f1", over_counts=_accuracy, interval="wilson"),
            MetricDefinition("macro_f1", over_counts=_macro_f1, interval="bootstrap"),
            MetricDefinition("mcc", over_counts=_matthews, interval="bootstrap"),
            MetricDefinition("balanced_accuracy", over_counts=_balanced_accuracy, interval="bootstrap"),
            MetricDefinition("roc_auc", over_rows=_roc_auc),
            MetricDefinition("log_loss", over_rows=_log_loss, higher_is_better=False),
            MetricDefinition("ece", over_rows=_calibration_error, guessable=False, higher_is_better=False),
        )
    }
)
"""Every metric by name."""
