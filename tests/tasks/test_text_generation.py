"""Text generation: what is learnt, what is measured, and what is asked."""

from __future__ import annotations

import copy
import math
from pathlib import Path
from typing import Any

import pytest
import torch

from hfshell.api import DataError, Generated, LoadedModel, ModelError, ModelView
from hfshell_tasks.text_generation.options import EvalOptions, PredictOptions
from hfshell_tasks.text_generation.task import TextGeneration, _without_first
from tests.compute.classify import Data, Options, Surroundings
from tests.compute.writers import made
from tests.models import tiny

LONG = " ".join([*tiny.CORPUS, *tiny.CORPUS])


@pytest.fixture
def task() -> TextGeneration:
    found = TextGeneration()
    found.name, found.target_role = "text-generation", "text"
    return found


@pytest.fixture
def model(task: TextGeneration, tmp_path: Path) -> LoadedModel:
    return made(task, tmp_path / "m")


def view(model: LoadedModel, options: Any = None, limit: int | None = None) -> ModelView:
    return ModelView(model.processor, max_length=limit, options=options or PredictOptions())


def test_text_is_learnt_from_one_begin_to_one_end(task: TextGeneration, model: LoadedModel) -> None:
    """What begins a text stands there once, even when it was typed too, and what ends it is learnt."""
    words = model.processor
    for text in ("my card", f"{words.bos_token} my card", f"my card {words.eos_token}"):
        (feature,) = task.encode([{"text": text}], view(model))
        assert words.convert_ids_to_tokens(feature["input_ids"]) == ["[CLS]", "my", "card", "[SEP]"]
        assert feature["labels"] == [-100, *feature["input_ids"][1:]]


def test_tokenizer_left_to_itself_begins_twice(model: LoadedModel) -> None:
    """The fault that the guard is from is there."""
    words = model.processor
    assert words(f"{words.bos_token} my")["input_ids"].count(words.bos_token_id) == 2


def test_only_what_follows_on_a_prompt_is_learnt(task: TextGeneration, model: LoadedModel) -> None:
    """The prompt is read, and costs nothing."""
    (feature,) = task.encode([{"prompt": "where is", "text": "my parcel"}], view(model))
    tokens = model.processor.convert_ids_to_tokens
    assert tokens(feature["input_ids"]) == ["[CLS]", "where", "is", "my", "parcel", "[SEP]"]
    assert tokens([label for label in feature["labels"] if label != -100]) == ["my", "parcel", "[SEP]"]


def test_long_text_is_learnt_whole(task: TextGeneration, model: LoadedModel) -> None:
    """A text of several windows loses no token, and has one end."""
    short = [{"text": "my card"}, {"text": LONG}]
    features = task.encode(short, view(model, limit=16))
    ids = model.processor(LONG, add_special_tokens=False)["input_ids"]
    learnt = [label for feature in features[1:] for label in feature["labels"] if label != -100]
    assert learnt == [*ids, model.processor.eos_token_id]
    assert [feature["_row"] for feature in features] == [0, *[1] * (len(features) - 1)]


def test_prompt_is_left_open(task: TextGeneration, model: LoadedModel) -> None:
    """What is asked has no end, and of a long one the end is read."""
    short, long = task.encode([{"prompt": "my card"}, {"prompt": LONG}], view(model, limit=16))
    assert model.processor.convert_ids_to_tokens(short["input_ids"]) == ["[CLS]", "my", "card"]
    assert "labels" not in short
    assert len(long["input_ids"]) == 12
    assert long["input_ids"][-1] == model.processor(LONG, add_special_tokens=False)["input_ids"][-1]
    assert long["_truncated"] > 0


@pytest.mark.parametrize("row", [{}, {"text": 7}])
def test_row_without_a_text_is_an_error(task: TextGeneration, model: LoadedModel, row: Any) -> None:
    """A missing text is not the empty one."""
    with pytest.raises(DataError, match="no text"):
        task.encode([row], view(model))


def test_perplexity_is_that_of_a_plain_loop(task: TextGeneration, model: LoadedModel) -> None:
    """Token by token, each text alone behind what begins it, without its end."""
    rows = [{"text": text} for text in tiny.CORPUS]
    loss, tokens = 0.0, 0
    for row in rows:
        ids = torch.tensor([[2, *model.processor(row["text"], add_special_tokens=False)["input_ids"]]])
        with torch.inference_mode():
            outputs = model.module(input_ids=ids, labels=ids)
        loss, tokens = loss + float(outputs.loss) * (ids.shape[1] - 1), tokens + ids.shape[1] - 1
    graded = task.eval(model, rows, EvalOptions(), surroundings())
    found, words, _ = graded
    (alone, *_) = task.eval(model, rows[2:3], EvalOptions(), surroundings())
    assert graded.grades[2] == pytest.approx(alone.value, rel=1e-4)
    assert (len(graded.grades), graded.higher_is_better, graded.best) == (len(rows), False, None)
    assert found.value == pytest.approx(math.exp(loss / tokens), rel=1e-4)
    assert words.value == pytest.approx(
        math.exp(loss / sum(len(row["text"].split()) for row in rows)), rel=1e-4
    )
    assert "bos:yes|eos:no" in found.signature


def test_a_tokenizer_without_offsets_is_said() -> None:
    """Where the first token of a text is not measured, somebody must know where it ends."""

    class Slow:
        is_fast = False

    with pytest.raises(ModelError, match="Slow does not say"):
        _without_first("my card", Slow())


def test_stride_gives_each_token_its_context(task: TextGeneration, model: LoadedModel) -> None:
    """With a stride of one, each token behind the first window is predicted from all that fits."""
    context = surroundings(max_length=12)
    ids = model.processor(LONG, add_special_tokens=False)["input_ids"]
    losses = 0.0
    for place in range(len(ids)):
        seen = [2, *ids[max(0, place - 10) : place + 1]]
        with torch.inference_mode():
            logits = model.module(input_ids=torch.tensor([seen])).logits[0, -2]
        losses -= float(logits.log_softmax(-1)[ids[place]])
    found = task.eval(model, [{"text": LONG}], EvalOptions(stride=1), context)[0]
    assert found.value == pytest.approx(math.exp(losses / len(ids)), rel=1e-4)
    wide = task.eval(model, [{"text": LONG}], EvalOptions(stride=8), context)[0]
    assert wide.value != pytest.approx(found.value, rel=1e-4)


def test_rows_to_learn_from_are_padded_on_the_right(task: TextGeneration) -> None:
    """Where positions are counted from the first column, padding on the left would move every token."""
    from transformers import GPT2Config, GPT2LMHeadModel

    words = tiny.tokenizer()
    words.padding_side = "left"
    config = GPT2Config(vocab_size=len(words), n_positions=64, n_embd=16, n_layer=1, n_head=2, pad_token_id=0)
    torch.manual_seed(0)
    module = GPT2LMHeadModel(config).eval()
    rows = [{"input_ids": list(range(5, 5 + length))} for length in (3, 9)]
    features = [
        {**row, "attention_mask": [1] * len(row["input_ids"]), "labels": row["input_ids"]} for row in rows
    ]
    from hfshell.compute.padding import pad

    seen = ModelView(words, padding=pad)
    with torch.inference_mode():
        alone = module(**task.collate(features[:1], seen)).loss
        for collate, same in ((task.collate(features, seen), True), (seen.pad(features), False)):
            only = {name: value[:1] for name, value in collate.items()}
            assert bool(torch.isclose(module(**only).loss, alone, rtol=1e-4)) is same


def test_blank_texts_are_left_out_aloud(task: TextGeneration, model: LoadedModel, tmp_path: Path) -> None:
    """Nothing can be learnt from a blank line, and their number is said."""
    data = Data(train=[{"text": text} for text in ("my card", " ", "box", "")], labels=())
    context = surroundings(epochs=1.0)
    outcome = task.finetune(model, data, None, context)
    assert outcome.rows == 2
    assert any("2 of 4 texts are blank" in getattr(event, "text", "") for event in context.events)


def test_tokenizer_without_an_end_is_said(task: TextGeneration, model: LoadedModel) -> None:
    """A model that never learns to end writes until it is cut."""
    endless = copy.copy(model)
    endless.processor = copy.deepcopy(model.processor)
    endless.processor.eos_token = None
    context = surroundings(epochs=1.0)
    task.finetune(endless, Data(train=[{"text": "my card"}], labels=()), None, context)
    assert "end" in [guard.name for guard in context.guards]


def test_prediction_has_the_keys_of_the_hub(task: TextGeneration, model: LoadedModel) -> None:
    """`generated_text`, with or without the prompt, and why it ended."""
    written, row = Generated(" time", (5,), "length"), {"prompt": "Once upon a"}
    (bare,) = task.decode([written], [row], view(model))
    (whole,) = task.decode([written], [row], view(model, PredictOptions(full_text=True)))
    assert bare == {"generated_text": " time", "finish_reason": "length"}
    assert whole["generated_text"] == "Once upon a time"


def surroundings(**options: Any) -> Surroundings:
    return Surroundings(command=Options(**{"max_length": None, **options}))
