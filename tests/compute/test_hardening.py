"""Each fault of a stock Trainer that the mixin closes, shown on both."""

from __future__ import annotations

import contextlib
import random
from typing import TYPE_CHECKING, Any

import accelerate
import numpy as np
import pytest
import torch
import transformers
from transformers import Trainer, TrainingArguments

from hfshell.compute import checkpoints
from hfshell.compute.surroundings import accelerator_state_kept
from hfshell.errors import TrainingError
from tests.compute.tiny_bert import WORDS, make_module
from tests.compute.tiny_trainers import AtStep, Hardened, arguments, interrupt, trainer
from tests.since import since

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(autouse=True)
def _quiet() -> Any:
    with accelerator_state_kept():
        transformers.logging.disable_progress_bar()
        yield
        transformers.logging.enable_progress_bar()


# ---- gradient accumulation


def first_logs(kind: type, folder: Path, name: str, accumulation: int) -> tuple[float, float]:
    """Return loss and gradient norm of the first step, on the same 16 rows whatever the accumulation."""
    draw = torch.Generator().manual_seed(3)
    ids = torch.randint(4, len(WORDS), (16, 9), generator=draw)
    labels = ids if "LM" in name else torch.arange(16) % 2
    if "Token" in name:
        labels = (ids % 2).clone()
    rows = [{"input_ids": ids[i], "labels": labels[i]} for i in range(16)]
    if name == "GPT2LMHeadModel":
        config = transformers.GPT2Config(
            vocab_size=len(WORDS) + 4, n_embd=32, n_layer=1, n_head=2, n_positions=32
        )
        torch.manual_seed(0)
        model = transformers.GPT2LMHeadModel(config)
    else:
        model = make_module(kind=name)
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    built = kind(
        model=model,
        args=TrainingArguments(
            output_dir=str(folder),
            max_steps=1,
            logging_steps=1,
            per_device_train_batch_size=16 // accumulation,
            gradient_accumulation_steps=accumulation,
            save_strategy="no",
            disable_tqdm=True,
            use_cpu=True,
        ),
        train_dataset=rows,
    )
    built.remove_callback(transformers.PrinterCallback)
    built.train()
    return built.state.log_history[0]["loss"], built.state.log_history[0]["grad_norm"]


@pytest.mark.parametrize(
    ("name", "wrong_in_stock"),
    [
        ("BertForSequenceClassification", True),
        pytest.param("BertForTokenClassification", True, marks=pytest.mark.slow),
        pytest.param("BertForMaskedLM", True, marks=pytest.mark.slow),
        ("GPT2LMHeadModel", False),
    ],
)
def test_accumulation_is_one_large_batch(tmp_path: Path, name: str, wrong_in_stock: bool) -> None:
    """Four batches of 4 give loss and gradient of one of 16, whether or not the loss counts items."""
    loss, norm = first_logs(Hardened, tmp_path, name, 1)
    assert first_logs(Hardened, tmp_path, name, 4) == pytest.approx((loss, norm), rel=1e-4)
    stock = first_logs(Trainer, tmp_path, name, 4)
    assert stock == pytest.approx((4 * loss, 4 * norm) if wrong_in_stock else (loss, norm), rel=1e-4)


@pytest.mark.parametrize(
    "counts", [True, pytest.param(False, marks=since("5.19", "a Trainer that is told how a loss is scaled"))]
)
def test_accumulation_with_a_loss_of_ones_own(tmp_path: Path, counts: bool) -> None:
    """Also a loss function that is given may or may not divide by the item count."""

    def loss(outputs: Any, labels: torch.Tensor, num_items_in_batch: Any = None) -> torch.Tensor:
        total = torch.nn.functional.cross_entropy(outputs.logits, labels, reduction="sum")
        return total / (num_items_in_batch if counts else len(labels))

    seen = []
    for accumulation in (1, 2):
        built = trainer(
            Hardened,
            tmp_path,
            compute_loss_func=loss,
            max_steps=1,
            logging_steps=1,
            save_strategy="no",
            gradient_accumulation_steps=accumulation,
        )
        built.train()
        seen.append(built.state.log_history[0]["loss"])
    assert seen == pytest.approx([0.69, 0.69], abs=0.1)


# ---- numbers that are not finite


class Spoilt(transformers.BertForSequenceClassification):
    """Its loss is NaN, or its gradient infinite, at the fourth forward pass in train mode."""

    what = "loss"

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        outputs = super().forward(*args, **kwargs)
        self.passes = getattr(self, "passes", 0) + self.training
        if self.training and self.passes == 4:
            spoilt = torch.sqrt(0 * outputs.loss)  # 0, and its gradient is not finite
            outputs.loss = outputs.loss * float("nan") if self.what == "loss" else outputs.loss + spoilt
        return outputs


@pytest.mark.parametrize("what", ["loss", "gradient"])
def test_a_number_that_is_not_finite_stops_the_run(tmp_path: Path, what: str) -> None:
    """The step is named, the weights did not take it, and the last checkpoint is kept."""
    model = Spoilt(make_module().config)
    model.what = what
    built = trainer(Hardened, tmp_path, model, save_steps=1)
    with pytest.raises(
        TrainingError, match=f"the {what} became nan at step 4; checkpoint-3 is kept"
    ) as raised:
        built.train()
    assert "learning rate" in (raised.value.hint or "")
    assert all(torch.isfinite(weight).all() for weight in model.parameters())
    newest = checkpoints.find_newest(tmp_path)
    assert newest.newest is not None
    assert newest.newest.step == 3
    assert newest.refused == ()


def test_a_stock_trainer_hides_it(tmp_path: Path) -> None:
    """What the test above guards against: a finite loss is reported over weights that are not."""
    model = Spoilt(make_module().config)
    output = trainer(Trainer, tmp_path, model, save_strategy="no", logging_steps=1).train()
    assert np.isfinite(output.training_loss)
    assert not all(torch.isfinite(weight).all() for weight in model.parameters())


def test_weights_that_are_not_finite_are_not_committed(tmp_path: Path) -> None:
    """A last step that overflows leaves no checkpoint that looks good."""

    def spoil(model: Any) -> None:
        with torch.no_grad():
            model.classifier.bias.fill_(float("inf"))

    built = trainer(Hardened, tmp_path, callbacks=[AtStep(4, spoil)])
    with pytest.raises(TrainingError, match=r"weights of classifier.bias are not finite after step 4"):
        built.train()
    assert [step for step, _ in checkpoints.list_checkpoints(tmp_path)] == [2]


# ---- the process and the model behind a run


def test_living_accelerators_survive_runs_of_any_precision(tmp_path: Path) -> None:
    """An Accelerator of before works behind a run in float32 and one in bfloat16, as before."""
    living = accelerate.Accelerator(cpu=True)
    for precision in ({}, {"bf16": True}):
        with accelerator_state_kept():
            trainer(Hardened, tmp_path / str(precision), max_steps=1, **precision).train()
        assert living.device.type == "cpu"
        assert living.mixed_precision == "no"
        layer, optimizer = living.prepare(
            layer := torch.nn.Linear(2, 2), torch.optim.SGD(layer.parameters(), 0.1)
        )
        living.backward(layer(torch.ones(1, 2)).sum())
        optimizer.step()
    with accelerator_state_kept():
        arguments(tmp_path)
        with pytest.raises(AttributeError):
            living.device  # noqa: B018 - what happens without


def surroundings(model: Any) -> dict[str, Any]:
    return {
        "modes": [part.training for part in model.modules()],
        "attributes": sorted(set(vars(model)) | set(vars(model.config))),
        "use_cache": getattr(model.config, "use_cache", "absent"),
        "gradients": any(weight.grad is not None for weight in model.parameters()),
        "python": random.getstate(),
        "numpy": np.random.get_state()[1].tolist(),  # noqa: NPY002 - the state that Trainer reseeds
        "torch": torch.random.get_rng_state().tolist(),
    }


@pytest.mark.parametrize("act", [lambda _model: None, interrupt], ids=["finished", "interrupted"])
@pytest.mark.parametrize("bf16", [False, True])
def test_a_run_leaves_model_and_process_as_they_were(
    tmp_path: Path, bf16: bool, act: Callable[[Any], None]
) -> None:
    """Modes, attributes, use_cache, gradients and random numbers; whether it ends well or is interrupted."""
    model = make_module()
    model.config.use_cache = True
    model.bert.encoder.train()  # a mixture, to see each part's mode come back
    before = surroundings(model)
    built = trainer(Hardened, tmp_path, model, bf16=bf16, callbacks=[AtStep(3, act)])
    assert surroundings(model) == before
    with contextlib.suppress(KeyboardInterrupt):
        built.train()
    assert built.state.global_step == (3 if act is interrupt else 8)
    assert surroundings(model) == before
    assert built.is_in_train is False


def test_a_stock_trainer_leaves_traces(tmp_path: Path) -> None:
    """What the test above guards against."""
    model = make_module()
    model.config.use_cache = True
    before = surroundings(model)
    with pytest.raises(KeyboardInterrupt):
        trainer(Trainer, tmp_path, model, bf16=True, callbacks=[AtStep(3, interrupt)]).train()
    after = surroundings(model)
    assert {name for name in before if before[name] != after[name]} >= {
        "modes",
        "attributes",
        "use_cache",
        "torch",
    }
