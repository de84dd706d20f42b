"""Each fault of a stock Trainer that the mixin closes, shown on both."""

from __future__ import annotations

import contextlib
import random
import resource
from pathlib import Path
from typing import TYPE_CHECKING, Any

import accelerate
import numpy as np
import pytest
import torch
import transformers
from transformers import DataCollatorWithPadding, Trainer, TrainerCallback, TrainingArguments

from hfshell.compute import checkpoints
from hfshell.compute.hardening import HardenedTrainerMixin, Hardening
from hfshell.compute.surroundings import accelerator_state_kept
from hfshell.errors import Refused, StorageError, TrainingError
from tests.compute.tiny_bert import WORDS, make_features, make_module, make_tokenizer

if TYPE_CHECKING:
    from collections.abc import Callable

    from hfshell.api import Guard


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
        ("BertForTokenClassification", True),
        ("BertForMaskedLM", True),
        ("GPT2LMHeadModel", False),
    ],
)
def test_accumulation_is_one_large_batch(tmp_path: Path, name: str, wrong_in_stock: bool) -> None:
    """Four batches of 4 give loss and gradient of one of 16, whether or not the loss counts items."""
    loss, norm = first_logs(Hardened, tmp_path, name, 1)
    assert first_logs(Hardened, tmp_path, name, 4) == pytest.approx((loss, norm), rel=1e-4)
    stock = first_logs(Trainer, tmp_path, name, 4)
    assert stock == pytest.approx((4 * loss, 4 * norm) if wrong_in_stock else (loss, norm), rel=1e-4)


@pytest.mark.parametrize("counts", [True, False])
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


def interrupt(_model: Any) -> None:
    raise KeyboardInterrupt


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


# ---- checkpoints


def weights(model: Any) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in model.state_dict().items()}


def same(left: dict[str, torch.Tensor], right: dict[str, torch.Tensor]) -> bool:
    return left.keys() == right.keys() and all(torch.equal(left[name], right[name]) for name in left)


def test_checkpoints_verify_and_hold_no_pickled_arguments(tmp_path: Path) -> None:
    """Two newest, whole, with their identity; `training_args.bin` is in none."""
    hardening = Hardening({"seed": 42, "data": "f00"})
    trainer(Hardened, tmp_path, hardening=hardening).train()
    found = checkpoints.list_checkpoints(tmp_path)
    assert [step for step, _ in found] == [6, 8]
    for step, folder in found:
        assert checkpoints.open_checkpoint(folder).identity == {"seed": 42, "data": "f00", "step": step}
        assert not (folder / "training_args.bin").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"checkpoint-6", "checkpoint-8"}


@pytest.mark.parametrize("accumulation", [1, 3])
@pytest.mark.parametrize("step", [2, 6])
def test_resumed_is_the_same_to_the_bit(tmp_path: Path, step: int, accumulation: int) -> None:
    """From a checkpoint within an epoch, the weights are those of a run in one go, dropout and order too."""
    through, half = make_module(), make_module()
    settings = {"gradient_accumulation_steps": accumulation, "save_steps": step}
    trainer(Hardened, tmp_path / "through", through, **settings).train()
    with pytest.raises(KeyboardInterrupt):
        trainer(Hardened, tmp_path / "half", half, callbacks=[AtStep(7, interrupt)], **settings).train()
    random.seed(99)
    torch.manual_seed(99)
    resumed = trainer(Hardened, tmp_path / "half", half, **settings)
    resumed.train(resume_from_checkpoint=True)
    assert resumed.state.global_step == 8
    assert same(weights(half), weights(through))


def test_a_damaged_checkpoint_is_never_loaded(tmp_path: Path) -> None:
    """Asked for by name it is refused; asked for the newest, the one before is taken."""
    trainer(Hardened, tmp_path).train()
    (tmp_path / "checkpoint-8" / "optimizer.pt").write_bytes(b"")
    again = trainer(Hardened, tmp_path)
    with pytest.raises(TrainingError, match=r"checkpoint-8 cannot be resumed from: optimizer.pt"):
        again.train(resume_from_checkpoint=str(tmp_path / "checkpoint-8"))
    again.train(resume_from_checkpoint=True)
    assert again.state.global_step == 8
    assert checkpoints.faults_of(tmp_path / "checkpoint-8") == ()


def test_no_checkpoint_to_resume_is_said(tmp_path: Path) -> None:
    """Resuming nothing is an error, not a fresh start."""
    with pytest.raises(TrainingError, match="holds no checkpoint that can be resumed from"):
        trainer(Hardened, tmp_path).train(resume_from_checkpoint=True)


def test_another_request_is_refused_unless_allowed(tmp_path: Path) -> None:
    """What changed is said; a guard that allows it lets the run go on; other versions only warn."""
    trainer(Hardened, tmp_path, hardening=Hardening({"seed": 42, "versions": {"torch": "1"}})).train()
    other = {"seed": 7, "versions": {"torch": "2"}}
    with pytest.raises(Refused, match="seed was 42, now 7") as raised:
        trainer(Hardened, tmp_path, hardening=Hardening(other)).train(resume_from_checkpoint=True)
    assert raised.value.guard == "resume"
    heard: list[Guard] = []
    trainer(Hardened, tmp_path, hardening=Hardening(other, guard=heard.append)).train(
        resume_from_checkpoint=True
    )
    assert [(guard.name, guard.severity) for guard in heard] == [
        ("resume", "refuse"),
        ("resume-versions", "warn"),
    ]


def test_a_disk_that_refuses_a_checkpoint_keeps_the_ones_before(tmp_path: Path) -> None:
    """The run stops with a StorageError; nothing half-written is left, and it can be resumed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill_up(_model: Any) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))

    try:
        with pytest.raises(StorageError, match="checkpoint-4 cannot be written"):
            trainer(Hardened, tmp_path, callbacks=[AtStep(3, fill_up)]).train()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert {path.name for path in tmp_path.iterdir()} == {"checkpoint-2"}
    trainer(Hardened, tmp_path).train(resume_from_checkpoint=True)


def test_a_checkpoint_that_lacks_state_is_not_committed(tmp_path: Path) -> None:
    """`save_only_model` makes folders that cannot be resumed from; that is said when the first is due."""
    with pytest.raises(TrainingError, match=r"step 2 is not complete: optimizer.pt is missing"):
        trainer(Hardened, tmp_path, save_only_model=True).train()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_it_mixes_with_a_sentence_transformers_trainer(tmp_path: Path) -> None:
    """The same mixin over a trainer that is not transformers' own: trains, commits, resumes to the bit."""
    library = pytest.importorskip("sentence_transformers")
    losses = pytest.importorskip("sentence_transformers.sentence_transformer.losses")
    datasets = pytest.importorskip("datasets")
    make_module().base_model.save_pretrained(tmp_path / "base")
    make_tokenizer().save_pretrained(tmp_path / "base")
    rows = datasets.Dataset.from_dict(
        {"anchor": ["good film", "bad plot"] * 8, "positive": ["great film", "poor plot"] * 8}
    )

    class HardenedSentences(HardenedTrainerMixin, library.SentenceTransformerTrainer):
        pass

    def build(folder: Path, **given: Any) -> tuple[Any, Any]:
        model = library.SentenceTransformer(str(tmp_path / "base"), device="cpu")
        settings = library.SentenceTransformerTrainingArguments(
            output_dir=str(folder),
            max_steps=6,
            save_steps=2,
            per_device_train_batch_size=4,
            disable_tqdm=True,
            use_cpu=True,
            dataloader_pin_memory=False,
        )
        loss = losses.MultipleNegativesRankingLoss(model)
        return model, HardenedSentences(model=model, args=settings, train_dataset=rows, loss=loss, **given)

    through, built = build(tmp_path / "through")
    built.train()
    _, built = build(tmp_path / "half", callbacks=[AtStep(5, interrupt)])
    with pytest.raises(KeyboardInterrupt):
        built.train()
    resumed, built = build(tmp_path / "half")
    built.train(resume_from_checkpoint=True)
    assert built.state.global_step == 6
    assert same(weights(resumed), weights(through))
