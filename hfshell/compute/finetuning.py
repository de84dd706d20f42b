"""Fine-tuning from end to end: a copy of the model, its head, the features, the run, the saved result."""

from __future__ import annotations

import hashlib
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from hfshell.api.events import Progress
from hfshell.api.guards import Guard
from hfshell.api.results import FinetuneOutcome
from hfshell.compute.batching import windows
from hfshell.compute.decoding import decode
from hfshell.compute.encoding import Encoder, encoder_for, without_target
from hfshell.compute.finetune_trainer import TrainingOptions
from hfshell.compute.inference import forward_of
from hfshell.compute.new_numbers import begin_at_mean
from hfshell.compute.training import TrainingRun, train
from hfshell.compute.validation import Validation
from hfshell.errors import DataError, Interrupted
from hfshell.models.inspection import inspect_folder
from hfshell.models.loading import Head, load_copy
from hfshell.models.saving import save_model

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hfshell.api.context import Context, Row, TaskData
    from hfshell.api.models import LoadedModel
    from hfshell.api.results import Metric
    from hfshell.api.task import HeadTask

ENCODED_AT_ONCE = 2048
_SINGLE_LABEL = "single_label_classification"
_REGRESSION = "regression"


@dataclass(frozen=True)
class Finetuning:
    """A fine-tuning as it was asked for. How to train stands in the options of the context's command.

    Attributes:
        task: the task.
        base: the model that a copy of is trained.
        data: what is learnt, as the task wants it.
        context: the command's surroundings.
        rows_seen: fingerprints of the rows that the user gave to train on, remembered in the new model.
    """

    task: HeadTask
    base: LoadedModel
    data: TaskData
    context: Context
    rows_seen: frozenset[str] = frozenset()

    def run(self) -> FinetuneOutcome:
        """Train a copy of the base, and save it under the context's artifacts.

        Raises:
            Refused: guard `labels`: the base knows other labels than the data.
            DataError: there is nothing to learn in the data.
            TrainingError: training failed.
            Interrupted: before the first step was done.
        """
        labels = self._labels()
        head = Head(
            self.task.auto_class,
            self.task.name or None,
            self.task.problem_type,
            labels,
            self.context.seed,
            self.task.plugin,
        )
        model = load_copy(self.base, head, device=self.context.device)
        self.task.prepare(model, self.data, self.context)
        options, usual = self.context.predict_options, self.task.usual_length
        encoder = encoder_for(self.task, model, options, self.context.command, usual)
        with self._checkpoints() as folder:
            run = self._train(model, encoder, folder)
            if run.steps == 0:
                raise Interrupted
            self._keep(model)
        return _outcome(model, run, saved=self.context.artifacts is not None)

    def _labels(self) -> tuple[str, ...] | None:
        """The labels of the head: the base's own when they cover the data's, for then it learns on."""
        found = tuple(self.task.head_labels(self.data))
        if not found:
            return None
        if len(found) == 1 and self.task.problem_type == _SINGLE_LABEL:
            raise DataError(
                f"every row of {self.data.name} has the label {found[0]}: there is nothing to learn"
            )
        known = _trained_labels(self.base)
        if self.task.problem_type == _REGRESSION and self._has_own_head():
            return known or None  # whatever its one number is called
        if set(found) <= set(known):
            return known
        if known:
            self.context.guard(_other_labels(known, found))
        return found

    def _has_own_head(self) -> bool:
        """Whether the base has a trained head of this very task."""
        return self.base.task == self.task.name and not self.base.new_weights

    def _train(self, model: LoadedModel, encoder: Encoder, folder: Path) -> TrainingRun:
        context = self.context
        features = self._encode(encoder, self.data.train)
        encoder.refuse_unreadable(context)
        if self.task.problem_type == _REGRESSION and model.new_weights:
            begin_at_mean(model.module, features)
        validation, forward = self._validation(encoder), forward_of(self.task, encoder.model)
        encoder.say_losses(context)
        return train(
            model.module,
            features,
            model.processor,
            _training_options(context.command, context.seed),
            folder,
            collate=forward.collate,
            loss=forward.loss,
            validation=validation,
            cancelled=context.cancelled,
            emit=context.emit,
            guard=context.guard,
            identity=self._identity(model, encoder),
            resume=context.resume,
        )

    def _encode(self, encoder: Encoder, rows: Sequence[Row]) -> list[dict[str, Any]]:
        features: list[dict[str, Any]] = []
        done = 0
        for window in windows(rows, ENCODED_AT_ONCE):
            self.context.cancelled.raise_if_set()
            features += encoder.encode(window, first=done)
            done += len(window)
            self.context.emit(Progress("read", done, len(rows)))
        return features

    def _validation(self, encoder: Encoder) -> Validation | None:
        """How the best epoch is chosen; None for a task that predicts nothing that stands in the data."""
        forward, rows = forward_of(self.task, encoder.model), self.data.validation
        if self.task.validated_by == "loss":
            return Validation(self._encode(encoder, rows), None, forward)
        if self.task.target_role is None:
            return None
        features, bare = self._encode(encoder, rows), without_target(self.task, rows)

        def measure(outputs: Sequence[torch.Tensor]) -> Sequence[Metric]:
            predictions = decode(self.task, outputs, features, bare, encoder.model)
            return self.context.measure(predictions, rows, encoder.model.labels)

        return Validation(features, measure, forward)

    def _identity(self, model: LoadedModel, encoder: Encoder) -> dict[str, Any]:
        """What makes two runs the same, so that neither goes on with the other's checkpoints."""
        return {
            "task": self.task.name or type(self.task).__name__,
            "data": self.data.fingerprint,
            "labels": list(model.labels),
            "max_length": encoder.model.max_length,
            "weights": _checksum(model.module),
        }

    def _keep(self, model: LoadedModel) -> None:
        model.new_weights = ()
        model.trained_on = self.base.trained_on | self.rows_seen
        if self.context.artifacts is not None:
            folder = self.context.artifacts / "model"
            save_model(model, folder, replace=True)
            model.files = inspect_folder(folder, source=str(folder))

    @contextmanager
    def _checkpoints(self) -> Iterator[Path]:
        if self.context.artifacts is not None:
            yield self.context.artifacts / "checkpoints"
            return
        with tempfile.TemporaryDirectory(prefix="hfshell-checkpoints-") as folder:
            yield Path(folder)


def _trained_labels(base: LoadedModel) -> tuple[str, ...]:
    """The labels that a model, or the head in its folder, was trained for."""
    return () if base.new_weights else base.labels or base.files.labels


def _other_labels(known: tuple[str, ...], found: tuple[str, ...]) -> Guard:
    return Guard(
        "labels",
        "refuse",
        f"the model knows {_braced(known)}, the data says {_braced(found)}",
        hint=f"map them with --label-map {found[0]}={known[0]},…   or start a new head with --allow labels",
    )


def _braced(labels: tuple[str, ...]) -> str:
    shown = 5
    return "{" + ", ".join([*labels[:shown], *(["…"] if len(labels) > shown else [])]) + "}"


def _training_options(command: Any, seed: int) -> TrainingOptions:
    """Take what training knows from a command's options, whatever else they hold."""
    names = {field.name for field in fields(TrainingOptions)} - {"seed"}
    given = {name: getattr(command, name) for name in names if hasattr(command, name)}
    return TrainingOptions(seed=seed, **given)


def _checksum(module: torch.nn.Module) -> str:
    digest = hashlib.sha256()
    for name, tensor in module.state_dict().items():
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


def _outcome(model: LoadedModel, run: TrainingRun, *, saved: bool) -> FinetuneOutcome:
    return FinetuneOutcome(
        model=model,
        folder=str(model.files.folder) if saved else "",
        epochs=run.epochs,
        steps=run.steps,
        rows=run.rows,
        losses=run.losses,
        validation=run.validation,
        best_epoch=run.best_epoch,
        seconds=run.seconds,
        rows_per_second=run.rows_per_second,
        stopped=run.stopped,
        resumed_from=run.resumed_from,
    )
