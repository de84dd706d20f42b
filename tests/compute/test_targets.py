"""Heads of other problems than one label a row: several labels, and a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest
import torch
import transformers

from hfshell.api import DataError, Features, HeadTask, LabelScore, Metric, ModelView, Refused, Row
from hfshell.models.quiet import silenced
from tests.compute.classify import ACCOUNT, BILLING, DELIVERY, Data, Surroundings
from tests.models import tiny

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from hfshell.api import LoadedModel

KINDS = ("billing", "delivery")


class Topics(HeadTask):
    """Several labels for a text, or none."""

    name = "topics"
    target_role = "topics"
    auto_class: ClassVar[str] = "AutoModelForSequenceClassification"
    problem_type: ClassVar[str | None] = "multi_label_classification"

    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        return model.tokenize([row["text"] for row in rows])

    def decode(self, logits: torch.Tensor, _rows: Sequence[Row], model: ModelView) -> Iterator[Any]:
        for scores in logits.sigmoid().tolist():
            yield [LabelScore(*pair) for pair in zip(model.labels, scores, strict=True)]


class Anger(Topics):
    """A number for a text."""

    name = "anger"
    target_role = "anger"
    problem_type: ClassVar[str | None] = "regression"

    def decode(self, logits: torch.Tensor, _rows: Sequence[Row], _model: ModelView) -> Iterator[float]:
        yield from logits.squeeze(-1).tolist()


class Measuring(Surroundings):
    """Measures the share of right answers, or how far numbers are off."""

    def measure(
        self, predictions: Sequence[Any], rows: Sequence[Row], _labels: Sequence[str]
    ) -> Sequence[Metric]:
        if isinstance(predictions[0], float):
            errors = [abs(value - row["anger"]) for value, row in zip(predictions, rows, strict=True)]
            return [Metric("mae", sum(errors) / len(errors), higher_is_better=False)]
        answers = [set(Topics().answer(prediction)) for prediction in predictions]
        right = sum(answer == set(row["topics"]) for answer, row in zip(answers, rows, strict=True))
        return [Metric("subset_accuracy", right / len(rows))]


def topic_rows() -> list[Row]:
    both = [f"{one} {other}" for one, other in zip(BILLING, DELIVERY, strict=True)]
    labelled = {(): ACCOUNT, ("billing",): BILLING, ("delivery",): DELIVERY, KINDS: both}
    return [{"text": text, "topics": topics} for topics, texts in labelled.items() for text in texts]


def anger_rows() -> list[Row]:
    return [
        {"text": text, "anger": anger}
        for anger, texts in ((0.0, ACCOUNT), (2.5, BILLING), (-2.0, DELIVERY))
        for text in texts
    ]


@pytest.fixture
def measuring(context: Surroundings) -> Measuring:
    """A context with a run's folder that measures these tasks."""
    return Measuring(context.artifacts)


@pytest.mark.parametrize("batch_size", [pytest.param(4, marks=pytest.mark.slow), 16])
def test_several_labels_are_learnt(base: LoadedModel, measuring: Measuring, batch_size: int) -> None:
    """A row with two labels, with one and with none are told apart; the best epoch is kept and read again."""
    data = Data(topic_rows(), topic_rows(), labels=KINDS)
    outcome = Topics().finetune(base, data, None, measuring.told(epochs=20, batch_size=batch_size))
    assert outcome.model.module.config.problem_type == "multi_label_classification"
    assert outcome.model.labels == KINDS
    best = max(epoch["subset_accuracy"] for epoch in outcome.validation)
    assert best > 0.9
    again = Topics().load(outcome.model.files, None, measuring)
    predictions = list(Topics().predict(again, topic_rows(), None, measuring))
    assert measuring.measure(predictions, topic_rows(), KINDS)[0].value == best
    assert [item.label for item in predictions[0]] == list(KINDS), "all labels, not the likely ones alone"


@pytest.mark.parametrize(("batch_size", "epochs"), [(1, 8), pytest.param(5, 20, marks=pytest.mark.slow)])
def test_a_number_is_learnt(base: LoadedModel, measuring: Measuring, batch_size: int, epochs: int) -> None:
    """One output, no label; numbers of any sign, and the epoch with the smallest error is kept."""
    data = Data(anger_rows(), anger_rows(), labels=())
    outcome = Anger().finetune(base, data, None, measuring.told(epochs=epochs, batch_size=batch_size))
    assert outcome.model.module.config.problem_type == "regression"
    assert outcome.model.module.config.num_labels == 1
    assert outcome.model.labels == (), "a number is no label"
    errors = [epoch["mae"] for epoch in outcome.validation]
    assert outcome.best_epoch == 1.0 + errors.index(min(errors))
    assert min(errors) < 0.5
    assert max(errors) > 1.0
    again = Anger().load(outcome.model.files, None, measuring)
    assert again.new_weights == ()
    answers = list(Anger().predict(again, anger_rows(), None, measuring))
    assert measuring.measure(answers, anger_rows(), ())[0].value == pytest.approx(min(errors), abs=1e-5)


@pytest.mark.slow
def test_a_number_goes_on_with_its_own_head(base: LoadedModel, measuring: Measuring) -> None:
    """The one output of a regression keeps its weights, under whatever role."""
    data = Data(anger_rows(), labels=())
    first = Anger().finetune(base, data, None, measuring.told(epochs=1)).model

    class Rage(Anger):
        target_role = "rage"

    rows = [{"text": row["text"], "rage": row["anger"]} for row in anger_rows()]
    surroundings = Surroundings().told(epochs=1, learning_rate=1e-9)
    second = Rage().finetune(first, Data(rows, labels=()), None, surroundings).model
    assert torch.allclose(second.module.classifier.weight, first.module.classifier.weight, atol=1e-6)


def test_a_number_of_somebody_elses_model_goes_on(tmp_path: Path) -> None:
    """A regression of the Hub, whose output nobody named, learns on with the weights that it has."""
    folder = tiny.bert(tmp_path / "theirs")
    with silenced():
        module = transformers.BertForSequenceClassification.from_pretrained(folder, num_labels=1)
        module.config.problem_type = "regression"
        module.save_pretrained(folder)
    theirs = Anger().load(tiny.files(folder), None, Surroundings())
    surroundings = Surroundings().told(epochs=1, learning_rate=1e-9)
    ours = Anger().finetune(theirs, Data(anger_rows(), labels=()), None, surroundings).model
    assert torch.allclose(ours.module.classifier.weight, theirs.module.classifier.weight, atol=1e-6)


def test_a_label_that_the_head_lacks_is_refused(base: LoadedModel, measuring: Measuring) -> None:
    """A label of one row that the data's own list lacks does not become another one."""
    data = Data([{"text": "my card", "topics": ("billing", "spam")}], labels=KINDS)
    with pytest.raises(Refused, match="spam") as caught:
        Topics().finetune(base, data, None, measuring)
    assert caught.value.guard == "labels"


def test_no_labels_at_all_is_said(base: LoadedModel, measuring: Measuring) -> None:
    """Rows that have none of any label teach nothing, and the hint names the task's own role."""
    with pytest.raises(DataError, match="has no labels") as caught:
        Topics().finetune(base, Data(topic_rows(), labels=()), None, measuring)
    assert caught.value.hint == "say which column: --map topics=COLUMN"


def test_a_classifier_is_not_turned_into_a_number_unasked(trained: LoadedModel, measuring: Measuring) -> None:
    """A head for labels is not overwritten by one for a number, unless the user says so."""
    data = Data(anger_rows(), labels=())
    with pytest.raises(Refused) as caught:
        Anger().finetune(trained, data, None, measuring)
    assert caught.value.guard == "labels"
    measuring.allowed = frozenset({"labels"})
    outcome = Anger().finetune(trained, data, None, measuring.told(epochs=1))
    assert outcome.model.module.config.problem_type == "regression"
    assert outcome.model.labels == ()
    assert tiny.files(trained.files.folder).labels == trained.labels


class Marks(HeadTask):
    """A tag for each word: the target of each token follows from how the words are cut."""

    name = "marks"
    target_role = "tags"
    auto_class: ClassVar[str] = "AutoModelForTokenClassification"

    def head_labels(self, _data: Any) -> tuple[str, ...]:
        return ("O", "MONEY")

    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        encoded = model.processor([row["words"] for row in rows], is_split_into_words=True)
        features = [{name: encoded[name][index] for name in encoded} for index in range(len(rows))]
        for index, (row, feature) in enumerate(zip(rows, features, strict=True)):
            if "tags" in row:
                marks = [-100 if word is None else row["tags"][word] for word in encoded.word_ids(index)]
                feature["labels"] = [
                    model.labels.index(mark) if mark in model.labels else -100 for mark in marks
                ]
        return features

    def decode(self, logits: torch.Tensor, rows: Sequence[Row], model: ModelView) -> Iterator[Any]:
        encoded = model.processor([row["words"] for row in rows], is_split_into_words=True)
        for index, best in enumerate(logits.argmax(-1).tolist()):
            first = {word: place for place, word in reversed([*enumerate(encoded.word_ids(index))])}
            yield [model.labels[best[first[word]]] for word in range(len(rows[index]["words"]))]


@pytest.mark.slow
def test_a_target_for_each_token_is_learnt(base: LoadedModel, context: Surroundings) -> None:
    """Rows of different lengths, with a target a token, are padded so that padding teaches nothing."""
    rows = [
        {
            "words": text.split(),
            "tags": ["MONEY" if word in ("charged", "money") else "O" for word in text.split()],
        }
        for text in (*BILLING, *DELIVERY, "money")
    ]

    def measure(predicted: Sequence[Any], seen: Sequence[Row], _labels: Sequence[str]) -> Sequence[Metric]:
        right = [one == row["tags"] for one, row in zip(predicted, seen, strict=True)]
        return [Metric("accuracy", sum(right) / len(right))]

    context.measure = measure  # type: ignore[method-assign]
    outcome = Marks().finetune(base, Data(rows, rows, labels=()), None, context.told(epochs=10))
    assert outcome.model.labels == ("O", "MONEY")
    assert max(epoch["accuracy"] for epoch in outcome.validation) == 1.0
