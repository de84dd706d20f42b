"""Checkpoints of a hardened Trainer: whole or not at all, and resumed from to the bit."""

from __future__ import annotations

import random
import resource
from typing import TYPE_CHECKING, Any

import pytest
import torch
import transformers

from hfshell.compute import checkpoints
from hfshell.compute.hardening import HardenedTrainerMixin, Hardening
from hfshell.compute.surroundings import accelerator_state_kept
from hfshell.errors import Refused, StorageError, TrainingError
from tests.compute.tiny_bert import make_module, make_tokenizer
from tests.compute.tiny_runs import same, weights
from tests.compute.tiny_trainers import AtStep, Hardened, interrupt, trainer

if TYPE_CHECKING:
    from pathlib import Path

    from hfshell.api import Guard


@pytest.fixture(autouse=True)
def _quiet() -> Any:
    with accelerator_state_kept():
        transformers.logging.disable_progress_bar()
        yield
        transformers.logging.enable_progress_bar()


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


@pytest.mark.parametrize(
    ("step", "accumulation"),
    [(2, 3), *(pytest.param(*pair, marks=pytest.mark.slow) for pair in ((2, 1), (6, 1), (6, 3)))],
)
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
