"""Runs of `train` on the tiny model, and what to look at behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from safetensors.torch import load_file

from hfshell.api import Metric, Progress
from hfshell.compute.inference import stacked
from hfshell.compute.training import TrainingOptions, train
from hfshell.compute.validation import Validation
from tests.compute.tiny_bert import make_features, make_module, make_tokenizer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from hfshell.api import Event
    from hfshell.compute.training import TrainingRun

OPTIONS = TrainingOptions(epochs=3, batch_size=8, learning_rate=1e-2)
STEPS_PER_EPOCH = 6


class Scores:
    """A measure that gives scores decided beforehand, one after each epoch, and counts its calls."""

    def __init__(self, *scores: float | None, higher: bool = True) -> None:
        self.scores, self.higher, self.calls = scores, higher, 0

    def __call__(self, outputs: Sequence[torch.Tensor]) -> list[Metric]:
        self.calls += 1
        assert stacked(outputs).shape == (16, 2)
        score = self.scores[self.calls - 1]
        return [Metric("accuracy", score, higher_is_better=self.higher), Metric("loss", 1.0)]


def run(folder: Path, module: Any = None, options: TrainingOptions = OPTIONS, **given: Any) -> TrainingRun:
    module = module or make_module()
    scores = given.pop("scores", None)
    if scores:
        given["validation"] = Validation(make_features(16, seed=1), scores)
    return train(module, make_features(6 * 8 - 3), make_tokenizer(), options, folder, **given)


def weights(module: Any) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in module.state_dict().items()}


def same(left: dict[str, torch.Tensor], right: dict[str, torch.Tensor]) -> bool:
    return left.keys() == right.keys() and all(torch.equal(left[name], right[name]) for name in left)


def stored(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "model.safetensors")


def at_step(step: int, act: Callable[[], object]) -> Callable[[Event], None]:
    """Return an `emit` that acts when a progress event of a step or a later one comes."""

    def emit(event: Event) -> None:
        if isinstance(event, Progress) and event.activity == "finetune" and event.done >= step:
            act()

    return emit
