"""Measuring a model on rows: predictions of the task's own, held against what the rows say."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hfshell.evaluation.classification import ClassificationReport, report

if TYPE_CHECKING:
    from hfshell.api.context import Row
    from hfshell.api.models import LoadedModel
    from hfshell.api.results import Metric
    from hfshell.api.specs import TaskSpec
    from hfshell.session.context import CommandContext
    from hfshell.session.tasks import ChosenTask


@dataclass(frozen=True)
class Score:
    """A report, and how long the predictions took."""

    report: ClassificationReport
    seconds: float

    @property
    def rows_per_second(self) -> float:
        """Rate of the predictions."""
        return self.report.n / self.seconds if self.seconds else 0.0


def score(
    chosen: ChosenTask,
    model: LoadedModel,
    rows: Sequence[Row],
    names: Mapping[str, str],
    context: CommandContext,
) -> Score:
    """Predict rows and measure the predictions.

    Args:
        chosen: the task.
        model: the model.
        rows: rows with what is expected under the task's label role.
        names: the model's name for each label of the data.
        context: the command's surroundings.

    Raises:
        Refused: a guard refuses.
    """
    text, label = text_role(chosen.spec), label_role(chosen.spec)
    expected = [names[str(row[label])] for row in rows]
    unlabelled = ({name: value for name, value in row.items() if name != label} for row in rows)
    began = time.perf_counter()
    predicted = list(chosen.predict(model, list(unlabelled), chosen.options("predict", context), context))
    seconds = time.perf_counter() - began
    labels = (*model.labels, *sorted(set(expected) - set(model.labels)))
    texts = [str(row[text]) for row in rows]
    return Score(report(expected, predicted, labels, chosen.spec.metrics, texts), seconds)


def measure(
    chosen: ChosenTask, predictions: Sequence[Any], rows: Sequence[Row], labels: Sequence[str]
) -> Sequence[Metric]:
    """Measure whole predictions with a task's metrics, the headline first, without intervals."""
    label = label_role(chosen.spec)
    expected = [str(row[label]) for row in rows]
    return report(
        expected, predictions, labels, chosen.spec.metrics, [""] * len(expected), intervals=False
    ).metrics


def text_role(spec: TaskSpec) -> str:
    """Name of the first text role."""
    return next(role.name for role in spec.roles if role.kind == "text")


def label_role(spec: TaskSpec) -> str:
    """Name of the first label role."""
    return next(role.name for role in spec.roles if role.kind == "label")
