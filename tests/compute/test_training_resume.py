"""A run of `train` that is cancelled, broken off or killed is gone on with, to the bit."""

from __future__ import annotations

import ctypes
import threading
from typing import TYPE_CHECKING

import pytest
import torch

from hfshell.api import CancelToken, Note, Progress
from hfshell.compute import checkpoints
from hfshell.compute.training import TrainingAborted, TrainingOptions
from hfshell.compute.validation import Validation
from hfshell.errors import Interrupted
from tests.compute.tiny_bert import make_features, make_module
from tests.compute.tiny_runs import Scores, at_step, run, same, stored, weights

if TYPE_CHECKING:
    from pathlib import Path

    from hfshell.api import Event


@pytest.fixture(autouse=True)
def _every_step_is_said(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "throttled" not in request.node.name:
        monkeypatch.setattr("hfshell.compute.training_watch._SECONDS_BETWEEN_EVENTS", 0.0)
        monkeypatch.setattr("hfshell.compute.inference._SECONDS_BETWEEN_EVENTS", 0.0)


@pytest.mark.parametrize("step", [2, *(pytest.param(step, marks=pytest.mark.slow) for step in (6, 8))])
def test_interrupted_and_resumed_is_a_run_in_one_go(tmp_path: Path, step: int) -> None:
    """Cancelled within or at the end of an epoch, then resumed: same weights, losses and validation."""
    through = make_module()
    whole = run(tmp_path / "through", through, scores=Scores(0.1, 0.3, 0.2))
    token = CancelToken()
    scores = Scores(0.1, 0.3, 0.2)
    half = run(tmp_path / "half", cancelled=token, emit=at_step(step, token.set), scores=scores)
    assert (half.stopped, half.steps) == ("interrupted", step)
    assert checkpoints.faults_of(tmp_path / "half" / f"checkpoint-{step}") == ()
    module = make_module()
    rest = run(tmp_path / "half", module, resume=True, scores=scores)
    assert (rest.resumed_from, rest.stopped, rest.steps) == (step, None, 18)
    assert same(weights(module), weights(through))
    assert (rest.losses, rest.validation, rest.rows) == (whole.losses, whole.validation, whole.rows)
    assert rest.best_epoch == whole.best_epoch == 2
    assert scores.calls == 3


@pytest.mark.slow
def test_interrupted_keeps_the_best_epoch_or_the_last_step(tmp_path: Path) -> None:
    """Before the first epoch ends that is the last step; after it, the best epoch measured."""
    for step, kept in ((3, 3), (8, 6)):
        token, module, folder = CancelToken(), make_module(), tmp_path / str(step)
        done = run(folder, module, cancelled=token, emit=at_step(step, token.set), scores=Scores(0.5))
        assert done.steps == step
        assert done.checkpoint.name == f"checkpoint-{kept}"
        assert same(weights(module), stored(done.checkpoint))
        assert module.training is False


def test_a_validation_is_interrupted_between_batches(tmp_path: Path) -> None:
    """The epoch's checkpoint is there already; what was not measured is measured on resume."""
    token, scores = CancelToken(), Scores(0.4, 0.5, 0.6)

    def emit(event: Event) -> None:
        if isinstance(event, Progress) and event.activity == "eval":
            token.set()

    done = run(tmp_path, cancelled=token, emit=emit, validation=Validation(make_features(48), scores))
    assert (done.stopped, done.steps, done.validation, scores.calls) == ("interrupted", 6, (), 0)
    rest = run(tmp_path, resume=True, scores=scores)
    assert (rest.resumed_from, len(rest.validation)) == (6, 3)


def test_cancelled_before_it_began(tmp_path: Path) -> None:
    """Nothing is trained and nothing written."""
    token = CancelToken()
    token.set()
    with pytest.raises(Interrupted):
        run(tmp_path, cancelled=token)
    assert list(tmp_path.iterdir()) == []


def raise_from_outside() -> None:
    """Do what a second Ctrl-C does to the worker thread: raise there, wherever it is."""
    own = ctypes.c_ulong(threading.get_ident())
    ctypes.pythonapi.PyThreadState_SetAsyncExc(own, ctypes.py_object(KeyboardInterrupt))


def test_broken_off_rolls_back_to_the_last_checkpoint(tmp_path: Path) -> None:
    """An exception from outside: the module has the committed weights, no gradients, and its mode back."""
    module, before = make_module(), torch.random.get_rng_state()
    with pytest.raises(TrainingAborted, match="checkpoint-6 is kept") as raised:
        run(tmp_path, module, emit=at_step(9, raise_from_outside))
    assert raised.value.rolled_back_to == 6
    assert raised.value.exit_code == 130
    assert same(weights(module), stored(tmp_path / "checkpoint-6"))
    assert module.training is False
    assert all(weight.grad is None for weight in module.parameters())
    assert torch.equal(torch.random.get_rng_state(), before)
    assert run(tmp_path, resume=True).steps == 18


def test_broken_off_before_the_first_checkpoint_is_half_trained(tmp_path: Path) -> None:
    """There is nothing to roll back to, and the caller can tell."""
    with pytest.raises(TrainingAborted, match="no checkpoint was written yet") as raised:
        run(tmp_path, emit=at_step(2, raise_from_outside))
    assert raised.value.rolled_back_to is None


@pytest.mark.slow
def test_resuming_a_finished_run_gives_the_same_again(tmp_path: Path) -> None:
    """Nothing is trained or measured twice but the last epoch, whose score is younger than its checkpoint."""
    first, again = make_module(), make_module()
    done = run(tmp_path, first, scores=Scores(0.1, 0.3, 0.2))
    scores = Scores(0.2)
    rest = run(tmp_path, again, resume=True, scores=scores)
    assert same(weights(first), weights(again))
    assert (rest.steps, rest.validation, rest.best_epoch) == (done.steps, done.validation, done.best_epoch)
    assert rest.resumed_from == 18


@pytest.mark.slow
def test_an_early_stop_is_found_again(tmp_path: Path) -> None:
    """A run killed between the checkpoint and the score that ends it takes no further step when resumed."""
    options = TrainingOptions(epochs=5, batch_size=8, patience=1)
    run(tmp_path, options=options, scores=Scores(0.9, 0.5))
    rest = run(tmp_path, options=options, scores=Scores(0.5), resume=True)
    assert (rest.steps, rest.stopped, rest.best_epoch) == (12, "early-stopping", 1.0)


def test_a_damaged_checkpoint_is_passed_over_aloud(tmp_path: Path) -> None:
    """The one before is taken, the outcome is that of a run in one go, and the file is named."""
    through, module = make_module(), make_module()
    run(tmp_path / "through", through)
    run(tmp_path / "half", module)
    (tmp_path / "half" / "checkpoint-18" / "optimizer.pt").write_bytes(b"")
    events: list[Event] = []
    module = make_module()
    rest = run(tmp_path / "half", module, resume=True, emit=events.append)
    assert rest.resumed_from == 12
    assert same(weights(module), weights(through))
    [note] = [event for event in events if isinstance(event, Note) and event.severity == "warn"]
    assert "checkpoint-18 is passed over: optimizer.pt has 0 bytes" in note.text


@pytest.mark.slow
def test_a_best_epoch_that_was_damaged_is_not_kept(tmp_path: Path) -> None:
    """The next best whose weights are whole is, and that is said; the run is not lost for it."""
    token, scores, events = CancelToken(), Scores(0.9, 0.5, 0.7), []
    run(tmp_path, cancelled=token, emit=at_step(13, token.set), scores=scores)
    (tmp_path / "checkpoint-6" / "model.safetensors").write_bytes(b"")
    module = make_module()
    rest = run(tmp_path, module, resume=True, scores=scores, emit=events.append)
    assert rest.best_epoch == 3.0
    assert same(weights(module), stored(tmp_path / "checkpoint-18"))
    assert any("epoch 1 cannot be kept" in event.text for event in events if isinstance(event, Note))


def test_resuming_without_a_checkpoint_starts_from_the_beginning(tmp_path: Path) -> None:
    """A run killed before its first checkpoint is begun again, and that is said."""
    events: list[Event] = []
    done = run(tmp_path, resume=True, emit=events.append)
    assert (done.resumed_from, done.steps) == (None, 18)
    assert any("starts from the beginning" in event.text for event in events if isinstance(event, Note))


def test_what_a_killed_run_left_is_cleaned_up(tmp_path: Path) -> None:
    """Half-written checkpoints do not gather."""
    (tmp_path / ".staging-0123456789ab" / "checkpoint-3").mkdir(parents=True)
    run(tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
