"""Trainer as `finetune` uses it: hardened, silent, and told by others when to save."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

import accelerate
import torch
import transformers
from transformers import PrinterCallback, Trainer, TrainingArguments

from hfshell.compute.hardening import HardenedTrainerMixin, Hardening
from hfshell.compute.inference import without_targets
from hfshell.compute.training_history import HISTORY_FILE, TrainingHistory

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hfshell.api import Guard
    from hfshell.api.features import Feature
    from hfshell.compute.training_watch import TrainingWatch

Collator = Callable[[Any], Mapping[str, torch.Tensor]]
"""Pads features into one batch of tensors."""


Loss = Callable[[Any, Mapping[str, Any]], Any]
"""What a task learns, of the model's outputs and the batch."""


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


class FinetuneTrainer(HardenedTrainerMixin, Trainer):  # type: ignore[misc]  # transformers is not typed
    """A hardened Trainer that keeps the run's history in its checkpoints."""

    def __init__(self, *args: Any, history: TrainingHistory, loss: Loss | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.history = history
        self.own_loss = loss

    def compute_loss(
        self, model: Any, inputs: Mapping[str, Any], return_outputs: bool = False, **kwargs: Any
    ) -> Any:
        """Return the task's own loss, or else the model's."""
        if self.own_loss is None:
            return super().compute_loss(model, inputs, return_outputs=return_outputs, **kwargs)
        outputs = model(**without_targets(inputs))
        loss = self.own_loss(outputs, inputs)
        return (loss, outputs) if return_outputs else loss

    def training_step(self, model: Any, inputs: Mapping[str, Any], *args: Any, **kwargs: Any) -> torch.Tensor:
        """Do a forward and a backward pass, and note the loss."""
        rows = len(next(iter(inputs.values())))
        loss = super().training_step(model, inputs, *args, **kwargs)
        self.history.add_batch(loss.item(), rows)
        return loss

    def checkpoint_extras(self) -> Mapping[str, str]:
        """Return the history."""
        return {HISTORY_FILE: self.history.to_json()}


def build_trainer(
    module: torch.nn.Module,
    features: Sequence[Feature],
    options: TrainingOptions,
    folder: Path,
    *,
    collate: Collator,
    loss: Loss | None = None,
    watch: TrainingWatch,
    identity: Mapping[str, Any],
    guard: Callable[[Guard], None],
) -> FinetuneTrainer:
    """Return a Trainer for one run; make and use it inside `accelerator_state_kept`.

    Args:
        module: what to train.
        features: rows to train on.
        options: how to train.
        folder: where checkpoints go.
        collate: pads a batch.
        loss: the task's own; the model's without it.
        watch: says when to save and when to stop.
        identity: what the run is; seed, options, number of rows and versions are added.
        guard: hears of a checkpoint of another request.
    """
    trainer = FinetuneTrainer(
        model=module,
        args=_arguments(options, folder, next(module.parameters()).device),
        train_dataset=features,
        data_collator=collate,
        callbacks=[watch],
        history=watch.history,
        loss=loss,
        hardening=Hardening(_identity(identity, options, len(features)), guard=guard),
    )
    trainer.remove_callback(PrinterCallback)
    return trainer


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
