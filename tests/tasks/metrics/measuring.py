"""Measuring with a metric by its name, as a session does for a task that names it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from hfshell.api import Metric
from hfshell.evaluation.counted import custom_metric
from hfshell.evaluation.custom import CustomMetric
from hfshell.evaluation.exact import exact
from hfshell.evaluation.report import Report, report
from hfshell_tasks.metrics import hfshell_metrics


def named(name: str) -> CustomMetric:
    """Return a metric, ready to measure."""
    spec = next(spec for spec in hfshell_metrics() if spec.name == name)
    module, _, attribute = spec.target.partition(":")
    return custom_metric(
        spec, getattr(import_module(module), attribute), f"metric {name}", lambda work: work(), lambda: None
    )


def measured(name: str, expected: list[Any], answers: list[Any]) -> Metric:
    """Measure answers, with an interval."""
    return named(name).measure(expected, answers, intervals=True)


def value(name: str, expected: list[Any], answers: list[Any]) -> float | None:
    """Measure answers."""
    return named(name).measure(expected, answers, intervals=False).value


def reported(name: str, expected: list[Any], answers: list[Any], role: str = "tags") -> Report:
    """Measure answers, with a closer look at them."""
    rows = exact(expected, answers, [f"row {number}" for number, _ in enumerate(expected, 1)], role)
    return report(rows, (name,), {name: named(name)})
