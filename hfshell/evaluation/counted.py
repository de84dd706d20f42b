"""Metrics of plugins that are made of counts: fast to resample, and they grade single rows."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hfshell.api.results import LabelReport
from hfshell.errors import PluginError
from hfshell.evaluation.custom import CustomMetric, FunctionMetric
from hfshell.evaluation.intervals import wilson
from hfshell.evaluation.report import Judged, Measured
from hfshell.evaluation.resampling import Interval, drawn_counts, percentile_interval

if TYPE_CHECKING:
    from hfshell.api.counted import CountedMetric
    from hfshell.api.specs import MetricSpec
    from hfshell.evaluation.metrics import Floats


def custom_metric(
    spec: MetricSpec,
    target: Any,
    who: str,
    run: Callable[[Callable[[], Any]], Any],
    between: Callable[[], None],
) -> CustomMetric:
    """Make a metric of what a declaration names, see `CustomMetric`.

    Raises:
        PluginError: it names something that cannot measure.
    """
    if _is_counted(target):
        return CountsMetric(spec, target, who, run, between)
    if isinstance(target, type) or not callable(target):
        raise PluginError(
            f"{who}: {spec.target} cannot measure",
            hint="a function of two lists is wanted, or a class with `counts` and `value`",
        )
    return FunctionMetric(spec, target, who, run, between)


@dataclass(frozen=True)
class CountsMetric(CustomMetric):
    """A metric whose target is a `CountedMetric`, or a class of them."""

    def measured(self, expected: list[Any], answers: list[Any], *, intervals: bool) -> Measured:
        """Measure answers; the closer look grades each of them."""
        counted = self._suited(expected, answers)
        counts = self._table(self.run(lambda: self._counts(counted, expected, answers)))
        totals = counts.sum(axis=0).tolist()
        value = self.checked(self.run(lambda: counted.value(totals)))
        interval = None
        if value is not None and self.wants_interval(len(expected), intervals=intervals):
            interval = _of_share(counts, value) or self.run(lambda: self._interval(counted, counts))
        metric = self.metric(value, interval, self._signature(counted))
        return Measured(metric, lambda: self._judged(counted, counts, expected, answers))

    def _suited(self, expected: list[Any], answers: list[Any]) -> CountedMetric:
        """Make the metric for these rows.

        Raises:
            PluginError: what `for_rows` gave is none.
        """

        def made() -> Any:
            metric = self.target() if isinstance(self.target, type) else self.target
            suited = getattr(metric, "for_rows", None)
            return suited(list(expected), list(answers)) if callable(suited) else metric

        metric = self.run(made)
        if not _is_counted(metric):
            given = type(metric).__name__
            raise PluginError(f"{self.who}: for_rows gave {given}: `counts` and `value` are wanted")
        found: CountedMetric = metric
        return found

    def _counts(
        self, counted: CountedMetric, expected: list[Any], answers: list[Any]
    ) -> list[Sequence[float]]:
        found = []
        for one, other in zip(expected, answers, strict=True):
            self.between()
            found.append(counted.counts(one, other))
        return found

    def _table(self, counts: list[Sequence[float]]) -> Floats:
        """Return counts as an array, shape (rows, counts of each).

        Raises:
            PluginError: rows gave no finite numbers, or not as many each.
        """
        try:
            table = np.array([list(row) for row in counts], dtype=np.float64)
        except (TypeError, ValueError):
            table = np.full(1, math.nan)
        if table.ndim != 2 or not table.shape[1] or not np.isfinite(table).all():
            raise PluginError(
                f"{self.who} gave counts that cannot be summed",
                hint="`counts` returns as many finite numbers for each row",
            )
        return table

    def _interval(self, counted: CountedMetric, counts: Floats) -> Interval | None:
        values: list[float] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of draws that lack a label: there is no number for them
            for drawn in drawn_counts(len(counts)):
                for totals in (drawn @ counts).tolist():
                    self.between()
                    values.append(self._in_part(counted, totals))
        return percentile_interval(np.array(values))

    def _judged(
        self, counted: CountedMetric, counts: Floats, expected: list[Any], answers: list[Any]
    ) -> Judged:
        grades = self.run(lambda: [self._in_part(counted, row) for row in counts.tolist()])
        return Judged(
            grades=tuple(None if math.isnan(grade) else grade for grade in grades),
            per_label=self._per_label(counted, expected, answers),
            best=self.spec.maximum if self.spec.higher_is_better else self.spec.minimum,
            higher_is_better=self.spec.higher_is_better,
        )

    def _in_part(self, counted: CountedMetric, totals: list[float]) -> float:
        return self.in_part(lambda: counted.value(totals))

    def _per_label(
        self, counted: CountedMetric, expected: list[Any], answers: list[Any]
    ) -> tuple[LabelReport, ...]:
        function = getattr(counted, "per_label", None)
        if not callable(function):
            return ()
        reports = self.run(lambda: tuple(function(list(expected), list(answers))))
        if not all(isinstance(report, LabelReport) for report in reports):
            raise PluginError(f"{self.who}: per_label gave something else than `LabelReport`s")
        found: tuple[LabelReport, ...] = reports
        return found

    def _signature(self, counted: CountedMetric) -> str:
        signature = self.run(lambda: getattr(counted, "signature", ""))
        if not isinstance(signature, str):
            raise PluginError(f"{self.who}: signature is {type(signature).__name__}: a text is wanted")
        return signature


def _of_share(counts: Floats, value: float) -> Interval | None:
    """Return the interval of a mean of zeros and ones: resampling would promise too much near either."""
    hits, rows = counts[:, 0], counts[:, 1:]
    if rows.shape[1] != 1 or not (rows == 1).all() or not np.isin(hits, (0.0, 1.0)).all():
        return None
    return wilson(int(hits.sum()), len(hits)) if value == hits.mean() else None


def _is_counted(target: Any) -> bool:
    return all(callable(getattr(target, name, None)) for name in ("counts", "value"))
