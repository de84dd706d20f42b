"""`MetricSpec`: a number that says how good predictions are."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.specs.version import API_VERSION


@dataclass(frozen=True)
class MetricSpec:
    """A number that says how good predictions are.

    Example: a function of scikit-learn is a metric as it stands::

        MetricSpec(
            name="mean_absolute_error",
            summary="How far predictions are off, on average",
            target="sklearn.metrics:mean_absolute_error",
            higher_is_better=False,
            minimum=0,
            api=1,
        )

    Attributes:
        name: as `TaskSpec.metrics` and `expect ev.NAME` have it.
        summary: one line for the documentation.
        target: `package.module:function`, called with (expected, predicted), two lists of equal length: what
            the rows say, and what the task's `answer` makes of each prediction. It returns a number, or None
            where the metric is not defined. Or a `CountedMetric`, which is faster and grades rows.
        higher_is_better: which way is better, when the best epoch is chosen.
        minimum, maximum: its range, where it has one; a value outside is a fault of the metric.
        interval: whether a 95 % interval is found by drawing rows anew (bootstrap); False for a metric that
            is slow, or that means nothing on part of the rows.
        api: the version of the contract it was written for.
    """

    name: str
    summary: str
    target: str
    higher_is_better: bool = True
    minimum: float | None = None
    maximum: float | None = None
    interval: bool = True
    api: int = API_VERSION
