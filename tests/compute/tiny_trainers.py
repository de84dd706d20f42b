"""Trainers of the tiny model, stock and hardened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import transformers
from transformers import DataCollatorWithPadding, Trainer, TrainerCallback, TrainingArguments

from hfshell.compute.hardening import HardenedTrainerMixin
from tests.compute.tiny_bert import make_features, make_module, make_tokenizer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Hardened(HardenedTrainerMixin, Trainer):
    """A stock Trainer, hardened."""


class AtStep(TrainerCallback):
    """Do something after a step."""

    def __init__(self, step: int, act: Callable[[Any], None]) -> None:
        self.step, self.act = step, act

    def on_step_end(self, _args: Any, state: Any, _control: Any, **rest: Any) -> None:
        if state.global_step == self.step:
            self.act(rest["model"])


def arguments(folder: Path, **given: Any) -> Any:
    defaults = {"max_steps": 8, "learning_rate": 1e-3, "save_steps": 2, "disable_tqdm": True, "use_cpu": True}
    defaults["remove_unused_columns"] = False  # a model may have a `forward` of its own
    return TrainingArguments(output_dir=str(folder), per_device_train_batch_size=4, **{**defaults, **given})


def trainer(kind: type, folder: Path, model: Any = None, **given: Any) -> Any:
    own = {name: given.pop(name) for name in ("hardening", "callbacks", "compute_loss_func") if name in given}
    built = kind(
        model=model or make_module(),
        args=arguments(folder, **given),
        train_dataset=make_features(32),
        data_collator=DataCollatorWithPadding(make_tokenizer()),
        **own,
    )
    built.remove_callback(transformers.PrinterCallback)
    return built


def interrupt(_model: Any) -> None:
    raise KeyboardInterrupt
