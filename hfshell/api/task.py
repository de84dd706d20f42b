"""Tasks: the verbs that a plugin offers, and the base class that gives all of them to a usual head."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol, runtime_checkable

from hfshell.api.context import Context, Row, TaskData
from hfshell.api.features import Feature, Features, logits_of
from hfshell.api.model_view import ModelView
from hfshell.api.models import LoadedModel, ModelFolder
from hfshell.api.results import LabelScore
from hfshell.errors import DataError, ModelError, PluginError, Refused

if TYPE_CHECKING:
    from hfshell.api.results import FinetuneOutcome, Metric

PROBLEM_TYPES = ("single_label_classification", "multi_label_classification", "regression")
"""What transformers knows of what a head learns."""

MOST_AT_ONCE = 2048
"""Rows that are encoded, sorted by length and predicted together; memory does not grow beyond them."""

DECIDED = 0.5
"""A label of several counts as predicted from this probability on."""


@runtime_checkable
class Task(Protocol):
    """What a task does. No base class is needed: an object with these methods is a task.

    `model` is whatever `load` or `finetune` returned. `options` is an instance of the dataclass that the
    `TaskSpec` declares for the verb, or None; the command's own options are in `context.command`. A task
    never prints, parses arguments, picks devices, seeds, or draws progress: the context has all of that.

    Optional, each found by its name when it is needed:

    `finetune(model, data, options, context)` returns a new model; the one given stays as it was.
    `eval(model, rows, options, context)` returns metrics by name, or a sequence of `Metric`, which may be
    `Graded`: then the rows with the lowest grades are shown. Without `eval`, `predict` is measured with the
    metrics of the `TaskSpec`.
    `save(model, folder)` writes the model to an empty folder, from which `load` reads it again.
    `size(model)` says how many bytes of memory the model takes, for the budget.
    `labels(model)` names the labels that it can predict.
    `select(prediction, options)` chooses what of a whole prediction `predict` gives; all of it without it.
    `answer(prediction)` says what of a prediction is held against the data when it is measured; without it
    the label of the best score, or the prediction itself.

    Example::

        class Bayes:
            def load(self, source, options, context):
                if isinstance(source, str):             # bayes:multinomial → a new model
                    return new_model(source)
                return read_model(source.folder)

            def finetune(self, model, data, options, context):
                return fitted(model, [row["text"] for row in data.train], data.labels)

            def predict(self, model, rows, options, context):
                for row in rows:
                    yield [LabelScore(label, score) for label, score in model.scores(row["text"])]

            def save(self, model, folder): ...
    """

    def load(self, source: ModelFolder | str, options: Any, context: Context) -> Any:
        """Bring a model into memory, ready for `predict`.

        Args:
            source: the model's folder; or, for a name with one of the task's own `schemes`, what stands
                behind the colon.
            options: the task's own options of `load`.
            context: the command's surroundings.
        """

    def predict(self, model: Any, rows: Sequence[Row], options: Any, context: Context) -> Iterable[Any]:
        """Yield one prediction a row, in order: JSON types, or dataclasses of them."""


class HeadTask(ABC):
    """A head on a transformers model. Subclasses say how rows become features, and logits predictions.

    Everything else comes from hfshell: labels from the data, a head on the base model, batching, placement,
    training, checkpoints, metrics with intervals, guards, rendering, JSON, completion, help, resume.

    Example::

        class Toxicity(HeadTask):
            auto_class = "AutoModelForSequenceClassification"
            problem_type = "multi_label_classification"

            def encode(self, rows, model):
                return model.tokenize([row["text"] for row in rows])

            def decode(self, logits, rows, model):
                for scores in logits.sigmoid().tolist():
                    yield [LabelScore(*pair) for pair in zip(model.labels, scores)]

            def select(self, prediction, options):
                return [item for item in prediction if item.score >= options.threshold]

    Attributes:
        auto_class: the transformers class that has the head, `AutoModelForSequenceClassification`.
        problem_type: transformers' `config.problem_type`, always said and never guessed:
            `single_label_classification`, `multi_label_classification`, `regression`, or None for a head that
            knows no such thing.
        windowed: whether a row may have several features, as a long text has: then `decode` is given windows,
            each with its row, its feature and its output, instead of one tensor.
        usual_length: longest input in tokens when it trains and nobody says `--max-length`; longer inputs
            make training slow.
        validated_by: how the best epoch is chosen: by `predictions`, with the headline metric, or by the
            `loss` on the validation rows, where predictions are no measure or take long.
        own_loss: whether `loss` says what is learnt, rather than the transformers model; then the model never
            sees the targets.
        rows_at_once: how many rows are encoded, run and decoded at a time, where 2,048, as usual, would hold
            too much in memory: for a task that makes many features of a row. It may be set on an instance.
        name: the task's name in its `TaskSpec`; set by hfshell.
        target_role: name of the role that is learnt, from the `TaskSpec`; set by hfshell.
        plugin: distribution and version of the package that gives the task; set by hfshell.
    """

    auto_class: ClassVar[str]
    problem_type: ClassVar[str | None] = None
    windowed: ClassVar[bool] = False
    usual_length: ClassVar[int] = 128
    validated_by: ClassVar[Literal["predictions", "loss"]] = "predictions"
    own_loss: ClassVar[bool] = False
    rows_at_once: int | None = None
    name: str = ""
    target_role: str | None = "label"
    plugin: tuple[str, str] | None = None

    @abstractmethod
    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        """Turn rows into features, one a row: lists of ints, neither padded nor tensors.

        `model.tokenize` does it for texts, and counts what it cuts; `model.windows` cuts nothing, and gives
        several features for a long text. Targets are added by `target`, unless the features have them.
        """

    @abstractmethod
    def decode(self, logits: Any, rows: Sequence[Row], model: ModelView) -> Iterable[Any]:
        """Turn logits, a float32 tensor of shape (rows, …), into one whole prediction a row.

        Whole: all labels with their scores, say, for metrics want them. What of it `predict` gives is chosen
        by `select`. A `windowed` task is given a sequence of `Window` instead of the tensor: all that its
        rows have, in order.
        """

    def collate(self, features: Sequence[Feature], model: ModelView) -> Mapping[str, Any]:
        """Make one batch of features, tensors by name; padded by `model.pad` here."""
        return model.pad(features)

    def read(self, outputs: Any, batch: Mapping[str, Any], model: ModelView) -> Any:  # noqa: ARG002 - of the contract
        """Choose what of a model's outputs is kept for `decode`; its logits here.

        Args:
            outputs: what the transformers model gave for a batch, on its device.
            batch: as `collate` made it, on the device.
            model: the model as the task sees it.

        Returns:
            A tensor whose first dimension is the features of the batch; the smaller, the better.

        Raises:
            ModelError: the model has no head.
        """
        return logits_of(outputs)

    def loss(self, outputs: Any, batch: Mapping[str, Any], model: ModelView) -> Any:  # noqa: ARG002 - of the contract
        """Return the loss of a batch in training, one number; asked for where `own_loss` is set.

        Args:
            outputs: what the transformers model gave for the batch, with gradients.
            batch: as `collate` made it, on the device, targets included.
            model: the model as the task sees it.
        """
        return outputs.loss

    def target(self, value: Any, model: ModelView) -> Any:
        """Turn a row's target into the feature `labels` that the head learns from.

        By `problem_type`: the label's index; a 1.0 or 0.0 a label; the number. Other heads override it.

        Raises:
            Refused: the model does not know the label (`labels`).
            PluginError: the head's problem type says nothing about such targets.
        """
        match self.problem_type:
            case "single_label_classification":
                if isinstance(value, (list, tuple)):
                    raise _unfit(self, "learns one label a row, and its role has several", "Role.label()")
                return _index(str(value), model.labels)
            case "multi_label_classification":
                if isinstance(value, str):
                    raise _unfit(self, "learns several labels a row, and its role has one", "Role.labels()")
                wanted = {_index(str(label), model.labels) for label in value}
                return [float(index in wanted) for index in range(len(model.labels))]
            case "regression":
                return float(value)
        raise PluginError(
            f"{_who(self)} does not say what it learns: its problem_type is {self.problem_type}",
            hint=f"its author writes `target`, or one of {', '.join(PROBLEM_TYPES)}",
        )

    def targets(self, values: Sequence[Any], model: ModelView) -> list[Any]:
        """Turn the targets of many rows into what the head learns from, each as `target` does."""
        return [self.target(value, model) for value in values]

    def head_labels(self, data: TaskData) -> tuple[str, ...]:
        """Name the outputs of a new head for a data set: its labels, or the one number of a regression.

        Raises:
            DataError: there is nothing to learn in the data.
        """
        if self.problem_type == "regression":
            return (self.target_role or "value",)
        if not data.labels:
            hint = f"say which column: --map {self.target_role}=COLUMN"
            raise DataError(f"{data.name} has no labels", hint=hint)
        return data.labels

    def prepare(self, model: LoadedModel, data: TaskData, context: Context) -> None:  # noqa: B027 - nothing is usual
        """Make a copy ready that is about to be trained; nothing here.

        What is set in its tokenizer or its configuration is saved with the model: a chat template, a prefix,
        what it should remember of the data.

        Args:
            model: the copy, with its head.
            data: what it is trained on.
            context: the command's surroundings; `predict_options` are the task's own.
        """

    def labels(self, model: LoadedModel) -> tuple[str, ...]:
        """Name the labels that a model can predict: those of its head; none, for a task that takes any."""
        return model.labels

    def select(self, prediction: Any, options: Any) -> Any:  # noqa: ARG002 - of the contract
        """Choose what of a whole prediction `predict` gives, by the task's own options; all of it here."""
        return prediction

    def answer(self, prediction: Any) -> Any:
        """Say what of a whole prediction is held against the data's target when it is measured.

        Of scored labels the best one, or all that are likely enough where a row may have several; of anything
        else the prediction itself. Likely enough is likelier than not, or from the `threshold` on that the
        task's options of both `eval` and `predict` have.
        """
        return answer_of(prediction, multiple=self.problem_type == "multi_label_classification")

    def load(self, source: ModelFolder | str, options: Any, context: Context) -> LoadedModel:  # noqa: ARG002 - of the contract
        """Load a model with this head."""
        if isinstance(source, str):
            raise ModelError(f"{self.name} makes no model of its own: {source} is no model folder")
        return context.engine.load(self, source, context)

    def finetune(self, model: LoadedModel, data: TaskData, options: Any, context: Context) -> FinetuneOutcome:
        """Train a copy of the model with this head."""
        return context.engine.finetune(self, model, data, options, context)

    def predict(
        self, model: LoadedModel, rows: Iterable[Row], options: Any, context: Context
    ) -> Iterator[Any]:
        """Yield one whole prediction a row, in order."""
        return context.engine.predict(self, model, rows, options, context)

    def save(self, model: LoadedModel, folder: Path, context: Context) -> None:
        """Write a folder that `load` and transformers can read."""
        context.engine.save(model, folder)


def rows_together(task: HeadTask) -> int:
    """Return how many rows of a task are encoded, run and decoded at a time."""
    return min(task.rows_at_once or MOST_AT_ONCE, MOST_AT_ONCE)


def _unfit(task: HeadTask, why: str, role: str) -> PluginError:
    other = next(kind for kind in PROBLEM_TYPES if kind != task.problem_type)
    return PluginError(
        f"{_who(task)}: {task.problem_type} {why}",
        hint=f"its author declares {role}, or sets problem_type to {other}",
    )


def _who(task: HeadTask) -> str:
    package = f" ({' '.join(task.plugin)})" if task.plugin else ""
    return f"task {task.name or type(task).__name__}{package}"


def answer_of(prediction: Any, *, multiple: bool = False, least: float = DECIDED) -> Any:
    """Return what of a prediction is held against the data, for a task that does not say so itself.

    Args:
        prediction: a whole one.
        multiple: whether a row may have several labels.
        least: from this probability on each of them counts.
    """
    if not isinstance(prediction, (list, tuple)) or not all(
        isinstance(item, LabelScore) for item in prediction
    ):
        return prediction
    if multiple:
        return tuple(item.label for item in prediction if item.score >= least)
    return max(prediction, key=lambda item: item.score).label if prediction else None


_SHOWN = 5


def _index(label: str, labels: tuple[str, ...]) -> int:
    if label in labels:
        return labels.index(label)
    known = ", ".join(labels[:_SHOWN]) + (", …" if len(labels) > _SHOWN else "")
    raise Refused(
        "labels",
        f"the data has a label {label} that the model does not know: it knows {{{known}}}",
        hint=f"--label-map '{label}=LABEL' says which one it is",
    )


Evaluated = Mapping[str, "float | None"] | Sequence["Metric"]
"""What a task's own `eval` returns."""
