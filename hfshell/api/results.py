"""What commands return: frozen dataclasses with a versioned `to_dict()`, the same on every way out.

`to_dict()` gives `{"schema": 1, "kind": …}` and the fields, JSON types only; `result_from_dict` reads it
back. Within a schema version fields are only added. `fields()` are the values that `$NAME.field` and
`expect` see.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, TypeVar

import msgspec

from hfshell.api.guards import Guard

Scalar = str | int | float | bool | None

_KINDS: dict[str, type[Result]] = {}
_R = TypeVar("_R", bound="type[Result]")


@dataclass(frozen=True, kw_only=True)
class Result:
    """What every result has.

    Attributes:
        guards: the guards that spoke while it was made.
    """

    kind: ClassVar[str] = "result"
    schema: ClassVar[int] = 1

    guards: tuple[Guard, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the result as JSON types. Numbers that are not finite become None."""
        body = msgspec.json.decode(msgspec.json.encode(self))
        return {"schema": self.schema, "kind": self.kind, **body}

    def fields(self) -> dict[str, Scalar]:
        """Return the values that `$NAME.field` and `expect NAME.field` see, by name."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, (str, int, float, bool))}


def register_result(kind: _R) -> _R:
    """Class decorator: make a result type known to `result_from_dict`."""
    _KINDS[kind.kind] = kind
    return kind


def result_from_dict(data: dict[str, Any]) -> Result:
    """Read a result back from `to_dict()`.

    Raises:
        KeyError: its kind is unknown here.
        msgspec.ValidationError: a field does not fit.
    """
    body = {name: value for name, value in data.items() if name not in ("schema", "kind")}
    return msgspec.convert(body, _KINDS[data["kind"]])


@dataclass(frozen=True)
class Metric:
    """A measured number.

    Attributes:
        name: `accuracy`, `macro_f1`, …
        value: the estimate; None when it is not defined (no such label in the data).
        low, high: 95 % interval, None when there is none.
    """

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None


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
    """A row that was predicted wrongly. `row` counts from 1 in the split."""

    row: int
    text: str
    expected: str
    predicted: str
    score: float


@register_result
@dataclass(frozen=True, kw_only=True)
class Message(Result):
    """Lines to show, for commands that have nothing more to say."""

    kind: ClassVar[str] = "message"
    lines: tuple[str, ...]


@register_result
@dataclass(frozen=True, kw_only=True)
class Value(Result):
    """A plain value that `let` or `set` named."""

    kind: ClassVar[str] = "value"
    name: str
    value: str


@register_result
@dataclass(frozen=True, kw_only=True)
class Expectation(Result):
    """An expectation that held."""

    kind: ClassVar[str] = "expectation"
    left: str
    operator: str
    right: str
    actual: str


@register_result
@dataclass(frozen=True, kw_only=True)
class ModelSummary(Result):
    """A model in memory.

    Attributes:
        name: the name bound to it; empty without one.
        source: canonical name that finds it again.
        architecture: transformers class, `BertModel`.
        task: the task whose head it has; None for a base model.
        parameters: count. bytes: memory. seconds: loading took.
        already_warm: it was in memory before and is shared.
    """

    kind: ClassVar[str] = "model"
    name: str
    source: str
    architecture: str
    task: str | None
    labels: tuple[str, ...]
    parameters: int
    bytes: int
    dtype: str
    device: str
    seconds: float
    already_warm: bool = False


@dataclass(frozen=True)
class ModelRow:
    """A line of `models`.

    Attributes:
        state: `warm`, `parked` (its weights are read again on the next mention), `dirty`.
        bytes: memory of its own; 0 when parked or when it shares all its weights.
        shared_with: name of a model whose weights it shares.
        used_seconds_ago: None when it was never used.
    """

    name: str
    source: str
    task: str | None
    bytes: int
    device: str | None
    state: str
    used_seconds_ago: float | None = None
    shared_with: str | None = None
    current: bool = False


@register_result
@dataclass(frozen=True, kw_only=True)
class ModelTable(Result):
    """The session's models, and the memory they live in (bytes)."""

    kind: ClassVar[str] = "models"
    models: tuple[ModelRow, ...]
    memory_used: int
    memory_total: int


@dataclass(frozen=True)
class SplitSummary:
    """A split and its rows."""

    name: str
    rows: int


@dataclass(frozen=True)
class RoleFound:
    """A column's role: `how` is `name`, `values`, `map` or `only`."""

    role: str
    column: str
    how: str


@dataclass(frozen=True)
class LabelCount:
    """A label and how many rows have it."""

    label: str
    rows: int


@dataclass(frozen=True)
class Finding:
    """Something the audit noticed. `rows` counts the rows concerned."""

    name: str
    severity: str
    message: str
    rows: int | None = None


@register_result
@dataclass(frozen=True, kw_only=True)
class DataSummary(Result):
    """A data set as it was read.

    Attributes:
        how: how the splits came about: `stratified, seed 42`, `as given`, `by rows, seed 42`.
        columns: all columns, in file order.
        tasks: names of installed tasks whose roles it has.
        labels: with their counts over all splits.
    """

    kind: ClassVar[str] = "data"
    name: str
    source: str
    rows: int
    splits: tuple[SplitSummary, ...]
    how: str
    columns: tuple[str, ...]
    roles: tuple[RoleFound, ...]
    labels: tuple[LabelCount, ...]
    audit: tuple[Finding, ...]
    tasks: tuple[str, ...]
    fingerprint: str
    seconds: float


@register_result
@dataclass(frozen=True, kw_only=True)
class DataSample(Result):
    """A few rows of a data set as the task sees them. Values by role."""

    kind: ClassVar[str] = "rows"
    name: str
    split: str
    total: int
    rows: tuple[dict[str, str], ...]


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
        per_label: in label order. confusion: rows expected, columns predicted, in label order.
        wrong: count of wrong rows. worst: the wrong rows that the model was surest of, at most 20.
    """

    kind: ClassVar[str] = "evaluation"
    model: str
    data: str
    split: str
    task: str
    run: str
    n: int
    metrics: tuple[Metric, ...]
    baseline: float | None
    labels: tuple[str, ...]
    per_label: tuple[LabelReport, ...]
    confusion: tuple[tuple[int, ...], ...]
    wrong: int
    worst: tuple[WrongRow, ...]
    seconds: float
    rows_per_second: float


@register_result
@dataclass(frozen=True, kw_only=True)
class PredictionResult(Result):
    """Predictions, one a row, in order.

    Attributes:
        rows: what the task predicts for each row; for text-classification a list of label scores, best first.
        inputs: the texts, cut for display at 200 characters.
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


@register_result
@dataclass(frozen=True, kw_only=True)
class Saved(Result):
    """A model or result written to disk."""

    kind: ClassVar[str] = "saved"
    name: str
    path: str
    bytes: int


@register_result
@dataclass(frozen=True, kw_only=True)
class Unloaded(Result):
    """Names forgotten, and the memory that came free (bytes)."""

    kind: ClassVar[str] = "unloaded"
    names: tuple[str, ...]
    bytes: int


@dataclass(frozen=True)
class HelpOption:
    """A line of a command's option table. `default` is empty when it must be given."""

    flag: str
    value: str
    help: str
    default: str
    positional: bool = False


@dataclass(frozen=True)
class HelpEntry:
    """A command in the overview."""

    name: str
    summary: str
    section: str


@register_result
@dataclass(frozen=True, kw_only=True)
class HelpOverview(Result):
    """All commands, by section."""

    kind: ClassVar[str] = "help-overview"
    commands: tuple[HelpEntry, ...]


@register_result
@dataclass(frozen=True, kw_only=True)
class HelpPage(Result):
    """Help for one command."""

    kind: ClassVar[str] = "help"
    name: str
    usage: str
    summary: str
    description: str
    options: tuple[HelpOption, ...]
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PluginRow:
    """A plugin's record: what `plugins` shows.

    Attributes:
        state: `listed`, `loaded`, `failed`, `disabled`, `incompatible`.
        seconds: its import took; None while it is only listed.
        gives: names of what it offers, `task text-classification`.
        error: one line, None unless it failed.
    """

    name: str
    group: str
    distribution: str
    version: str
    state: str
    seconds: float | None = None
    gives: tuple[str, ...] = ()
    error: str | None = None


@register_result
@dataclass(frozen=True, kw_only=True)
class PluginTable(Result):
    """The plugins found."""

    kind: ClassVar[str] = "plugins"
    plugins: tuple[PluginRow, ...]


@register_result
@dataclass(frozen=True, kw_only=True)
class HistoryTable(Result):
    """Lines typed, oldest first, numbered from `first`."""

    kind: ClassVar[str] = "history"
    first: int
    lines: tuple[str, ...]


@register_result
@dataclass(frozen=True, kw_only=True)
class KernelStatus(Result):
    """The process that holds the models.

    Attributes:
        state: `starting`, `idle`, `busy`, `dead`, `in-process`.
        restarts: how often it was started again in this session.
        memory_used, memory_total: bytes; used is the kernel's resident memory.
    """

    kind: ClassVar[str] = "kernel"
    state: str
    pid: int | None
    uptime_seconds: float
    restarts: int
    memory_used: int
    memory_total: int
    device: str
    versions: dict[str, str] = field(default_factory=dict)
