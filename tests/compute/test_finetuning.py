"""Fine-tuning from end to end: the base untouched, the head right, the run kept, resumed and repeatable."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch

from hfshell.api import Event, Features, LoadedModel, Metric, ModelView, Note, Progress, Row
from hfshell.compute import checkpoints, finetuning
from hfshell.compute.engine import TransformersEngine
from hfshell.errors import DataError, Interrupted, Refused
from hfshell.models.loading import load_model
from tests.compute.classify import (
    ACCOUNT,
    BILLING,
    LABELS,
    Classify,
    Data,
    Surroundings,
    rows,
)
from tests.models import tiny


def test_finetune_learns(base: LoadedModel, data: Data, context: Surroundings) -> None:
    """Twelve texts are learnt, measured each epoch, and the best epoch is kept."""
    outcome = Classify().finetune(base, data, None, context)
    assert outcome.model.labels == data.labels
    assert (outcome.model.new_weights, outcome.model.task) == ((), "classify")
    assert len(outcome.validation) == 5
    assert max(measured["accuracy"] for measured in outcome.validation) > 0.9
    assert outcome.best_epoch is not None
    assert (outcome.steps, outcome.rows, outcome.stopped) == (20, 60, None)
    assert outcome.losses[-1] < outcome.losses[0]
    predicted = [best.label for best in Classify().predict(outcome.model, rows(), None, context)]
    right = sum(label == row["label"] for label, row in zip(predicted, rows(), strict=True))
    assert right / 12 == pytest.approx(max(measured["accuracy"] for measured in outcome.validation))


def test_finetune_leaves_the_base_alone(base: LoadedModel, data: Data, context: Surroundings) -> None:
    """Weights, mode, gradients, configuration and files of the base are as before."""
    files = tiny.files(base.files.folder)
    before = (tiny.checksum(base.module), base.module.config.to_dict(), base.labels, base.new_weights)
    Classify().finetune(base, data, None, context.told(epochs=1))
    after = (tiny.checksum(base.module), base.module.config.to_dict(), base.labels, base.new_weights)
    assert after == before
    assert not base.module.training
    assert all(weight.grad is None and weight.requires_grad for weight in base.module.parameters())
    assert tiny.files(base.files.folder) == files


def test_trained_model_is_ready(base: LoadedModel, data: Data, context: Surroundings) -> None:
    """In eval mode, without gradients, its folder saying what it is, and nothing of the optimizer in it."""
    model = Classify().finetune(base, data, None, context.told(epochs=1)).model
    assert not model.module.training
    assert all(weight.grad is None for weight in model.module.parameters())
    assert context.artifacts is not None
    assert model.files.folder == context.artifacts / "model"
    assert (model.files.labels, model.files.task) == (data.labels, "classify")
    assert not list(model.files.folder.rglob("optimizer*"))


def test_checkpoint_stays_until_the_run_is_over(base: LoadedModel, data: Data, context: Surroundings) -> None:
    """Killed behind its last step, while it is measured, a run is not trained again from the beginning."""
    Classify().finetune(base, data, None, context.told(epochs=1))
    assert context.artifacts is not None
    newest = checkpoints.find_newest(context.artifacts / "checkpoints").newest
    assert newest is not None
    context.resume = True
    again = Classify().finetune(base, data, None, context.told(epochs=1))
    assert again.resumed_from == again.steps == newest.step


def test_saved_model_gives_the_same_answers(base: LoadedModel, data: Data, context: Surroundings) -> None:
    """What was kept on disk is what is in memory, to the last digit."""
    model = Classify().finetune(base, data, None, context.told(epochs=1)).model
    again = Classify().load(model.files, None, context)
    assert again.new_weights == ()
    expected = list(Classify().predict(model, rows(), None, context))
    assert list(Classify().predict(again, rows(), None, context)) == expected


def test_finetune_is_a_function_of_its_seed(base: LoadedModel, data: Data, tmp_path: Path) -> None:
    """Same seed, same weights; another seed, others."""
    sums = []
    for number, seed in enumerate((1, 1, 2)):
        surroundings = Surroundings(tmp_path / str(number), seed=seed)
        outcome = Classify().finetune(base, data, None, surroundings.told(epochs=1))
        sums.append(tiny.checksum(outcome.model.module))
    assert sums[0] == sums[1] != sums[2]


def test_finetune_without_a_run(base: LoadedModel, data: Data) -> None:
    """No folder, no files left behind; the model is in memory all the same."""
    outcome = Classify().finetune(base, data, None, Surroundings().told(epochs=1))
    assert outcome.folder == ""
    assert outcome.model.new_weights == ()


def test_finetune_goes_on_with_its_own_head(trained: LoadedModel, data: Data, tmp_path: Path) -> None:
    """The same labels, in whatever order the data has them, or some of them: the head learns on."""
    fewer = [row for row in rows() if row["label"] != "account"]
    for number, labels in enumerate((("delivery", "billing", "account"), ("delivery", "billing"))):
        part = Data(fewer, fewer, labels=labels)
        surroundings = Surroundings(tmp_path / f"again{number}")
        outcome = Classify().finetune(trained, part, None, surroundings.told(epochs=1, learning_rate=1e-9))
        assert outcome.model.labels == trained.labels
        assert torch.allclose(
            outcome.model.module.classifier.weight, trained.module.classifier.weight, atol=1e-6
        )


def test_finetune_for_other_labels_is_refused(trained: LoadedModel, tmp_path: Path) -> None:
    """A head that knows other labels is not overwritten unasked; when allowed, it is new."""
    other = Data(
        [{"text": text, "label": "0"} for text in BILLING]
        + [{"text": text, "label": "1"} for text in ACCOUNT],
        labels=("0", "1"),
    )
    with pytest.raises(Refused) as caught:
        Classify().finetune(trained, other, None, Surroundings(tmp_path / "x").told(epochs=1))
    assert caught.value.guard == "labels"
    assert "{account, billing, delivery}" in caught.value.message
    assert "{0, 1}" in caught.value.message
    allowed = Surroundings(tmp_path / "x", allowed=frozenset({"labels"}))
    outcome = Classify().finetune(trained, other, None, allowed.told(epochs=1))
    assert outcome.model.labels == ("0", "1")
    assert [guard.name for guard in allowed.guards] == ["labels"]


def test_labels_in_the_folder_count_too(trained: LoadedModel, tmp_path: Path) -> None:
    """A classifier that was loaded as a base still has its head on disk."""
    body = load_model(trained.files)
    assert body.labels == ()
    other = Data(rows(), labels=("x", "y"))
    with pytest.raises(Refused, match="the model knows"):
        Classify().finetune(body, other, None, Surroundings(tmp_path / "x").told(epochs=1))


@pytest.mark.parametrize(("labels", "said"), [((), "has no labels"), (("billing",), "nothing to learn")])
def test_data_that_teaches_nothing(
    base: LoadedModel, context: Surroundings, labels: tuple[str, ...], said: str
) -> None:
    """No labels, or one for all."""
    with pytest.raises(DataError, match=said):
        Classify().finetune(base, Data(rows(), labels=labels), None, context)


def test_truncation_in_training_is_said(base: LoadedModel, data: Data, context: Surroundings) -> None:
    """Cut training rows are counted over both splits."""
    Classify().finetune(base, data, None, context.told(epochs=0.5, max_length=5))
    assert [guard.name for guard in context.guards] == ["truncation"]
    assert "of 24 rows" in context.guards[0].message


def test_interrupted_training_is_kept_and_resumed(base: LoadedModel, data: Data, tmp_path: Path) -> None:
    """Ctrl-C keeps a usable model and a checkpoint; going on ends where an unbroken run ends."""
    whole = Classify().finetune(base, data, None, Surroundings(tmp_path / "whole").told(epochs=2))
    broken = Surroundings(tmp_path / "broken")

    def stop(event: Event) -> None:
        if isinstance(event, Progress) and event.activity == "finetune" and event.done >= 1:
            broken.cancelled.set()

    broken.emit = stop  # type: ignore[method-assign]
    first = Classify().finetune(base, data, None, broken.told(epochs=2))
    assert first.stopped == "interrupted"
    assert 0 < first.steps < whole.steps
    assert len(list(Classify().predict(first.model, rows(), None, Surroundings()))) == 12

    rest = Surroundings(tmp_path / "broken", resume=True)
    second = Classify().finetune(base, data, None, rest.told(epochs=2))
    assert (second.stopped, second.resumed_from, second.steps) == (None, first.steps, whole.steps)
    assert tiny.checksum(second.model.module) == tiny.checksum(whole.model.module)


def test_resume_with_another_base_is_refused(base: LoadedModel, data: Data, tmp_path: Path) -> None:
    """Going on with another model's checkpoint would mix two trainings."""
    broken = Surroundings(tmp_path / "run2")

    def stop(event: Event) -> None:
        if isinstance(event, Progress) and event.activity == "finetune":
            broken.cancelled.set()

    broken.emit = stop  # type: ignore[method-assign]
    Classify().finetune(base, data, None, broken.told(epochs=2))
    other = load_model(tiny.files(tiny.bert(tmp_path / "other", seed=5)))
    with pytest.raises(Refused, match="weights"):
        Classify().finetune(other, data, None, Surroundings(tmp_path / "run2", resume=True).told(epochs=2))


def test_cancelled_before_the_first_step(base: LoadedModel, data: Data, context: Surroundings) -> None:
    """Nothing was trained: nothing is kept that looks trained."""
    context.cancelled.set()
    with pytest.raises(Interrupted):
        Classify().finetune(base, data, None, context)
    assert context.artifacts is not None
    assert not (context.artifacts / "model").exists()


@pytest.mark.parametrize(("higher", "best"), [(True, 2.0), (False, 1.0)])
def test_first_metric_chooses_the_epoch(
    base: LoadedModel, data: Data, context: Surroundings, higher: bool, best: float
) -> None:
    """The session's metrics see whole predictions, rows and labels, and say which epoch is best, and how."""
    calls: list[int] = []

    def measure(predicted: Sequence[Any], seen: Sequence[Row], labels: Sequence[str]) -> Sequence[Metric]:
        assert [answer.label in LABELS for answer in predicted] == [True] * 12
        assert [row["label"] for row in seen] == [row["label"] for row in rows()]
        assert labels == data.labels
        calls.append(1)
        score = Metric("score", float(len(calls)), higher_is_better=higher)
        return [score, Metric("undefined", None), Metric("other", -float(len(calls)))]

    context.measure = measure  # type: ignore[method-assign]
    outcome = Classify().finetune(base, data, None, context.told(epochs=2))
    assert outcome.best_epoch == best
    assert outcome.validation == ({"score": 1.0, "other": -1.0}, {"score": 2.0, "other": -2.0})


def test_validation_hides_the_target(base: LoadedModel, data: Data, context: Surroundings) -> None:
    """What is measured is predicted without a look at the answer; what is learnt is not."""
    encoded: list[set[str]] = []
    decoded: list[set[str]] = []

    class Watching(Classify):
        def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
            encoded.extend(set(row) for row in rows)
            return super().encode(rows, model)

        def decode(self, logits: torch.Tensor, rows: Sequence[Row], model: ModelView) -> Any:
            decoded.extend(set(row) for row in rows)
            assert model.options == "predict's own"
            return super().decode(logits, rows, model)

    context.predict_options = "predict's own"
    Watching().finetune(base, data, None, context.told(epochs=1))
    assert encoded[:12] == [{"text", "label"}] * 12
    assert decoded == [{"text"}] * 12


def test_encode_may_give_targets_itself(base: LoadedModel, data: Data, context: Surroundings) -> None:
    """A task whose targets follow from its features says them there, and `target` is not asked."""

    class Own(Classify):
        def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
            features = super().encode(rows, model)
            assert isinstance(features, list)
            return [{**feature, "labels": 0} for feature in features]

        def target(self, _value: Any, _model: ModelView) -> Any:
            raise AssertionError

    outcome = Own().finetune(base, data, None, context.told(epochs=3))
    assert {answer.label for answer in Own().predict(outcome.model, rows(), None, context)} == {LABELS[0]}


def test_trained_rows_are_remembered(base: LoadedModel, data: Data, tmp_path: Path) -> None:
    """Rows that a model has seen are known after saving and loading, for evaluation must not use them."""
    surroundings = Surroundings(tmp_path / "m", engine=TransformersEngine(frozenset({"this", "that"})))
    base.trained_on = frozenset({"earlier"})
    outcome = Classify().finetune(base, data, None, surroundings.told(epochs=1))
    expected = {"earlier", "this", "that"}
    assert outcome.model.trained_on == expected
    assert load_model(outcome.model.files).trained_on == expected


def test_a_task_without_a_target_keeps_the_last_weights(
    base: LoadedModel, data: Data, context: Surroundings
) -> None:
    """Where nothing of the data can be held against a prediction, training goes to the end, and says so."""

    class Untargeted(Classify):
        target_role = None

        def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
            features = super().encode(rows, model)
            assert isinstance(features, list)
            return [{**feature, "labels": 1} for feature in features]

    outcome = Untargeted().finetune(base, data, None, context.told(epochs=1))
    assert (outcome.validation, outcome.best_epoch) == ((), None)
    assert [event.text for event in context.events if isinstance(event, Note)]


def test_encoding_is_cancelled(
    base: LoadedModel, data: Data, context: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A million rows are not tokenised to the end after Ctrl-C."""
    monkeypatch.setattr(finetuning, "ENCODED_AT_ONCE", 2)
    seen: list[Event] = []

    def stop(event: Event) -> None:
        seen.append(event)
        context.cancelled.set()

    context.emit = stop  # type: ignore[method-assign]
    with pytest.raises(Interrupted):
        Classify().finetune(base, data, None, context)
    assert len(seen) == 1
