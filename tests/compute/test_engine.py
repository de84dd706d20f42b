"""The engine loads, predicts and saves; and every guard on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hfshell.api.features import TRUNCATED
from hfshell.errors import Interrupted, PluginError, Refused, StorageError
from tests.compute.classify import (
    BILLING,
    DELIVERY,
    LABELS,
    Classify,
    Data,
    Surroundings,
    rows,
)
from tests.models import tiny

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import torch

    from hfshell.api import Features, LabelScore, LoadedModel, ModelView, Row


def test_load_gives_a_fresh_head(base: LoadedModel, context: Surroundings) -> None:
    """A base model loaded for a task has the head, and is known to be untrained."""
    model = Classify().load(base.files, None, context)
    assert model.new_weights == ("classifier.bias", "classifier.weight")
    assert model.task == "classify"


def test_fresh_head_predicts_nothing(base: LoadedModel, context: Surroundings) -> None:
    """Random answers look like answers: refused before the first row is read."""
    model = Classify().load(base.files, None, context)
    with pytest.raises(Refused) as caught:
        Classify().predict(model, rows(), None, context)
    assert caught.value.guard == "fresh-head"
    assert caught.value.hint is not None
    assert "finetune" in caught.value.hint


def test_dirty_model_is_not_used(trained: LoadedModel, data: Data, context: Surroundings) -> None:
    """What was broken off half-way neither predicts nor trains."""
    trained.dirty = "training was broken off in step 12"
    for use in (
        lambda: Classify().predict(trained, rows(), None, context),
        lambda: Classify().finetune(trained, data, None, context),
    ):
        with pytest.raises(Refused, match="step 12") as caught:
            use()
        assert caught.value.guard == "dirty"


def test_target_is_hidden_from_prediction(trained: LoadedModel, context: Surroundings) -> None:
    """A task cannot look at the answer, not even one the model does not know."""
    seen: list[set[str]] = []

    class Watching(Classify):
        def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
            seen.extend(set(row) for row in rows)
            return super().encode(rows, model)

        def decode(self, logits: torch.Tensor, rows: Sequence[Row], model: ModelView) -> Iterator[LabelScore]:
            seen.extend(set(row) for row in rows)
            return super().decode(logits, rows, model)

    list(Watching().predict(trained, [{"text": "my card", "label": "unheard of"}], None, context))
    assert seen == [{"text"}, {"text"}]


def test_rows_may_be_a_stream(
    trained: LoadedModel, context: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An endless stream is answered window by window, in order."""
    monkeypatch.setattr("hfshell.api.task.MOST_AT_ONCE", 4)
    read = 0

    def stream() -> Iterator[Row]:
        nonlocal read
        while True:
            yield {"text": (*BILLING, *DELIVERY)[read % 8]}
            read += 1

    answers = Classify().predict(trained, stream(), None, context)
    first = [next(answers) for _ in range(10)]
    assert read < 16
    expected = list(
        Classify().predict(trained, [{"text": text} for text in (*BILLING, *DELIVERY)], None, context)
    )
    assert [best.label for best in first[:8]] == [best.label for best in expected]


def test_truncation_is_said_once(trained: LoadedModel, context: Surroundings) -> None:
    """How many rows were cut, how much of them was not read, and how to read it."""
    texts = [{"text": "my card"}, {"text": "charged " * 20}, {"text": "money " * 30}]
    list(Classify().predict(trained, texts, None, context.told(max_length=16)))
    assert [(guard.name, guard.severity, guard.count) for guard in context.guards] == [
        ("truncation", "warn", 2)
    ]
    assert "2 of 3 rows were cut at 16 tokens: 22 tokens" in context.guards[0].message
    assert context.guards[0].hint == "--max-length 32 reads all of them whole"


def test_truncation_at_the_models_own_limit(trained: LoadedModel, context: Surroundings) -> None:
    """Where no option helps, none is offered."""
    list(Classify().predict(trained, [{"text": "charged " * 100}], None, context.told(max_length=None)))
    assert context.guards[0].hint == "the model reads 64 tokens at most; the longest row has 102"


@pytest.mark.parametrize("lost", ["encode", "decode"])
def test_lost_rows_are_the_plugins_fault(trained: LoadedModel, context: Surroundings, lost: str) -> None:
    """Fewer predictions than rows would shift every later one."""

    class Losing(Classify):
        def encode(self, *arguments: Any) -> Any:
            return super().encode(*arguments)[: -1 if lost == "encode" else None]

        def decode(self, *arguments: Any) -> Any:
            return list(super().decode(*arguments))[: -1 if lost == "decode" else None]

    with pytest.raises(PluginError, match="classify gave 11"):
        list(Losing().predict(trained, rows(), None, context))


def test_endless_predictions_are_the_plugins_fault(trained: LoadedModel, context: Surroundings) -> None:
    """A generator that never ends is not read to its end."""

    class Endless(Classify):
        def decode(self, *arguments: Any) -> Any:
            while True:
                yield from super().decode(*arguments)

    with pytest.raises(PluginError, match="classify gave 13 predictions for 12 rows"):
        list(Endless().predict(trained, rows(), None, context))


def test_features_may_be_lists_by_name(trained: LoadedModel, context: Surroundings) -> None:
    """What a tokenizer gives for many rows is as good as a dict a row, and predicts the same."""

    class Tokenizing(Classify):
        def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
            encoded: Features = model.processor([row["text"] for row in rows])
            return encoded

    answers = list(Tokenizing().predict(trained, rows(), None, context))
    assert answers == list(Classify().predict(trained, rows(), None, context))


def test_a_task_sees_its_options(trained: LoadedModel, context: Surroundings) -> None:
    """What the user asked of the task stands in its view of the model, as do labels and limit."""
    views: list[ModelView] = []

    class Looking(Classify):
        def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
            views.append(model)
            return super().encode(rows, model)

        def decode(self, logits: torch.Tensor, rows: Sequence[Row], model: ModelView) -> Iterator[LabelScore]:
            views.append(model)
            return super().decode(logits, rows, model)

    options = object()
    list(Looking().predict(trained, rows(), options, context.told(max_length=12)))
    assert len(views) == 2
    for view in views:
        assert (view.options, view.labels, view.max_length) == (options, LABELS, 12)
        assert view.processor is trained.processor


def test_features_of_the_task_are_not_changed(trained: LoadedModel, context: Surroundings) -> None:
    """The count of cut tokens is taken from a copy: a task may keep its features."""
    kept: list[dict[str, Any]] = []

    class Keeping(Classify):
        def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
            kept.extend({**feature, TRUNCATED: 0} for feature in super().encode(rows, model))
            return kept

    list(Keeping().predict(trained, rows()[:2], None, context))
    assert all(TRUNCATED in feature for feature in kept)


def test_prediction_is_cancelled(
    trained: LoadedModel, context: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was given before Ctrl-C stays given."""
    monkeypatch.setattr("hfshell.api.task.MOST_AT_ONCE", 2)
    answers = Classify().predict(trained, rows(), None, context)
    first = [next(answers), next(answers)]
    context.cancelled.set()
    with pytest.raises(Interrupted):
        next(answers)
    assert len(first) == 2


def test_engine_saves(trained: LoadedModel, tmp_path: Path, context: Surroundings) -> None:
    """`save` writes a folder that `load` reads, and never over another."""
    Classify().save(trained, tmp_path / "saved", context)
    again = Classify().load(tiny.files(tmp_path / "saved"), None, context)
    assert tiny.checksum(again.module) == tiny.checksum(trained.module)
    with pytest.raises(StorageError):
        Classify().save(trained, tmp_path / "saved", context)
