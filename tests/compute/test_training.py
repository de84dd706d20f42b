"""`train` on a tiny model: what it chooses, says and refuses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import torch
from transformers import DataCollatorWithPadding

from hfshell.api import CancelToken, LoadedModel, Metric, ModelFolder, Note, Progress
from hfshell.compute.inference import stacked
from hfshell.compute.training import TrainingOptions, train
from hfshell.compute.validation import Validation, compute_metrics
from hfshell.errors import Refused, TrainingError
from tests.compute.tiny_bert import make_features, make_module, make_tokenizer
from tests.compute.tiny_runs import OPTIONS, STEPS_PER_EPOCH, Scores, run, same, stored, weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hfshell.api import Event, Guard


@pytest.fixture(autouse=True)
def _every_step_is_said(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "throttled" not in request.node.name:
        monkeypatch.setattr("hfshell.compute.training_watch._SECONDS_BETWEEN_EVENTS", 0.0)
        monkeypatch.setattr("hfshell.compute.inference._SECONDS_BETWEEN_EVENTS", 0.0)


# ---- a run that ends well


def test_it_learns_and_says_what_it_did(tmp_path: Path) -> None:
    """A separable task is learnt; the figures of the run fit each other."""
    features, held_out = make_features(160), make_features(64, seed=1)
    gold = torch.tensor([feature["labels"] for feature in held_out])

    def accuracy(outputs: Sequence[torch.Tensor]) -> list[Metric]:
        return [Metric("accuracy", (stacked(outputs).argmax(-1) == gold).float().mean().item())]

    module, options = make_module(), TrainingOptions(epochs=4, batch_size=16, learning_rate=1e-2)
    validation = Validation(held_out, accuracy)
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
    assert accuracy(list(logits))[0].value == pytest.approx(best, abs=0.02)


@pytest.mark.parametrize(
    ("scores", "higher", "epoch"),
    [
        ((0.5, 0.9, 0.7), True, 2),
        ((0.5, 0.9, 0.7), False, 1),
        pytest.param((0.9, 0.9, 0.9), True, 1, marks=pytest.mark.slow),
        pytest.param((None, 0.1, float("nan")), True, 2, marks=pytest.mark.slow),
        pytest.param((0.1, 0.2, 0.3), True, 3, marks=pytest.mark.slow),
        ((None, None, None), True, None),
    ],
)
def test_the_best_epoch_is_kept(tmp_path: Path, scores: tuple[float, ...], higher: bool, epoch: int) -> None:
    """The module ends with the weights of the best epoch: the first of equals, the last if none is scored."""
    module = make_module()
    validation = Validation(make_features(16, seed=1), Scores(*scores, higher=higher))
    done = run(tmp_path, module, validation=validation)
    assert done.best_epoch == epoch
    assert done.checkpoint == tmp_path / f"checkpoint-{(epoch or 3) * STEPS_PER_EPOCH}"
    assert same(weights(module), stored(done.checkpoint))
    assert done.steps == 18


def test_without_validation_rows_the_last_weights_are_kept(tmp_path: Path) -> None:
    """And it is said."""
    events: list[Event] = []
    module = make_module()
    done = run(tmp_path, module, emit=events.append, validation=Validation([], Scores()))
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


def test_bfloat16_is_of_the_arithmetic_alone(tmp_path: Path) -> None:
    """The weights stay float32, and the model computes in float32 again when the run is over."""
    module = make_module()
    done = run(tmp_path, module, options=TrainingOptions(epochs=1, batch_size=8, dtype="bfloat16"))
    assert done.steps == STEPS_PER_EPOCH
    assert {weight.dtype for weight in module.parameters()} == {torch.float32}
    assert "forward" not in vars(module)


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


# ---- refused


def test_another_request_is_refused(tmp_path: Path) -> None:
    """Other data, options or rows are not the run that was begun."""
    run(tmp_path, identity={"data": "f00"})
    other = TrainingOptions(epochs=3, batch_size=8, learning_rate=1e-3)
    with pytest.raises(Refused, match=r"data was f00, now ba7; learning_rate was 0.01, now 0.001"):
        run(tmp_path, options=other, identity={"data": "ba7"}, resume=True)
    heard: list[Guard] = []
    (tmp_path / "checkpoint-18").rename(tmp_path / "elsewhere")
    done = run(tmp_path, options=other, identity={"data": "ba7"}, resume=True, guard=heard.append)
    assert (done.resumed_from, done.steps) == (12, 18)
    assert [guard.name for guard in heard] == ["resume"], "asked once, and allowed"


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


def test_measuring_leaves_the_mode_and_shows_no_labels() -> None:
    """A model in training is measured without dropout, goes on training, and is not told the answers."""
    module, seen = make_module().train(), []

    def look(_module: Any, _args: Any, inputs: dict[str, Any]) -> None:
        seen.append((module.training, "labels" in inputs))

    module.register_forward_pre_hook(look, with_kwargs=True)
    model = LoadedModel(ModelFolder("test", Path()), module, make_tokenizer())
    validation = Validation(make_features(16), Scores(0.5))
    metrics = compute_metrics(model, validation, CancelToken(), lambda _event: None)
    assert metrics == [Metric("accuracy", 0.5), Metric("loss", 1.0)]
    assert set(seen) == {(False, False)}
    assert module.training
