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
        signature: how it was computed, where others compute it otherwise: `nrefs:1|case:mixed|tok:13a|…`.
    """

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    higher_is_better: bool = True
    signature: str = ""


@dataclass(frozen=True)
class LabelScore:
    """A label and its probability; `{"label", "score"}` as the Hub's pipelines give it.

    Attributes:
        label: its name.
        score: its probability, 0..1.
    """

    label: str
    score: float


@dataclass(frozen=True)
class LabelReport:
    """How one label fared.

    Attributes:
        label: its name.
        precision, recall, f1: in 0..1; None when it is not defined.
        support: how many rows have it.
    """

    label: str
    precision: float | None
    recall: float | None
    f1: float | None
    support: int


@dataclass(frozen=True)
class WrongRow:
    """A row that was predicted wrongly, a number that is far off, or an answer that is not quite right.

    Attributes:
        row: counts from 1 in the split.
        text: what was read.
        expected, predicted: as text.
        score: how sure the model was; None when it does not say.
        grade: what the headline metric gives for this row alone; None when it grades no rows.
    """

    row: int
    text: str
    expected: str
    predicted: str
    score: float | None = None
    grade: float | None = None


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
        seconds: how long it took.
        rows_per_second: measured rate.
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
        name: the name that the line binds; empty without one.
        run: the run's ID; `run:ID` loads it in a later session.
        task: the task that it was trained for.
        base: the model that it began with.
        data: name of the data set.
        labels: label names by index; empty when it has none.
        metrics: the headline first; empty when nothing was measured.
        measured_on: the split: `validation` or `test`; empty when nothing was measured.
        n: how many rows were measured.
        baseline: what guessing without a look scores on the same rows, on the headline metric.
        guess: what is guessed: the `majority` of what is expected, the `mean` of numbers, or at `random`.
        epochs, steps, rows: done, over the whole run with whatever was resumed.
        losses: mean training loss over equal stretches of the run, at most 60.
        validation: metrics on the validation split after each epoch, oldest first.
        best_epoch: which of them was kept.
        seconds: how long it took.
        rows_per_second: measured rate.
        new_head: whether the head was new when training began.
        folder: where its weights were saved; empty when its task cannot save.
        stopped: why it ended before its time: None, `interrupted`.
        resumed_from: the step it went on from, or None.
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
    guess: str = "majority"


@register_result
@dataclass(frozen=True, kw_only=True)
class EvaluationResult(_WithMetrics):
    """A model measured on a split.

    Attributes:
        model: the model, as the line names it.
        data: name of the data set.
        split: the split that was measured.
        task: the task that measured it.
        run: the run's ID.
        n: how many rows were measured.
        metrics: the headline first.
        baseline: what guessing without a look scores on the headline metric; None when that says nothing.
        guess: what is guessed: the `majority` of what is expected, the `mean` of numbers, or at `random`.
        labels: the labels that what follows goes by; empty where answers are no labels.
        per_label: how each label fared, in label order.
        confusion: rows expected, columns predicted, in label order; empty unless each row has one label.
        wrong: count of wrong rows; None where an answer is not simply right or wrong.
        worst: the rows to look at first, at most 20: wrong and sure, furthest off, or graded lowest.
        seconds: how long it took.
        rows_per_second: measured rate.
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
    guess: str = "majority"
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
        model: the model, as the line names it.
        task: the task that predicted.
        rows: what the task predicts for each row; for text-classification a list of label scores, best first.
        inputs: the texts; cut at 200 characters, those of the first 20 rows at 20,000, unless the result
            goes to a file.
        seconds: how long it took.
    """

    kind: ClassVar[str] = "predictions"
    model: str
    task: str
    rows: tuple[Any, ...]
    inputs: tuple[str, ...]
    seconds: float

    def fields(self) -> dict[str, Scalar]:
        """Return what the first row's prediction says beside the plain fields.

        Of a list its first item: label and score of the best label; of a record its plain fields; of a number
        or a text `value`.
        """
        values = {**super().fields(), "n": len(self.rows)}
        first = msgspec.to_builtins(self.rows[0]) if self.rows else None
        if isinstance(first, list):
            first = first[0] if first else None
        said = first if isinstance(first, dict) else {"value": first}
        plain = {name: value for name, value in said.items() if isinstance(value, (str, int, float))}
        return {**values, **plain}
