"""What makes a measurement suspect, said in one line each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from hfshell.api import Guard, Metric
from hfshell.evaluation.labels import label_map_text
from hfshell.render.metric_names import metric_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hfshell.evaluation.metrics import Classified, Floats

ALARMING_GAIN = 0.20
"""Accuracy that renaming labels must win before anybody is alarmed."""

LUCK = 0.01
"""The alarm is false at most this often."""

_SHOWN = 5


def suspicions(rows: Classified, headline: Metric | None, baseline: float | None) -> Iterator[Guard]:
    """Yield what speaks against taking these numbers at face value, the gravest first.

    Args:
        rows: what was measured.
        headline: the metric that stands first, with its interval when it has one.
        baseline: what the majority guess scores on it.
    """
    found = (
        _swapped_labels(rows),
        _single_label(rows),
        no_better_than_guessing(headline, baseline, _majority(rows), len(rows.expected)),
        absent_labels(rows.labels, rows.counts.expected),
    )
    yield from (guard for guard in found if guard is not None)


def _swapped_labels(rows: Classified) -> Guard | None:
    """Find the renaming of labels that explains the rows best (an assignment problem, solved exactly).

    It speaks when accuracy is below the majority guess, the renaming wins 20 points, and that is no luck.
    """
    from scipy.optimize import linear_sum_assignment

    n = len(rows.expected)
    majority = rows.counts.expected.max() / n
    accuracy = rows.counts.hits.sum() / n
    if accuracy >= majority:
        return None
    expected, predicted = linear_sum_assignment(rows.confusion, maximize=True)
    renamed_hits = int(rows.confusion[expected, predicted].sum())
    if renamed_hits / n - accuracy < ALARMING_GAIN or _may_be_luck(renamed_hits, rows):
        return None
    moved = [
        (rows.labels[one], rows.labels[other])
        for one, other in zip(expected, predicted, strict=True)
        if one != other and rows.confusion[one, other]
    ]
    swaps = _listed([f"{one} with {other}" for one, other in moved])
    return Guard(
        "label-order",
        "warn",
        f"accuracy {accuracy:.3f} is below the majority guess {majority:.3f}, and would be "
        f"{renamed_hits / n:.3f} if labels were swapped: {swaps}",
        hint=f"if the model's labels are in the wrong order: --label-map {label_map_text(moved)}",
        count=renamed_hits,
    )


def _may_be_luck(renamed_hits: int, rows: Classified) -> bool:
    """Whether predictions that know nothing could fit this well under the best of all renamings.

    Under one renaming they hit a row with the majority's share at most; the chance for any of k! renamings is
    below k! times that (union bound). In logarithms, for k! is beyond floats.
    """
    from scipy.special import gammaln
    from scipy.stats import binom

    n = len(rows.expected)
    of_one = binom.logsf(renamed_hits - 1, n, rows.counts.expected.max() / n)
    return bool(of_one + gammaln(len(rows.labels) + 1) > math.log(LUCK))


def _single_label(rows: Classified) -> Guard | None:
    if len(np.unique(rows.predicted)) > 1 or len(np.unique(rows.expected)) < 2:
        return None
    n = len(rows.expected)
    return Guard(
        "single-label",
        "warn",
        f"all {n:,} rows were predicted {rows.labels[rows.predicted[0]]}",
        hint="train longer or with another --learning-rate, and look at the counts of labels in the data",
        count=n,
    )


def no_better_than_guessing(
    headline: Metric | None, baseline: float | None, guess: str, n: int
) -> Guard | None:
    """Find a headline that does not surely beat the baseline.

    Args:
        headline: the metric that stands first, with its interval when it has one.
        baseline: what the guess scores on it; None when that says nothing.
        guess: what was guessed, in words.
        n: rows measured.
    """
    if headline is None or headline.value is None or baseline is None:
        return None
    sign = 1 if headline.higher_is_better else -1
    ends = [end for end in (headline.low, headline.high, headline.value) if end is not None]
    if min(sign * end for end in ends) > sign * baseline:
        return None
    in_doubt = sign * headline.value > sign * baseline
    interval = "" if headline.low is None else f" ({headline.low:.3f} to {headline.high:.3f})"
    return Guard(
        "baseline",
        "warn",
        f"{metric_name(headline.name)} {headline.value:.3f}{interval} "
        f"is {'not surely' if in_doubt else 'not'} better than the {baseline:.3f} of always guessing {guess}",
        hint=f"{n:,} rows are too few to tell" if in_doubt else None,
    )


def absent_labels(labels: Sequence[str], expected: Floats) -> Guard | None:
    """Find labels that no row has, from the count of rows of each."""
    absent = [label for label, rows_of in zip(labels, expected, strict=True) if not rows_of]
    if not absent:
        return None
    return Guard(
        "absent-labels",
        "warn",
        f"{len(absent)} of {len(labels)} labels are on none of these rows: {_listed(absent)}",
        hint="means over labels leave them out, except where they were predicted",
        count=len(absent),
    )


def _majority(rows: Classified) -> str:
    return rows.labels[int(rows.counts.expected.argmax())]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
