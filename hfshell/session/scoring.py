"""Measuring a model on rows: by its task's own `eval`, or predictions held against what the rows say."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hfshell.api.results import WrongRow
from hfshell.evaluation.report import WORST_ROWS, Judged, Report, check_names, cut, report
from hfshell.evaluation.saying import said
from hfshell.session.custom_metrics import custom_metrics
from hfshell.session.measurable import kind_of, measurable, shown_text, target_role
from hfshell.session.relabel import RelabelledRows

if TYPE_CHECKING:
    from hfshell.api.context import Row
    from hfshell.api.graded import Graded
    from hfshell.api.models import LoadedModel
    from hfshell.api.results import Metric
    from hfshell.api.roles import Role
    from hfshell.api.specs import TaskSpec
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
        own = chosen.evaluate(model, rows, chosen.options("eval", context), context)
        return Score(_own_report(own, rows, chosen.spec), time.perf_counter() - began)
    target_role(chosen.spec)
    secret = {role.name for role in chosen.spec.roles if role.target}
    hidden = [{name: value for name, value in row.items() if name not in secret} for row in rows]
    options = chosen.options("predict", context)
    predictions = list(chosen.predict(model, hidden, options, context))
    seconds = time.perf_counter() - began
    found = measurable(chosen, predictions, rows, chosen.labels(model), options)
    return Score(report(found, chosen.spec.metrics, custom_metrics(chosen.spec, context)), seconds)


def _own_report(found: Graded, rows: Sequence[Row], spec: TaskSpec) -> Report:
    """Put the rows that a task graded lowest beside what it measured."""
    judged = Judged(tuple(found.grades), best=found.best, higher_is_better=found.higher_is_better)
    target, flawed = spec.target_role, judged.flawed
    worst = [
        WrongRow(
            row=index + 1,
            text=cut(shown_text(rows[index], spec)),
            expected=cut(_expected(rows[index], target)) if target else "",
            predicted=cut(found.answers[index]) if found.answers else "",
            grade=judged.grades[index],
        )
        for index in flawed[:WORST_ROWS]
    ]
    counts = bool(judged.grades) and not judged.partly_right
    return Report(len(rows), tuple(found.metrics), wrong=len(flawed) if counts else None, worst=tuple(worst))


def _expected(row: Row, target: Role) -> str:
    """Say what a row expects; nothing where it says nothing, which a 0 is not."""
    value = row.get(target.name)
    return "" if value is None else said(value, target.kind, "")


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
