"""Metrics: declared, finite, within their range, and the same when they are measured again."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hfshell.testing.likeness import difference
from hfshell.testing.verdict import Fault, NotApplicable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hfshell.api.results import Metric
    from hfshell.testing.subject import Subject


def measures(subject: Subject) -> None:
    """Measure a model twice."""
    if "eval" not in subject.spec.capabilities:
        raise NotApplicable(f"{subject.spec.name} has no eval")
    name, _ = subject.model, subject.data
    line = subject.line("e = eval", f"{name} d", "eval")
    first, second = (subject.run(line)["e"].metrics for _ in range(2))
    if not first:
        raise Fault("there are no metrics", "name them in the TaskSpec, or return them from `eval`")
    for metric in first:
        for words in _faults(metric, subject):
            raise Fault(f"{metric.name}: {words}")
    values = [{metric.name: metric.value for metric in metrics} for metrics in (first, second)]
    if found := difference(*values):
        raise Fault(f"measured again, the same model on the same rows scores otherwise: {found}")


def _faults(metric: Metric, subject: Subject) -> Iterator[str]:
    if metric.name not in subject.spec.metrics:
        yield f"the TaskSpec does not name it among its metrics ({', '.join(subject.spec.metrics)})"
    for value in (metric.value, metric.low, metric.high):
        if value is not None and not math.isfinite(value):
            yield f"it is {value}: None is for what is not defined"
    low, high = _range(metric.name, subject)
    if metric.value is not None and not low <= metric.value <= high:
        yield f"{metric.value:g} is outside its range, {low:g} to {high:g}"


def _range(name: str, subject: Subject) -> tuple[float, float]:
    found = next((spec for spec in subject.session.plugins.metrics() if spec.name == name), None)
    if found is None:
        return _KNOWN.get(name, (-math.inf, math.inf))
    low, high = found.minimum, found.maximum
    return -math.inf if low is None else low, math.inf if high is None else high


_SHARES = ("accuracy", "macro_f1", "micro_f1", "roc_auc", "ece", "subset_accuracy")
_KNOWN = {**dict.fromkeys(_SHARES, (0.0, 1.0)), "mcc": (-1.0, 1.0), "pearson": (-1.0, 1.0)}
