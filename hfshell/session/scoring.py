"""Measuring a model on rows: by its task's own `eval`, or predictions held against what the rows say."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hfshell.evaluation.report import Report, check_names, report
from hfshell.session.custom_metrics import custom_metrics
from hfshell.session.measurable import kind_of, measurable, target_role
from hfshell.session.relabel import RelabelledRows

if TYPE_CHECKING:
    from hfshell.api.context import Row
    from hfshell.api.models import LoadedModel
    from hfshell.api.results import Metric
    from hfshell.models.task_model import TaskModel
    from hfshell.session.chosen import ChosenTask
    from hfshell.session.context import CommandContext


@dataclass(frozen=True)
class Score:
    """A report, and how long the predictions (or the task's own `eval`) took."""

    report: Report
    seconds: float

    @property
    def rows_per_second(self) -> float:
        """Rate of the predictions."""
        return self.report.n / self.seconds if self.seconds else 0.0


def check_metrics(chosen: ChosenTask, context: CommandContext) -> None:
    """Find a metric that cannot be measured before the work, not after it.

    Raises:
        UsageError: the task names a metric that is none, or is for another kind of rows.
        PluginError: the plugin that gives one failed.
    """
    target = chosen.spec.target_role
    if target is not None and not chosen.has_eval:
        check_names(kind_of(target), chosen.spec.metrics, custom_metrics(chosen.spec, context))


def score(
    chosen: ChosenTask,
    model: LoadedModel | TaskModel,
    rows: Sequence[Row],
    names: Mapping[str, str],
    context: CommandContext,
) -> Score:
    """Measure a model on rows.

    Args:
        chosen: the task.
        model: the model.
        rows: rows with what is expected under the task's target role.
        names: the model's name for each label of the data; empty when they have the same names.
        context: the command's surroundings.

    Raises:
        UsageError: the task cannot be measured, or names a metric that is none.
        PluginError: the task or a metric failed.
        Refused: a guard refuses.
    """
    if names:
        rows = RelabelledRows(rows, target_role(chosen.spec).name, names)
    began = time.perf_counter()
    if chosen.has_eval:
        metrics = chosen.evaluate(model, rows, chosen.options("eval", context), context)
        return Score(Report(len(rows), metrics), time.perf_counter() - began)
    target_role(chosen.spec)
    secret = {role.name for role in chosen.spec.roles if role.target}
    hidden = [{name: value for name, value in row.items() if name not in secret} for row in rows]
    options = chosen.options("predict", context)
    predictions = list(chosen.predict(model, hidden, options, context))
    seconds = time.perf_counter() - began
    found = measurable(chosen, predictions, rows, chosen.labels(model), options)
    return Score(report(found, chosen.spec.metrics, custom_metrics(chosen.spec, context)), seconds)


def measure(
    chosen: ChosenTask,
    predictions: Sequence[Any],
    rows: Sequence[Row],
    labels: Sequence[str],
    context: CommandContext,
) -> Sequence[Metric]:
    """Measure whole predictions with a task's metrics, the headline first, without intervals.

    Those that only the task's own `eval` can measure are left out.

    Raises:
        UsageError, PluginError, Refused: as `score` does.
    """
    custom = custom_metrics(chosen.spec, context)
    found = measurable(chosen, predictions, rows, labels, chosen.options("predict", context))
    names: Sequence[str] = chosen.spec.metrics
    if chosen.has_eval:
        names = [name for name in names if name in (*found.known, *custom)]
    return report(found, names, custom, intervals=False).metrics
