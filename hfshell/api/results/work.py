"""Results of work: training, measuring, predicting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import msgspec

from hfshell.api.results.base import Result, Scalar, register_result


@dataclass(frozen=True)
class Metric:
    """A measured number.

    Attributes:
        name: `accuracy`, `macro_f1`, …
        value: the estimate; None when it is not defined (no such label in the data).
        low, high: 95 % interval, None when there is none.
        higher_is_better: which way is better; False for a loss or an error.
    """

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    higher_is_better: bool = True


@dataclass(frozen=True)
class LabelScore:
    """A label and its probability; `{"label", "score"}` as the Hub's pipelines give it."""

    label: str
    score: float


@dataclass(frozen=True)
class LabelReport:
    """How one label fared: precision, recall and F1 in 0..1 (None when undefined), and rows that have it."""

    label: str
    precision: float | None
    recall: float | None
    f1: float | None
    support: int


@dataclass(frozen=True)
class WrongRow:
    """A row that was predicted wrongly, or a number that is far off.

    Attributes:
        row: counts from 1 in the split.
        text: what was read. expected, predicted: as text.
        score: how sure the model was; None when it does not say.
    """

    row: int
    text: str
    expected: str
    predicted: str
    score: float | None = None


@dataclass(frozen=True)
class FinetuneOutcome:
    """What a task's `finetune` gives the session.

    Attributes:
        model: the new model, warm.
        folder: where its weights were saved.
        epochs, steps, rows: done, over the whole run with whatever was resumed.
        losses: mean training loss over equal stretches of the run, at most 60.
        validation: metrics on the validation split after each epoch, oldest first.
        best_epoch: which of them was kept.
        stopped: why it ended before its time: None, `interrupted`.
        resumed_from: the step it went on from, or None.
    """

    model: Any
    folder: str
    epochs: float
    steps: int
    rows: int
    losses: tuple[float, ...]
    validation: tuple[dict[str, float], ...]
    best_epoch: float | None
    seconds: float
    rows_per_second: float
    stopped: str | None = None
    resumed_from: int | None = None


class _WithMetrics(Result):
    """A result whose metrics are fields: `ev.accuracy`."""

    metrics: tuple[Metric, ...]

    def fields(self) -> dict[str, Scalar]:
        """Return the metrics and their intervals beside the plain fields."""
        values = super().fields()
        for metric in self.metrics:
            values[metric.name] = metric.value
            values[f"{metric.name}_low"] = metric.low
            values[f"{metric.name}_high"] = metric.high
        return values


@register_result
@dataclass(frozen=True, kw_only=True)
class FinetuneResult(_WithMetrics):
    """A finished (or kept) training run.

    Attributes:
        run: the run's ID; `run:ID` loads it in a later session.
        metrics: on `measured_on` (`validation` or `test`), `n` rows, headline first.
        baseline: the majority guess on the same rows.
        new_head: whether the head was new when training began.
    """

    kind: ClassVar[str] = "finetune"
    name: str
    run: str
    task: str
    base: str
    data: str
    labels: tuple[str, ...]
    metrics: tuple[Metric, ...]
    measured_on: str
    n: int
    baseline: float | None
    epochs: float
    steps: int
    rows: int
    losses: tuple[float | None, ...]
    validation: tuple[dict[str, float | None], ...]
    best_epoch: float | None
    seconds: float
    rows_per_second: float
    new_head: bool
    folder: str
    stopped: str | None = None
    resumed_from: int | None = None


@register_result
@dataclass(frozen=True, kw_only=True)
class EvaluationResult(_WithMetrics):
    """A model measured on a split.

    Attributes:
        metrics: headline first. n: rows measured.
        baseline: what guessing the majority label would score on the headline metric.
        labels: empty, as are the three below, for a task whose answers are not one label of several.
        per_label: in label order. confusion: rows expected, columns predicted, in label order.
        wrong: count of wrong rows; None where an answer is not simply right or wrong.
        worst: the wrong rows that the model was surest of, at most 20.
    """

    kind: ClassVar[str] = "evaluation"
    model: str
    data: str
    split: str
    task: str
    run: str
    n: int
    metrics: tuple[Metric, ...]
    baseline: float | None = None
    labels: tuple[str, ...] = ()
    per_label: tuple[LabelReport, ...] = ()
    confusion: tuple[tuple[int, ...], ...] = ()
    wrong: int | None = None
    worst: tuple[WrongRow, ...] = ()
    seconds: float
    rows_per_second: float


@register_result
@dataclass(frozen=True, kw_only=True)
class PredictionResult(Result):
    """Predictions, one a row, in order.

    Attributes:
        rows: what the task predicts for each row; for text-classification a list of label scores, best first.
        inputs: the texts; cut at 200 characters unless the result goes to a file.
    """

    kind: ClassVar[str] = "predictions"
    model: str
    task: str
    rows: tuple[Any, ...]
    inputs: tuple[str, ...]
    seconds: float

    def fields(self) -> dict[str, Scalar]:
        """Return label and score of the first row's best prediction beside the plain fields."""
        values = super().fields()
        values["n"] = len(self.rows)
        first = self.rows[0] if self.rows else None
        if isinstance(first, (list, tuple)) and first:
            best = first[0]
            best = msgspec.to_builtins(best)
            if isinstance(best, dict):
                values |= {
                    name: value for name, value in best.items() if isinstance(value, (str, int, float))
                }
        return values
