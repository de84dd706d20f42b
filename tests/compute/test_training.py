"""`train` on a tiny model: what it chooses, says, survives and refuses."""

from __future__ import annotations

import ctypes
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import torch
from transformers import DataCollatorWithPadding

from hfshell.api import CancelToken, Note, Progress
from hfshell.compute import checkpoints
from hfshell.compute.training import TrainingAborted, TrainingOptions, train
from hfshell.compute.validation import Validation, compute_metrics
from hfshell.errors import Interrupted, Refused, TrainingError
from tests.compute.tiny_bert import make_features, make_module, make_tokenizer

if TYPE_CHECKING:
    from collections.abc import Callable

    from hfshell.api import Event
    from hfshell.compute.training import TrainingRun

OPTIONS = TrainingOptions(epochs=3, batch_size=8, learning_rate=1e-2)
STEPS_PER_EPOCH = 6


class Scores:
    """A measure that gives scores decided beforehand, one after each epoch, and counts its calls."""

    def __init__(self, *scores: float | None) -> None:
        self.scores, self.calls = scores, 0

    def __call__(self, logits: torch.Tensor) -> dict[str, float | None]:
        self.calls += 1
        assert logits.shape == (16, 2)
        return {"accuracy": self.scores[self.calls - 1], "loss": 1.0}


def run(folder: Path, module: Any = None, options: TrainingOptions = OPTIONS, **given: Any) -> TrainingRun:
    module = module or make_module()
    scores = given.pop("scores", None)
    if scores:
        given["validation"] = Validation(make_features(16, seed=1), scores, "accuracy")
    return train(module, make_features(6 * 8 - 3), make_tokenizer(), options, folder, **given)


def weights(module: Any) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in module.state_dict().items()}


def same(left: dict[str, torch.Tensor], right: dict[str, torch.Tensor]) -> bool:
    return left.keys() == right.keys() and all(torch.equal(left[name], right[name]) for name in left)


def stored(folder: Path) -> dict[str, torch.Tensor]:
    from safetensors.torch import load_file

    return load_file(folder / "model.safetensors")


def at_step(step: int, act: Callable[[], object]) -> Callable[[Event], None]:
    """Return an `emit` that acts when a progress event of a step or a later one comes."""

    def emit(event: Event) -> None:
        if isinstance(event, Progress) and event.activity == "finetune" and event.done >= step:
            act()

    return emit


@pytest.fixture(autouse=True)
def _every_step_is_said(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "throttled" not in request.node.name:
        monkeypatch.setattr("hfshell.compute.training_watch._SECONDS_BETWEEN_EVENTS", 0.0)


# ---- a run that ends well


def test_it_learns_and_says_what_it_did(tmp_path: Path) -> None:
    """A separable task is learnt; the figures of the run fit each other."""
    features, held_out = make_features(160), make_features(64, seed=1)
    gold = torch.tensor([feature["labels"] for feature in held_out])

    def accuracy(logits: torch.Tensor) -> dict[str, float]:
        return {"accuracy": (logits.argmax(-1) == gold).float().mean().item()}

    module, options = make_module(), TrainingOptions(epochs=4, batch_size=16, learning_rate=1e-2)
    validation = Validation(held_out, accuracy, "accuracy")
    run = train(module, features, make_tokenizer(), options, tmp_path, validation=validation)
    assert (run.steps, run.epochs, run.rows) == (40, 4.0, 640)
    assert len(run.losses) == 40
    assert run.losses[-1] < 0.6 * run.losses[0]
    assert len(run.validation) == 4
    best = max(metrics["accuracy"] for metrics in run.validation)
    assert best >= 0.9
    assert run.validation[int(run.best_epoch or 0) - 1]["accuracy"] == best
    assert run.rows_per_second == pytest.approx(run.rows / run.seconds)
    assert (run.stopped, run.resumed_from) == (None, None)
    assert module.training is False
    logits = module(**DataCollatorWithPadding(make_tokenizer())(held_out)).logits
    assert accuracy(logits)["accuracy"] == pytest.approx(best, abs=0.02)


@pytest.mark.parametrize(
    ("scores", "higher", "epoch"),
    [
        ((0.5, 0.9, 0.7), True, 2),
        ((0.5, 0.9, 0.7), False, 1),
        ((0.9, 0.9, 0.9), True, 1),
        ((None, 0.1, float("nan")), True, 2),
        ((0.1, 0.2, 0.3), True, 3),
    ],
)
def test_the_best_epoch_is_kept(tmp_path: Path, scores: tuple[float, ...], higher: bool, epoch: int) -> None:
    """The module ends with the weights of the best epoch: the first of equals, never one without a score."""
    module = make_module()
    validation = Validation(make_features(16, seed=1), Scores(*scores), "accuracy", higher_is_better=higher)
    done = run(tmp_path, module, validation=validation)
    assert done.best_epoch == epoch
    assert done.checkpoint == tmp_path / f"checkpoint-{epoch * STEPS_PER_EPOCH}"
    assert same(weights(module), stored(done.checkpoint))
    assert done.steps == 18


def test_without_validation_rows_the_last_weights_are_kept(tmp_path: Path) -> None:
    """And it is said."""
    events: list[Event] = []
    module = make_module()
    done = run(tmp_path, module, emit=events.append, validation=Validation([], Scores(), "accuracy"))
    assert (done.best_epoch, done.validation) == (None, ())
    assert same(weights(module), stored(tmp_path / "checkpoint-18"))
    assert Note("no validation rows: the last weights are kept") in events


def test_progress_is_enough_to_draw_from(tmp_path: Path) -> None:
    """Each event has loss, rate, epoch and what is left; the last says that all is done, with its metrics."""
    events: list[Event] = []
    run(tmp_path, emit=events.append, scores=Scores(0.1, 0.2, 0.3))
    steps = [event for event in events if isinstance(event, Progress) and event.activity == "finetune"]
    assert [event.done for event in steps if not event.metrics][:6] == [1, 2, 3, 4, 5, 6]
    for event in steps:
        assert event.total == 18
        assert event.unit == "steps"
        assert event.epochs == 3
        assert event.epoch == pytest.approx(event.done / STEPS_PER_EPOCH)
        assert event.loss is not None
        assert event.rows_per_second is not None
        assert event.rows_per_second > 0
        assert event.learning_rate is not None
    assert steps[-1].remaining_seconds == 0
    assert steps[-1].metrics == {"accuracy": 0.3, "loss": 1.0}
    assert max(event.learning_rate or 0 for event in steps) <= 1e-2
    assert Progress("eval", 16, 16) in events


def test_progress_is_throttled(tmp_path: Path) -> None:
    """A run of many quick steps does not flood whoever watches, and the last step is always said."""
    events: list[Event] = []
    done = run(tmp_path, options=TrainingOptions(epochs=9, batch_size=4), emit=events.append)
    steps = [event for event in events if isinstance(event, Progress)]
    assert len(steps) <= 5 * done.seconds + 9 + 2
    assert len(steps) < done.steps
    assert steps[-1].done == done.steps


def test_losses_are_at_most_sixty_stretches(tmp_path: Path) -> None:
    """A long run's curve stays short, and its stretches cover all steps alike."""
    done = run(tmp_path, options=TrainingOptions(epochs=12, batch_size=6))
    assert done.steps == 96
    assert len(done.losses) == 60


def test_early_stopping(tmp_path: Path) -> None:
    """Two epochs without a better score end the run, and the best epoch is kept."""
    options = TrainingOptions(epochs=9, batch_size=8, patience=2)
    events: list[Event] = []
    module, scores = make_module(), Scores(0.5, 0.9, 0.7, 0.9, 0.95)
    done = run(tmp_path, module, options, scores=scores, emit=events.append)
    assert (done.stopped, done.epochs, done.best_epoch) == ("early-stopping", 4.0, 2.0)
    assert same(weights(module), stored(tmp_path / "checkpoint-12"))
    assert Note("no better than epoch 2 for 2 epochs: stopped") in events


def test_a_fraction_of_an_epoch_is_measured_too(tmp_path: Path) -> None:
    """Half an epoch more is half an epoch more, and its end is measured."""
    options = TrainingOptions(epochs=1.5, batch_size=8)
    done = run(tmp_path, options=options, scores=Scores(0.1, 0.2))
    assert (done.steps, done.epochs, done.best_epoch) == (9, 1.5, 1.5)


def test_rows_are_padded_to_their_batch_alone(tmp_path: Path) -> None:
    """No batch is longer than its longest row, and rows come in a new random order each epoch."""
    features, shapes, orders = make_features(24), [], []
    pad = DataCollatorWithPadding(make_tokenizer())

    def collate(rows: list[Any]) -> Any:
        batch = pad(rows)
        shapes.append((batch["input_ids"].shape[1], max(len(row["input_ids"]) for row in rows)))
        orders.extend(features.index(row) for row in rows)
        return batch

    options = TrainingOptions(epochs=2, batch_size=4)
    train(make_module(), features, make_tokenizer(), options, tmp_path, collate=collate)
    assert all(width == longest for width, longest in shapes)
    assert len({width for width, _ in shapes}) > 1
    assert sorted(orders[:24]) == sorted(orders[24:]) == sorted(features.index(row) for row in features)
    assert orders[:24] != orders[24:]


# ---- cancelled, broken off, resumed


@pytest.mark.parametrize("step", [2, 6, 8])
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

    done = run(
        tmp_path, cancelled=token, emit=emit, validation=Validation(make_features(48), scores, "accuracy")
    )
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


def test_resuming_a_finished_run_gives_the_same_again(tmp_path: Path) -> None:
    """Nothing is trained or measured twice but the last epoch, whose score is younger than its checkpoint."""
    first, again = make_module(), make_module()
    done = run(tmp_path, first, scores=Scores(0.1, 0.3, 0.2))
    scores = Scores(0.2)
    rest = run(tmp_path, again, resume=True, scores=scores)
    assert same(weights(first), weights(again))
    assert (rest.steps, rest.validation, rest.best_epoch) == (done.steps, done.validation, done.best_epoch)
    assert rest.resumed_from == 18


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


# ---- refused


def test_another_request_is_refused(tmp_path: Path) -> None:
    """Other data, options or rows are not the run that was begun."""
    run(tmp_path, identity={"data": "f00"})
    other = TrainingOptions(epochs=3, batch_size=8, learning_rate=1e-3)
    with pytest.raises(Refused, match=r"data was f00, now ba7; learning_rate was 0.01, now 0.001"):
        run(tmp_path, options=other, identity={"data": "ba7"}, resume=True)


def test_how_often_checkpoints_are_written_may_change(tmp_path: Path) -> None:
    """It changes no weight."""
    run(tmp_path)
    assert run(tmp_path, options=TrainingOptions(3, 1e-2, 8, save_every=2), resume=True).resumed_from == 18


def test_a_folder_of_another_run_is_not_trained_into(tmp_path: Path) -> None:
    """A fresh run beside old checkpoints could later resume from the wrong one."""
    run(tmp_path)
    with pytest.raises(TrainingError, match="holds checkpoints of an earlier run"):
        run(tmp_path)


def test_no_rows_is_said(tmp_path: Path) -> None:
    """One line, and not a stack of errors from a data loader."""
    with pytest.raises(TrainingError, match="there are no rows to train on"):
        train(make_module(), [], make_tokenizer(), OPTIONS, tmp_path)


def test_out_of_memory_says_what_to_do(tmp_path: Path) -> None:
    """The allocator's refusal becomes one line with the way out; other errors stay what they are."""
    for text, kind in (
        ("DefaultCPUAllocator: can't allocate memory", TrainingError),
        ("a bug", RuntimeError),
    ):
        module = make_module()

        def refuse(*_inputs: Any, text: str = text) -> None:
            raise RuntimeError(text)

        module.register_forward_pre_hook(refuse)
        with pytest.raises(kind) as raised:
            run(tmp_path, module)
        if kind is TrainingError:
            assert "out of memory with 8 rows at once" in str(raised.value)
            assert "halve the batch size" in (raised.value.hint or "")


# ---- measuring


class Lengths(torch.nn.Module):
    """Answers each token with its own id: shows order and padding."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = torch.nn.Parameter(torch.ones(1))

    def forward(self, input_ids: torch.Tensor, **_rest: Any) -> Any:
        return type("Output", (), {"logits": (input_ids * self.scale).unsqueeze(-1)})


def test_logits_are_in_the_order_of_the_rows() -> None:
    """Batches are made of rows of like length, and their answers put back in place, padded with 0."""
    features, seen = make_features(11), []
    validation = Validation(features, lambda logits: seen.append(logits) or {"n": 1.0}, "n")
    pad = DataCollatorWithPadding(make_tokenizer())
    told: list[tuple[int, int]] = []
    compute_metrics(
        validation,
        Lengths(),
        pad,
        batch_size=4,
        cancelled=CancelToken(),
        progress=lambda *two: told.append(two),
    )
    [logits] = seen
    assert told == [(4, 11), (8, 11), (11, 11)]
    for row, feature in zip(logits, features, strict=True):
        ids = feature["input_ids"]
        assert row[: len(ids), 0].tolist() == ids
        assert row[len(ids) :].abs().sum() == 0


def test_logits_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    """The largest of NaN is label 0: such a model would get a plausible accuracy."""
    module = Lengths()
    module.scale.data.fill_(float("nan"))
    with pytest.raises(TrainingError, match="not finite"):
        compute_metrics(
            Validation(make_features(4), Scores(1.0), "accuracy"),
            module,
            DataCollatorWithPadding(make_tokenizer()),
            batch_size=4,
            cancelled=CancelToken(),
            progress=lambda *_two: None,
        )
