"""Multiple choice: choices are never cut, and all of a row are read behind the same question."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers

from hfshell.api import DataError, LoadedModel, ModelFolder, ModelView, PredictionResult, Stack
from hfshell.compute.padding import pad
from hfshell.models.loading import Head, load_model
from hfshell.testing.tiny_bert import seeded, tokenizer
from hfshell.testing.tiny_families import LLAMA
from hfshell_tasks.multiple_choice.likelihood import ChoiceLikelihood
from hfshell_tasks.multiple_choice.options import PredictOptions
from hfshell_tasks.multiple_choice.render import show_choices
from hfshell_tasks.multiple_choice.task import MultipleChoice
from tests.compute.classify import Surroundings

ROW = {"question": "my card was", "choices": ("late", "charged twice")}
LONG = {"question": "parcel " * 60 + "my card was", "choices": ("late", "charged twice")}


@pytest.fixture(scope="module")
def view() -> ModelView:
    """A BERT tokenizer that reads 64 tokens."""
    return ModelView(tokenizer(), padding=pad)


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    """A tiny Llama, random but lively."""
    folder = tmp_path_factory.mktemp("writer")
    words = tokenizer(frame=LLAMA.frame)
    config = transformers.LlamaConfig(**LLAMA.settings(words))
    seeded(transformers.AutoModelForCausalLM, config).save_pretrained(folder)
    words.save_pretrained(folder)
    files = ModelFolder(str(folder), folder, ("LlamaForCausalLM",), "llama", max_length=256)
    return load_model(files, Head("AutoModelForCausalLM"))


def test_each_choice_stands_behind_the_question(view: ModelView) -> None:
    """A list of token IDs a choice."""
    (feature,) = MultipleChoice().encode([ROW], view)
    assert [view.processor.decode(ids) for ids in feature["input_ids"]] == [
        "[CLS] my card was [SEP] late [SEP]",
        "[CLS] my card was [SEP] charged twice [SEP]",
    ]


def test_a_context_stands_before_the_question(view: ModelView) -> None:
    """As in reading comprehension."""
    (feature,) = MultipleChoice().encode([{**ROW, "context": "the box was broken"}], view)
    assert view.processor.decode(feature["input_ids"][0]).startswith(
        "[CLS] the box was broken my card was [SEP]"
    )


def test_the_question_loses_its_beginning_and_no_choice_anything(view: ModelView) -> None:
    """What is asked stands at the end; the same of it is read before each choice."""
    (feature,) = MultipleChoice().encode([LONG], view)
    read = [view.processor.decode(ids).split(" [SEP]") for ids in feature["input_ids"]]
    assert read[0][0] == read[1][0]
    assert read[0][0].endswith("my card was")
    assert [parts[1] for parts in read] == [" late", " charged twice"]
    assert max(map(len, feature["input_ids"])) == 64
    assert feature["_truncated"] == 63 + 2 + 3 - 64


def test_plain_cutting_would_lose_a_choice(view: ModelView) -> None:
    """What it protects from: cut at the end, two choices that differ there look the same."""
    rows = [{"question": "my", "choices": ("card " * 80 + "late", "card " * 80 + "twice")}]
    plainly = view.tokenize(["my", "my"], list(rows[0]["choices"]), truncation="only_second")
    assert plainly[0]["input_ids"] == plainly[1]["input_ids"]
    with pytest.raises(DataError, match="no room for the question"):
        MultipleChoice().encode(rows, view)


@pytest.mark.parametrize("choices", [(), ("late",), None])
def test_one_choice_is_none(view: ModelView, choices: Any) -> None:
    """Nothing is chosen among fewer than two."""
    with pytest.raises(DataError, match="choice"):
        MultipleChoice().encode([{"question": "my card was", "choices": choices}], view)


def test_rows_of_unequal_choices_make_a_batch(view: ModelView) -> None:
    """What fills the shorter row has no part in its prediction."""
    features = MultipleChoice().encode([ROW, {**ROW, "choices": ("late", "broken", "back")}], view)
    batch = MultipleChoice().collate(features, view)
    assert batch["input_ids"].shape[:2] == (2, 3)
    assert "labels" not in batch
    short, _ = MultipleChoice().decode(torch.tensor([[0.0, 1.0, 9.0], [0.0, 1.0, 2.0]]), [ROW, {
        **ROW, "choices": ("late", "broken", "back"),
    }], view)  # fmt: skip
    assert [(item.index, item.label) for item in short] == [(1, "charged twice"), (0, "late")]
    assert sum(item.score for item in short) == pytest.approx(1)


def test_targets_reach_the_batch(view: ModelView) -> None:
    """The index of the right choice is learnt."""
    features = MultipleChoice().encode([ROW, ROW], view)
    batch = MultipleChoice().collate([{**feature, "labels": 1} for feature in features], view)
    assert batch["labels"].tolist() == [1, 1]


def by_hand(model: LoadedModel, question: str, choice: str) -> tuple[float, int]:
    """Score a choice token by token: an oracle without batches, masks or shifts."""
    words = model.processor
    before = words(question)["input_ids"]
    ids = words(f"{question} {choice}")["input_ids"]
    total = 0.0
    for place in range(len(before), len(ids)):
        with torch.inference_mode():
            logits = model.module(input_ids=torch.tensor([ids[:place]])).logits[0, -1]
        total += float(logits.log_softmax(-1)[ids[place]])
    return total, len(ids) - len(before)


@pytest.mark.parametrize("way", ["none", "token", "character"])
def test_likelihood_is_that_of_the_choices_tokens(writer: LoadedModel, tmp_path: Path, way: str) -> None:
    """Batched and padded as one by one, by each way to count length (acc, acc_norm)."""
    rows = [
        ROW,
        {"question": "the parcel has not", "choices": ("arrived", "log in with my email", "my card")},
    ]
    options = PredictOptions(normalize=way)
    context = Surroundings(tmp_path)
    task = MultipleChoice()
    task.target_role = "label"
    for row, prediction in zip(rows, task.predict(writer, rows, options, context), strict=True):
        scored = [by_hand(writer, row["question"], choice) for choice in row["choices"]]
        lengths = {
            "none": [1] * 3,
            "token": [n for _, n in scored],
            "character": [len(c) for c in row["choices"]],
        }
        numbers = [total / length for (total, _), length in zip(scored, lengths[way], strict=False)]
        expected = torch.tensor(numbers).softmax(-1).tolist()
        assert {item.index: item.score for item in prediction} == pytest.approx(
            dict(enumerate(expected)), abs=1e-4
        )
        assert task.answer(prediction) == expected.index(max(expected))


def test_a_question_too_long_is_cut_alike_for_all_choices(writer: LoadedModel) -> None:
    """A longer choice must not be read behind less of the question."""
    view = ModelView(writer.processor, max_length=32)
    short, long = ChoiceLikelihood().encode([LONG], view)
    assert short["input_ids"][: short["_start"] - short["_lead"] - short.get("_truncated", 0)]
    assert len(long["input_ids"]) == 32
    kept = [
        [i for i, label in zip(f["input_ids"], f["labels"], strict=True) if label == -100]
        for f in (short, long)
    ]
    assert kept[0] == kept[1]
    assert kept[0][0] == writer.processor.bos_token_id


def test_to_learn_is_the_right_choice_alone(writer: LoadedModel) -> None:
    """One feature a row, and nothing is learnt of the question."""
    task = ChoiceLikelihood()
    task.target_role = "label"
    (feature,) = task.encode([{**ROW, "label": 1}], ModelView(writer.processor))
    learnt = [label for label in feature["labels"] if label != -100]
    assert writer.processor.decode(learnt) == "charged twice"


def test_without_a_question_the_first_token_counts_too(writer: LoadedModel) -> None:
    """The beginning of a text stands before it, where the tokenizer adds none."""
    bare = replace(ModelView(writer.processor), processor=_without_marks(writer.processor))
    for feature in ChoiceLikelihood().encode([{"choices": ("late", "charged twice")}], bare):
        assert feature["labels"][0] == -100
        assert feature["labels"][1:] == feature["input_ids"][1:]


def _without_marks(words: Any) -> Any:
    class Bare:
        bos_token_id = words.bos_token_id
        eos_token_id = words.eos_token_id

        def __call__(self, text: str, **how: Any) -> Any:
            return words(text, **{**how, "add_special_tokens": False})

    return Bare()


def test_the_chosen_one_is_marked() -> None:
    """Choices stand in their order, whichever is the best; the first bar is that of the best."""
    (prediction,) = MultipleChoice().decode(torch.tensor([[0.0, 2.0]]), [ROW], None)  # type: ignore[arg-type]
    result = PredictionResult(
        model="m", task="multiple-choice", rows=(prediction,), inputs=("my card was",), seconds=0.1
    )
    view = show_choices(result)
    assert isinstance(view, Stack)
    table, bars = view.views
    assert [[cell.text for cell in row] for row in table.rows] == [  # type: ignore[union-attr]
        ["", "A", "late"],
        [">", "B", "charged twice"],
    ]
    assert [bar.label for bar in bars.bars] == ["B", "A"]  # type: ignore[union-attr]
