"""The shared machinery behind `HeadTask`: loading, prediction, fine-tuning and saving."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hfshell.api.guards import Guard
from hfshell.api.task import rows_together
from hfshell.compute.batching import windows
from hfshell.compute.decoding import decode, decoded, windows_of
from hfshell.compute.encoding import encoder_for, without_target
from hfshell.compute.finetuning import Finetuning
from hfshell.compute.generation import Writer, cut_texts, was_cut
from hfshell.compute.inference import Meter, compute_outputs, forward_of
from hfshell.errors import Refused
from hfshell.models.loading import Head, load_model
from hfshell.models.saving import save_model

if TYPE_CHECKING:
    from pathlib import Path

    import torch

    from hfshell.api.context import Context, Row, TaskData
    from hfshell.api.features import Window
    from hfshell.api.generative import GenerativeTask
    from hfshell.api.model_view import ModelView
    from hfshell.api.models import LoadedModel, ModelFolder
    from hfshell.api.results import FinetuneOutcome
    from hfshell.api.task import HeadTask
    from hfshell.compute.reading import Turn


@dataclass(frozen=True)
class TransformersEngine:
    """Heads on transformers models; satisfies `hfshell.api.Engine`.

    Attributes:
        rows_seen: fingerprints of the rows that the user gave to train on, remembered in the models that are
            trained. They are those of the data as it was given, whatever rows a task makes of it.
        turn: the turn of a conversation that is being written; None for texts that are none.
    """

    rows_seen: frozenset[str] = frozenset()
    turn: Turn | None = None

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
        self._require_fit(model, context)
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
        epoch is saved to `context.artifacts / "model"`; checkpoints stand beside it until whoever began the
        run has written down that it is over.

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
        return Finetuning(task, model, data, context, self.rows_seen).run()

    def generate(
        self, task: GenerativeTask, model: LoadedModel, rows: Iterable[Row], options: Any, context: Context
    ) -> Iterator[Any]:
        """Write texts in length-sorted batches; yield what the task decodes of them, in order of the rows.

        At the end guards say how many prompts (`truncation`) and how many texts (`cut`) were cut.

        Raises:
            Refused: guards `dirty`, `fresh-head`.
            ModelError: the model cannot write.
            PluginError: the task gave more or fewer prompts or predictions than rows.
            Interrupted: cancelled.
        """
        self._require_fit(model, context)
        return self._written(task, model, rows, options, context)

    def _written(
        self, task: GenerativeTask, model: LoadedModel, rows: Iterable[Row], options: Any, context: Context
    ) -> Iterator[Any]:
        encoder = encoder_for(task, model, options, context.command)
        writer = Writer(task, model, encoder.model, options, context, self.turn)
        meter = Meter(context.emit, len(rows) if isinstance(rows, Sized) else None)
        cut = count = 0
        for window in windows(rows, rows_together(task)):
            bare = without_target(task, window)
            features = encoder.encode(bare)
            encoder.refuse_unreadable(context)
            written = writer.write(features, meter.advance) if self.turn is None else writer.write(features)
            predictions = decoded(task, written, bare, encoder.model)
            cut += sum(map(was_cut, predictions, written))
            count += len(written)
            yield from predictions
        encoder.say_losses(context)
        if too_long := cut_texts(cut, count, writer.limit):
            context.guard(too_long)

    def save(self, model: LoadedModel, folder: Path) -> None:
        """Write a model folder that `load` and transformers can read.

        Raises:
            StorageError: the folder exists, or the disk refused.
            Refused: guards `dirty`, `fresh-head`.
        """
        save_model(model, folder)

    def outputs(
        self, task: HeadTask, model: LoadedModel, rows: Iterable[Row], options: Any, context: Context
    ) -> Iterator[Window]:
        """Yield what a task keeps of the model's outputs, feature by feature, in the order of the rows.

        For a task that measures by itself: nothing is hidden from it, nothing decoded. `Window.row` counts
        over all rows.

        Raises:
            Refused, PluginError, Interrupted: as `predict` does.
        """
        self._require_fit(model, context)
        total, before = len(rows) if isinstance(rows, Sized) else None, 0
        for found in self._passes(task, model, windows(rows, rows_together(task)), total, options, context):
            for window in windows_of(found.outputs, found.features, found.view):
                yield replace(window, row=window.row + before)
            before += len(found.rows)

    def _require_fit(self, model: LoadedModel, context: Context) -> None:
        if model.dirty:
            raise Refused("dirty", f"the model is not whole: {model.dirty}", hint="load it again")
        if model.new_weights:
            context.guard(_fresh_head(model))

    def _predictions(
        self, task: HeadTask, model: LoadedModel, rows: Iterable[Row], options: Any, context: Context
    ) -> Iterator[Any]:
        total = len(rows) if isinstance(rows, Sized) else None
        bare = (without_target(task, window) for window in windows(rows, rows_together(task)))
        for found in self._passes(task, model, bare, total, options, context):
            yield from decode(task, found.outputs, found.features, found.rows, found.view)

    def _passes(
        self,
        task: HeadTask,
        model: LoadedModel,
        parts: Iterable[Sequence[Row]],
        total: int | None,
        options: Any,
        context: Context,
    ) -> Iterator[_Pass]:
        """Encode and run rows part by part; at the end say what was cut."""
        encoder = encoder_for(task, model, options, context.command)
        forward, meter = forward_of(task, encoder.model), Meter(context.emit, total)
        for rows in parts:
            features = encoder.encode(rows)
            encoder.refuse_unreadable(context)
            share = len(rows) / max(1, len(features))
            outputs = compute_outputs(
                model,
                features,
                forward,
                cancelled=context.cancelled,
                done=lambda count, share=share: meter.advance(count * share),  # type: ignore[misc]
            )
            yield _Pass(rows, features, outputs, encoder.model)
        encoder.say_losses(context)


@dataclass(frozen=True)
class _Pass:
    """Rows with their features, and what was kept of the model's outputs for them."""

    rows: Sequence[Row]
    features: list[dict[str, Any]]
    outputs: list[torch.Tensor]
    view: ModelView


def _fresh_head(model: LoadedModel) -> Guard:
    return Guard(
        "fresh-head",
        "refuse",
        f"{len(model.new_weights)} weights of {type(model.module).__name__} are random "
        f"({model.new_weights[0]} first): its answers would mean nothing",
        hint="`finetune` trains them",
        count=len(model.new_weights),
    )
