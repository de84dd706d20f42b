"""Tasks: the verbs that a plugin offers, and the base class that gives all of them to a usual head."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from hfshell.api.context import Context, Row, TaskData
from hfshell.api.models import LoadedModel, ModelFolder

if TYPE_CHECKING:
    from hfshell.api.results import FinetuneOutcome


class Task(Protocol):
    """What a task does. No base class is needed: an object with these methods is a task.

    `model` is whatever `load` returned. A task never prints, parses arguments, picks a device, seeds, or
    draws progress: the context has all of that.
    """

    def load(self, files: ModelFolder, options: Any, context: Context) -> Any:
        """Bring a model into memory, ready for `predict`."""

    def finetune(self, model: Any, data: TaskData, options: Any, context: Context) -> FinetuneOutcome:
        """Train a new model; the one given stays as it was."""

    def predict(self, model: Any, rows: Iterable[Row], options: Any, context: Context) -> Iterator[Any]:
        """Yield one prediction a row, in order."""

    def save(self, model: Any, folder: Path, context: Context) -> None:
        """Write the model to an empty folder."""


class HeadTask(ABC):
    """A head on a transformers model. Subclasses say how rows become features, and logits predictions.

    Attributes:
        auto_class: the transformers class that has the head, `AutoModelForSequenceClassification`.
        problem_type: transformers' `config.problem_type`, always said and never guessed.
        target_role: the role that holds what is learnt.
        name: the task's name in its `TaskSpec`; set by hfshell.
    """

    name: str = ""
    auto_class: ClassVar[str]
    problem_type: ClassVar[str | None] = None
    target_role: ClassVar[str] = "label"

    @abstractmethod
    def encode(
        self, rows: Sequence[Row], processor: Any, labels: tuple[str, ...], max_length: int | None
    ) -> Sequence[dict[str, Any]]:
        """Turn rows into features: lists of ints, neither padded nor tensors.

        A row that has the target role gets the feature `labels`. A feature dict may carry
        `hfshell_truncated`: how many tokens of its row were cut; it is reported and removed.
        """

    @abstractmethod
    def decode(
        self, logits: Any, rows: Sequence[Row], labels: tuple[str, ...], options: Any
    ) -> Iterable[Any]:
        """Turn logits, a float32 tensor of shape (rows, …), into one prediction a row."""

    def load(self, files: ModelFolder, options: Any, context: Context) -> LoadedModel:  # noqa: ARG002 - of the contract
        """Load a model with this head."""
        return context.engine.load(self, files, context)

    def finetune(self, model: LoadedModel, data: TaskData, options: Any, context: Context) -> FinetuneOutcome:
        """Train a copy of the model with this head."""
        return context.engine.finetune(self, model, data, options, context)

    def predict(
        self, model: LoadedModel, rows: Iterable[Row], options: Any, context: Context
    ) -> Iterator[Any]:
        """Yield one prediction a row, in order."""
        return context.engine.predict(self, model, rows, options, context)

    def save(self, model: LoadedModel, folder: Path, context: Context) -> None:
        """Write a folder that `load` and transformers can read."""
        context.engine.save(model, folder)
