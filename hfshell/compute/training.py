"""Fine-tuning a torch module that already has its head: the one function behind `finetune`."""

from __future__ import annotations

import contextlib
import gc
import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from accelerate.utils.memory import should_reduce_batch_size

from hfshell.api import CancelToken, Event, Guard, LoadedModel, ModelFolder, Note
from hfshell.compute import checkpoints
from hfshell.compute.finetune_trainer import Collator, FinetuneTrainer, Loss, TrainingOptions, build_trainer
from hfshell.compute.hardening import Hardening, refuse
from hfshell.compute.padding import pad
from hfshell.compute.surroundings import accelerator_state_kept
from hfshell.compute.training_history import TrainingHistory, ValidationRecord
from hfshell.compute.training_watch import Schedule, TrainingWatch
from hfshell.errors import Interrupted, TrainingError
from hfshell.models.quiet import silenced
from hfshell.storage import disk_errors, remove_leftovers, require_space

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import torch

    from hfshell.api.features import Feature
    from hfshell.compute.checkpoints import Checkpoint
    from hfshell.compute.validation import Validation

__all__ = ["TrainingAborted", "TrainingOptions", "TrainingRun", "train"]

_ADAM_STATES = 2


@dataclass(frozen=True)
class TrainingRun:
    """What a run did. The module trained holds the weights that were chosen.

    Attributes:
        steps: optimizer steps done, over all sessions of the run; epochs and rows likewise.
        losses: mean training loss over equal stretches of the run, at most 60.
        validation: metrics after each epoch, oldest first; empty without validation rows.
        best_epoch: the epoch whose weights the module holds; None when none was measured: it holds the last.
        checkpoint: the folder of those weights.
        seconds: training and validation, over all sessions.
        rows_per_second: over `seconds`.
        stopped: why it ended before its time: None, `interrupted`, `early-stopping`.
        resumed_from: the step it went on from, or None.
    """

    steps: int
    epochs: float
    rows: int
    losses: tuple[float, ...]
    validation: tuple[dict[str, float], ...]
    best_epoch: float | None
    checkpoint: Path
    seconds: float
    rows_per_second: float
    stopped: str | None = None
    resumed_from: int | None = None


class TrainingAborted(Interrupted):
    """Training was broken off within a step.

    Attributes:
        rolled_back_to: the step of the checkpoint whose weights the module holds now; None when there was no
            checkpoint, and the module is half-trained: it must not be used.
    """

    def __init__(self, rolled_back_to: int | None) -> None:
        kept = f"checkpoint-{rolled_back_to} is kept" if rolled_back_to else "no checkpoint was written yet"
        hint = "resume goes on from there" if rolled_back_to else None
        super().__init__(f"training was broken off; {kept}", hint=hint)
        self.rolled_back_to = rolled_back_to


def train(
    module: torch.nn.Module,
    features: Sequence[Feature],
    processor: Any,
    options: TrainingOptions,
    folder: Path,
    *,
    validation: Validation | None = None,
    cancelled: CancelToken | None = None,
    emit: Callable[[Event], None] = lambda _event: None,
    guard: Callable[[Guard], None] = refuse,
    identity: Mapping[str, Any] | None = None,
    resume: bool = False,
    collate: Collator | None = None,
    loss: Loss | None = None,
) -> TrainingRun:
    """Train a module in place, and leave it with the weights of the best epoch.

    Rows are drawn at random each epoch and padded to the longest of their batch. Mode, gradients and random
    numbers are as before when this returns or raises.

    Args:
        module: with its head, in float32, on its device.
        features: encoded rows with `labels`.
        processor: the tokenizer, which pads.
        options: how to train.
        folder: where checkpoints go; this run's alone. When it is over, `checkpoints.clear` empties it.
        validation: how to choose the best epoch; without it (or without rows) the last weights are kept.
        cancelled: when set, the step under way is finished, committed, and the run returns as `interrupted`.
        emit: hears `Progress` (about 5 a second) and `Note`.
        guard: hears of a checkpoint of another request, when resuming.
        identity: what the run is: fingerprints of data and request, JSON types. Seed, options, number of rows
            and versions are added.
        resume: go on from the newest whole checkpoint in `folder`, or from the start when there is none. The
            module must be as it was when the run first began.
        collate: makes a batch of features; padded by `hfshell.compute.padding.pad` without it.
        loss: of the model's outputs for a batch without its targets, and the whole batch; the model's own
            without it.

    Raises:
        TrainingError: nothing to train on, numbers that are not finite, out of memory, or a folder that holds
            checkpoints already.
        Refused: the checkpoint was made by another request.
        StorageError: a checkpoint could not be written.
        TrainingAborted: broken off by `KeyboardInterrupt` or `Interrupted`, raised from outside.
    """
    cancelled = cancelled or CancelToken()
    cancelled.raise_if_set()
    if not features:
        raise TrainingError("there are no rows to train on")
    if validation is None or not validation.features:
        validation = None
        emit(Note("no validation rows: the last weights are kept"))
    schedule = _schedule(len(features), options)
    start = _prepare_folder(folder, module, resume=resume, emit=emit)
    history = TrainingHistory.read(start.folder) if start else TrainingHistory(schedule.total_steps)
    device = str(next(module.parameters()).device)
    model = LoadedModel(ModelFolder("training", folder), module, processor, device=device)
    watch = TrainingWatch(schedule, history, model, validation, cancelled=cancelled, emit=emit)
    with silenced(), accelerator_state_kept():
        trainer = build_trainer(
            module,
            features,
            options,
            folder,
            collate=collate or partial(pad, processor),
            loss=loss,
            watch=watch,
            identity=identity or {},
            guard=guard,
        )
        with _rolled_back(trainer, folder), _out_of_memory_explained(options):
            last = _run(trainer, watch, start)
            chosen = _choose(watch, folder, last, emit)
            if chosen and chosen.step != last:
                trainer.load_weights(checkpoints.checkpoint_path(folder, chosen.step))
    del trainer
    gc.collect()  # Trainer and accelerate hold each other, and the optimizer's memory with them
    return TrainingRun(
        steps=last,
        epochs=schedule.epoch(last),
        rows=history.rows,
        losses=history.losses,
        validation=tuple(dict(record.metrics) for record in history.validation),
        best_epoch=chosen.epoch if chosen else None,
        checkpoint=checkpoints.checkpoint_path(folder, chosen.step if chosen else last),
        seconds=history.seconds,
        rows_per_second=history.rows / max(history.seconds, 1e-9),
        stopped=watch.stopped,
        resumed_from=start.step if start else None,
    )


def _run(trainer: FinetuneTrainer, watch: TrainingWatch, start: Checkpoint | None) -> int:
    """Train to the end, and return the step that the module's weights are of."""
    if start:
        trainer.require_same_request(start)
        if watch.schedule.ends_epoch(start.step):
            trainer.load_weights(start.folder)
            watch.measure(start.step)
        if watch.is_over(start.step):
            return start.step
    trainer.train(resume_from_checkpoint=str(start.folder) if start else None)
    return int(trainer.state.global_step)


def _choose(
    watch: TrainingWatch, folder: Path, last: int, emit: Callable[[Event], None]
) -> ValidationRecord | None:
    """Return the best epoch whose weights are there; None when there is none, and the last are kept."""
    for record in watch.ranked():
        path = checkpoints.checkpoint_path(folder, record.step)
        faults = () if record.step == last else checkpoints.faults_of(path)
        if not faults:
            return record
        emit(Note(f"epoch {record.epoch:g} cannot be kept: {path.name}: {'; '.join(faults)}", "warn"))
    return None


def _prepare_folder(
    folder: Path, module: torch.nn.Module, *, resume: bool, emit: Callable[[Event], None]
) -> Checkpoint | None:
    """Make the folder fit to train in, and return the checkpoint to go on from."""
    if not resume and checkpoints.list_checkpoints(folder):
        raise TrainingError(
            f"{folder} holds checkpoints of an earlier run", hint="resume it, or choose another folder"
        )
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    remove_leftovers(folder)
    search = checkpoints.find_newest(folder)
    for broken, faults in search.refused:
        emit(Note(f"{broken.name} is passed over: {'; '.join(faults)}", "warn"))
    if resume and search.newest is None:
        emit(Note("there is no whole checkpoint to go on from: training starts from the beginning"))
    weights = sum(weight.nbytes for weight in module.parameters())
    at_once = Hardening.newest + 2  # with the best one, and the one being written
    require_space(
        folder, (at_once - len(checkpoints.list_checkpoints(folder))) * (1 + _ADAM_STATES) * weights
    )
    return search.newest


def _schedule(rows: int, options: TrainingOptions) -> Schedule:
    steps_per_epoch = math.ceil(math.ceil(rows / options.batch_size) / options.gradient_accumulation)
    total = math.ceil(options.epochs * steps_per_epoch)
    return Schedule(options.epochs, steps_per_epoch, total, options.save_every, options.patience)


@contextlib.contextmanager
def _rolled_back(trainer: FinetuneTrainer, folder: Path) -> Iterator[None]:
    """Turn being broken off into `TrainingAborted`, with the newest committed weights in the module."""
    try:
        yield
    except (KeyboardInterrupt, Interrupted) as error:
        newest = checkpoints.find_newest(folder).newest
        if newest:
            trainer.load_weights(newest.folder)
        raise TrainingAborted(newest.step if newest else None) from error


@contextlib.contextmanager
def _out_of_memory_explained(options: TrainingOptions) -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:
        if not should_reduce_batch_size(error):
            raise
        raise TrainingError(
            f"out of memory with {options.batch_size} rows at once",
            hint="halve the batch size and double gradient accumulation: the result is the same",
        ) from error
