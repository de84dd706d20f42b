"""Metrics of plugins: functions from what was expected and what was answered to a number, not trusted."""

from __future__ import annotations

import math
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from hfshell.api import Metric
from hfshell.errors import HfshellError, PluginError
from hfshell.evaluation.report import Measured
from hfshell.evaluation.resampling import Interval, drawn_rows, percentile_interval

if TYPE_CHECKING:
    from hfshell.api.specs import MetricSpec


@dataclass(frozen=True)
class CustomMetric(ABC):
    """A metric of a plugin.

    Attributes:
        spec: its declaration.
        target: what measures.
        who: the metric and the plugin that gives it, for errors.
        run: calls code of the plugin, and turns whatever it raises into a `PluginError`.
        between: called between resamples and rows; raises when the user asked to stop.
    """

    spec: MetricSpec
    target: Any
    who: str
    run: Callable[[Callable[[], Any]], Any]
    between: Callable[[], None]

    @abstractmethod
    def measured(self, expected: list[Any], answers: list[Any], *, intervals: bool) -> Measured:
        """Measure answers, and say how a closer look at them is taken.

        Args:
            expected: what the rows say.
            answers: what was answered, as many.
            intervals: whether there is to be a 95 % interval, if the metric may have one.

        Raises:
            PluginError: the plugin's code raised, or gave no number in the metric's range.
            Interrupted: the user asked to stop.
        """

    def measure(self, expected: list[Any], answers: list[Any], *, intervals: bool) -> Metric:
        """Measure answers, see `measured`."""
        return self.measured(expected, answers, intervals=intervals).metric

    def attempt(self, expected: list[Any], answers: list[Any]) -> float | None:
        """Measure answers that the metric may have no number for, such as guesses; None when it has none."""
        try:
            return self.measure(expected, answers, intervals=False).value
        except PluginError:
            return None

    def metric(self, value: float | None, interval: Interval | None, signature: str = "") -> Metric:
        """Return a measured number as results have it."""
        low, high = interval or (None, None)
        return Metric(self.spec.name, value, low, high, self.spec.higher_is_better, signature)

    def wants_interval(self, rows: int, *, intervals: bool) -> bool:
        """Whether an interval is wanted, and means something for so many rows."""
        return intervals and self.spec.interval and rows > 1

    def in_part(self, work: Callable[[], Any]) -> float:
        """Measure part of the rows, or some of them twice.

        Returns:
            NaN when the metric has no number for them, and it need not say why.
        """
        try:
            value = self.checked(work())
        except HfshellError:
            return math.nan
        except Exception:  # noqa: BLE001 - a stranger's code may raise anything; on all rows it did not
            return math.nan
        return math.nan if value is None else value

    def checked(self, value: Any) -> float | None:
        """Return what the plugin gave as a number.

        Raises:
            PluginError: it is none, or outside the range that the declaration names.
        """
        if value is None:
            return None
        if isinstance(value, (bool, np.bool_)) or not isinstance(value, Real):
            raise PluginError(f"{self.who} gave {type(value).__name__}: a number or None is wanted")
        number = float(value)
        if not math.isfinite(number):
            raise PluginError(f"{self.who} gave {number}: where it is not defined, None is wanted")
        low, high = self.spec.minimum, self.spec.maximum
        if (low is not None and number < low) or (high is not None and number > high):
            span = f"{'-∞' if low is None else f'{low:g}'} to {'∞' if high is None else f'{high:g}'}"
            raise PluginError(f"{self.who} gave {number:g}: its declaration says {span}")
        return number


@dataclass(frozen=True)
class FunctionMetric(CustomMetric):
    """A metric whose target is a function of two lists."""

    def measured(self, expected: list[Any], answers: list[Any], *, intervals: bool) -> Measured:
        """Measure answers; there is no closer look."""
        value = self.checked(self.run(lambda: self.target(list(expected), list(answers))))
        interval = None
        if value is not None and self.wants_interval(len(expected), intervals=intervals):
            interval = self.run(lambda: self._interval(expected, answers))
        return Measured(self.metric(value, interval))

    def _interval(self, expected: Sequence[Any], answers: Sequence[Any]) -> Interval | None:
        values: list[float] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of draws that lack a label: there is no number for them
            for drawn in (rows.tolist() for chunk in drawn_rows(len(expected)) for rows in chunk):
                self.between()
                values.append(self._on_draw(expected, answers, drawn))
        return percentile_interval(np.array(values))

    def _on_draw(self, expected: Sequence[Any], answers: Sequence[Any], drawn: list[int]) -> float:
        return self.in_part(
            lambda: self.target([expected[row] for row in drawn], [answers[row] for row in drawn])
        )
