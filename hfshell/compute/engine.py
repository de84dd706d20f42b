"""The shared machinery behind `HeadTask`: loading, prediction, fine-tuning and saving."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hfshell.api.guards import Guard
from hfshell.compute.batching import windows
from hfshell.compute.decoding import decode
from hfshell.compute.encoding import encoder_for, without_target
from hfshell.compute.finetuning import Finetuning
from hfshell.compute.inference import Meter, compute_logits
from hfshell.errors import Refused
from hfshell.models.loading import Head, load_model
from hfshell.models.saving import save_model

if TYPE_CHECKING:
    from pathlib import Path

    from hfshell.api.context import Context, Row, TaskData
    from hfshell.api.models import LoadedModel, ModelFolder
    from hfshell.api.results import FinetuneOutcome
    from hfshell.api.task import HeadTask

WINDOW = 2048
"""Rows that are encoded, sorted by length and predicted together; memory does not grow beyond them."""


@dataclass(frozen=True)
class TransformersEngine:
    """Heads on transformers models; satisfies `hfshell.api.Engine`.

    Attributes:
        row_keys: fingerprints of a task's rows, remembered in the models that were trained on them; None
            remembers none.
    """

    row_keys: Callable[[HeadTask, Sequence[Row]], frozenset[str]] | None = None

    def load(self, task: HeadTask, files: ModelFolder, context: Context) -> LoadedModel:
        """Load a model with the task's head; its `new_weights` name what must be trained first.

        Raises:
            ModelError: as `hfshell.models.loading.load_model` does.
        """
        head = Head(task.auto_class, task.name or None, task.problem_type, plugin=task.plugin)
        dtype = getattr(context.command, "dtype", "float32")
        return load_model(files, head, dtype=dtype, device=context.device)

    def predict(
        self, task: HeadTask, model: LoadedModel, rows: Iterable[Row], options: Any, context: Context
    ) -> Iterator[Any]:
        """Predict in length-sorted batches; yield whole predictions in the order of the rows.

        What the rows hold under the task's target role is hidden from the task. At the end the guard
        `truncation` says how many were cut.

        Args:
            task: the task.
            model: with its head.
            rows: any number, read a window at a time.
            options: the task's own, which it sees while it encodes and decodes.
            context: the command's surroundings; its command's `max_length` limits the input.

        Raises:
            Refused: guards `dirty`, `fresh-head`, before anything is read; `non-finite` on the way.
            PluginError: the task gave more or fewer features or predictions than rows.
            Interrupted: cancelled.
        """
        if model.dirty:
            raise Refused("dirty", f"the model is not whole: {model.dirty}", hint="load it again")
        if model.new_weights:
            context.guard(_fresh_head(model))
        return self._predictions(task, model, rows, options, context)

    def finetune(
        self,
        task: HeadTask,
        model: LoadedModel,
        data: TaskData,
        options: Any,  # noqa: ARG002 - of the contract
        context: Context,
    ) -> FinetuneOutcome:
        """Train a copy of the model with the task's head; the model given stays as it was.

        The head goes on from the model's own when that knows all labels of the data, else it is new. The best
        epoch is saved to `context.artifacts / "model"`; checkpoints stand beside it until the run is over.

        Args:
            task: the task.
            model: the base.
            data: rows to train on, and to choose the best epoch with.
            options: the task's own of `finetune`, which are its own affair.
            context: the command's surroundings. Its command has the fields of `TrainingOptions` that the user
                may choose, and `max_length`; it measures validation rows.

        Raises:
            Refused: guard `dirty`, or `labels`: the model was trained for other labels.
            DataError: the data has no labels, or only one.
            TrainingError: training failed.
            StorageError: the disk refused.
            Interrupted: broken off.
        """
        if model.dirty:
            raise Refused("dirty", f"the model is not whole: {model.dirty}", hint="load it again")
        return Finetuning(task, model, data, context, self.row_keys).run()

    def save(self, model: LoadedModel, folder: Path) -> None:
        """Write a model folder that `load` and transformers can read.

        Raises:
            StorageError: the folder exists, or the disk refused.
            Refused: guards `dirty`, `fresh-head`.
        """
        save_model(model, folder)

    def _predictions(
        self, task: HeadTask, model: LoadedModel, rows: Iterable[Row], options: Any, context: Context
    ) -> Iterator[Any]:
        encoder = encoder_for(task, model, options, context.command)
        meter = Meter(context.emit, len(rows) if isinstance(rows, Sized) else None)
        for window in windows(rows, WINDOW):
            bare = without_target(task, window)
            logits = compute_logits(
                model, encoder.encode(bare), cancelled=context.cancelled, done=meter.advance
            )
            yield from decode(task, logits, bare, encoder.model)
        if truncation := encoder.truncation():
            context.guard(truncation)


def _fresh_head(model: LoadedModel) -> Guard:
    return Guard(
        "fresh-head",
        "refuse",
        f"{len(model.new_weights)} weights of {type(model.module).__name__} are random "
        f"({model.new_weights[0]} first): its answers would mean nothing",
        hint="`finetune` trains them",
        count=len(model.new_weights),
    )
