"""Fine-tuning a torch module that already has its head: the one function behind `finetune`."""

from __future__ import annotations

import contextlib
import gc
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import accelerate
import torch
import transformers
from accelerate.utils.memory import should_reduce_batch_size
from transformers import DataCollatorWithPadding, PrinterCallback, Trainer, TrainingArguments

from hfshell.api import CancelToken, Event, Guard, Note
from hfshell.compute import checkpoints
from hfshell.compute.hardening import HardenedTrainerMixin, Hardening, refuse
from hfshell.compute.surroundings import accelerator_state_kept
from hfshell.compute.training_history import HISTORY_FILE, TrainingHistory, ValidationRecord
from hfshell.compute.training_watch import Schedule, TrainingWatch
from hfshell.compute.validation import Collator, Feature, Validation, compute_metrics
from hfshell.errors import Interrupted, TrainingError
from hfshell.models.quiet import silenced
from hfshell.storage import remove_leftovers, require_space

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from hfshell.compute.checkpoints import Checkpoint

_ADAM_STATES = 2


@dataclass(frozen=True)
class TrainingOptions:
    """How to train. The defaults are BERT's for fine-tuning (Devlin et al. 2019, appendix A.3).

    Attributes:
        epochs: passes over the training rows, may be fractional.
        learning_rate: of AdamW, at its peak.
        batch_size: rows in one forward pass.
        gradient_accumulation: batches in one optimizer step.
        weight_decay: of AdamW; not applied to biases and layer norms.
        warmup: share of all steps over which the learning rate rises, from 0 to below 1.
        scheduler: how the learning rate falls after that.
        max_grad_norm: longer gradients are cut to this length; 0 leaves them.
        seed: of dropout and of the order of rows.
        dtype: of the arithmetic; weights stay float32.
        save_every: steps between checkpoints within an epoch; None for the ends of epochs alone.
        patience: epochs without a better headline metric after which training stops; None for never.
    """

    epochs: float = 3.0
    learning_rate: float = 5e-5
    batch_size: int = 32
    gradient_accumulation: int = 1
    weight_decay: float = 0.01
    warmup: float = 0.1
    scheduler: Literal["linear", "cosine", "constant", "constant_with_warmup"] = "linear"
    max_grad_norm: float = 1.0
    seed: int = 42
    dtype: Literal["float32", "bfloat16"] = "float32"
    save_every: int | None = None
    patience: int | None = None


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


class FinetuneTrainer(HardenedTrainerMixin, Trainer):  # type: ignore[misc]  # transformers is not typed
    """A hardened Trainer that keeps the run's history in its checkpoints."""

    def __init__(self, *args: Any, history: TrainingHistory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.history = history

    def training_step(self, model: Any, inputs: Mapping[str, Any], *args: Any, **kwargs: Any) -> torch.Tensor:
        """Do a forward and a backward pass, and note the loss."""
        rows = len(next(iter(inputs.values())))
        loss = super().training_step(model, inputs, *args, **kwargs)
        self.history.add_batch(loss.item(), rows)
        return loss

    def checkpoint_extras(self) -> Mapping[str, str]:
        """Return the history."""
        return {HISTORY_FILE: self.history.to_json()}


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
        collate: pads features that the processor alone cannot pad.

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
    schedule = _schedule(len(features), options)
    validation = validation if validation and validation.features else None
    if validation is None:
        emit(Note("no validation rows: the last weights are kept"))
    start = _prepare_folder(folder, module, resume=resume, emit=emit)
    history = TrainingHistory.read(start.folder) if start else TrainingHistory(schedule.total_steps)
    pad = collate or DataCollatorWithPadding(processor)

    def best() -> ValidationRecord | None:
        if validation is None:
            return None
        return history.best(validation.headline, higher_is_better=validation.higher_is_better)

    def validate(progress: Callable[[int, int], None]) -> dict[str, float] | None:
        if validation is None:
            return None
        return compute_metrics(
            validation, module, pad, batch_size=2 * options.batch_size, cancelled=cancelled, progress=progress
        )

    watch = TrainingWatch(
        schedule,
        history,
        validate=validate if validation else None,
        best=best,
        cancelled=cancelled,
        emit=emit,
    )
    with silenced(), accelerator_state_kept():
        trainer = FinetuneTrainer(
            model=module,
            args=_arguments(options, folder, next(module.parameters()).device),
            train_dataset=features,
            data_collator=pad,
            callbacks=[watch],
            history=history,
            hardening=Hardening(_identity(identity or {}, options, len(features)), guard=guard),
        )
        trainer.remove_callback(PrinterCallback)
        with _rolled_back(trainer, folder), _out_of_memory_explained(options):
            last = _run(trainer, watch, start)
            chosen = best()
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
        trainer.load_weights(start.folder)
        if watch.schedule.ends_epoch(start.step):
            watch.measure(start.step)
        if watch.is_over(start.step):
            return start.step
    trainer.train(resume_from_checkpoint=str(start.folder) if start else None)
    return int(trainer.state.global_step)


def _prepare_folder(
    folder: Path, module: torch.nn.Module, *, resume: bool, emit: Callable[[Event], None]
) -> Checkpoint | None:
    """Make the folder fit to train in, and return the checkpoint to go on from."""
    if not resume and checkpoints.list_checkpoints(folder):
        raise TrainingError(
            f"{folder} holds checkpoints of an earlier run", hint="resume it, or choose another folder"
        )
    remove_leftovers(folder)
    search = checkpoints.find_newest(folder)
    for broken, faults in search.refused:
        emit(Note(f"{broken.name} is passed over: {'; '.join(faults)}", "warn"))
    if resume and search.newest is None:
        emit(Note("there is no whole checkpoint to go on from: training starts from the beginning"))
    weights = sum(weight.nbytes for weight in module.parameters())
    kept_at_once = Hardening.newest + 2  # the best one, and the one being written
    require_space(folder, kept_at_once * (1 + _ADAM_STATES) * weights)
    return search.newest


def _schedule(rows: int, options: TrainingOptions) -> Schedule:
    steps_per_epoch = math.ceil(math.ceil(rows / options.batch_size) / options.gradient_accumulation)
    total = math.ceil(options.epochs * steps_per_epoch)
    return Schedule(options.epochs, steps_per_epoch, total, options.save_every, options.patience)


def _arguments(options: TrainingOptions, folder: Path, device: torch.device) -> Any:
    return TrainingArguments(
        output_dir=str(folder),
        num_train_epochs=options.epochs,
        learning_rate=options.learning_rate,
        per_device_train_batch_size=options.batch_size,
        gradient_accumulation_steps=options.gradient_accumulation,
        weight_decay=options.weight_decay,
        warmup_steps=options.warmup,
        lr_scheduler_type=options.scheduler,
        max_grad_norm=options.max_grad_norm,
        seed=options.seed,
        data_seed=options.seed,
        bf16=options.dtype == "bfloat16",
        use_cpu=device.type == "cpu",
        dataloader_pin_memory=device.type == "cuda",
        remove_unused_columns=False,
        disable_tqdm=True,
        report_to="none",
        logging_strategy="no",
        eval_strategy="no",
        save_strategy="no",  # the watch says when
    )


def _identity(given: Mapping[str, Any], options: TrainingOptions, rows: int) -> dict[str, Any]:
    changing = {name: value for name, value in asdict(options).items() if name != "save_every"}
    versions = {"torch": torch.__version__, "transformers": transformers.__version__}
    versions["accelerate"] = accelerate.__version__
    return {**given, "options": changing, "rows": rows, "versions": versions}


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
