"""Texts that models write: the same alone and in a batch, ended where they end, and cut aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import torch

from hfshell.api import Generated, GenerationOptions, LoadedModel, generation_arguments
from hfshell.errors import Interrupted, ModelError, Refused, UsageError
from tests.compute.classify import Data, Options, Surroundings
from tests.compute.writers import Continue, FirstWord, Rewrite, made
from tests.models import tiny

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [{"text": text} for text in ("my card", *tiny.CORPUS[:5], "box")]


@pytest.fixture
def context() -> Surroundings:
    """A context that cuts nothing short."""
    return Surroundings(command=Options(max_length=None))


def written(task: Continue, model: LoadedModel, rows: list[dict[str, str]], context: Any) -> list[Generated]:
    return list(task.predict(model, rows, None, context))


@pytest.mark.parametrize("task", [Continue(), Rewrite()], ids=["causal", "seq2seq"])
def test_a_batch_writes_what_each_row_alone_does(
    task: Continue, tmp_path: Path, context: Surroundings
) -> None:
    """Prompts of unequal length are padded where the model does not go on from the padding."""
    model = made(task, tmp_path / "m")
    together = written(task, model, ROWS, context)
    alone = [written(task, model, [row], context)[0] for row in ROWS]
    assert [item.tokens for item in together] == [item.tokens for item in alone]
    assert len({item.text for item in together}) > 1


def test_no_row_is_cut_for_a_longer_one(tmp_path: Path, context: Surroundings) -> None:
    """Where the room is what is left behind the prompt, each prompt has all of its own."""
    task = Continue(max_new_tokens=60)
    model = made(task, tmp_path / "m")
    assert model.files.max_length == 64
    rows = [{"text": "my card"}, {"text": " ".join(tiny.CORPUS[:3])}]
    together = written(task, model, rows, context)
    alone = [written(task, model, [row], context)[0] for row in rows]
    assert [item.tokens for item in together] == [item.tokens for item in alone]
    assert len(together[0].tokens) > len(together[1].tokens)


def test_an_answer_is_no_longer_than_the_decoder_counts(tmp_path: Path, context: Surroundings) -> None:
    """A decoder with 128 positions writes 127 tokens behind its first, whatever was asked for."""
    task = Rewrite(max_new_tokens=500)
    (item,) = written(task, made(task, tmp_path / "m"), ROWS[:1], context)
    assert len(item.tokens) <= 127


def test_padding_on_the_right_would_write_something_else(tmp_path: Path, context: Surroundings) -> None:
    """The fault that the left side guards from is there: on the right, short prompts go on from padding."""
    task, model = Continue(), made(Continue(), tmp_path / "m")
    features = task.encode(ROWS, _view(model))
    batch = model.processor.pad(features, padding=True, return_tensors="pt", padding_side="right")
    with torch.inference_mode():
        wrong = model.module.generate(**batch, max_new_tokens=8, do_sample=False)
    right = written(task, model, ROWS, context)
    prompt = batch["input_ids"].shape[1]
    assert [
        tuple(ids[prompt:].tolist())[: len(item.tokens)] for ids, item in zip(wrong, right, strict=True)
    ] != [item.tokens for item in right]


def _view(model: LoadedModel) -> Any:
    from hfshell.api import ModelView

    return ModelView(model.processor)


def test_the_text_is_what_follows_the_prompt(tmp_path: Path, context: Surroundings) -> None:
    """Neither the prompt nor its padding, and the space between the two is the text's."""
    task, model = Continue(), made(Continue(), tmp_path / "m")
    item = written(task, model, ROWS[:1], context)[0]
    prompt = model.processor(ROWS[0]["text"])["input_ids"]
    whole = model.processor.decode([*prompt, *item.tokens], skip_special_tokens=True)
    assert whole == model.processor.decode(prompt, skip_special_tokens=True) + item.text
    assert not item.text.startswith(ROWS[0]["text"])


def test_why_a_text_ended_is_said(tmp_path: Path, context: Surroundings) -> None:
    """A text that was cut looks whole: which were is counted."""
    model = made(Rewrite(), tmp_path / "m")
    short = written(Rewrite(max_new_tokens=3), model, ROWS, context)
    assert model.module.generation_config.forced_eos_token_id  # an end that nobody but the limit wrote
    assert {item.finish_reason for item in short} == {"length"}
    assert [(guard.name, guard.count) for guard in context.guards] == [("cut", len(ROWS))]
    assert context.guards[0].hint == "--max-new-tokens 6 gives more room"
    context.guards.clear()
    whole = written(Rewrite(max_new_tokens=60), model, ROWS, context)
    ended = [item.finish_reason == "stop" for item in whole]
    assert any(ended)
    assert sum(guard.count or 0 for guard in context.guards) == ended.count(False)


def test_a_prediction_says_whether_it_was_cut(tmp_path: Path, context: Surroundings) -> None:
    """What a task leaves out of a text may end anywhere; what it keeps is whole."""
    model = made(FirstWord(), tmp_path / "m")
    found: list[Any] = written(FirstWord(max_new_tokens=6), model, ROWS, context)
    assert all(item["finish_reason"] == "stop" for item in found)
    assert context.guards == []
    written(Continue(max_new_tokens=6), model, ROWS, context)
    assert [(guard.name, guard.count) for guard in context.guards] == [("cut", len(ROWS))]


def test_a_stop_word_ends_the_text(tmp_path: Path, context: Surroundings) -> None:
    """And is left out."""
    model = made(Continue(), tmp_path / "m")
    text = written(Continue(max_new_tokens=20), model, ROWS[:1], context)[0].text
    stop = text.split()[2]
    options = generation_arguments(GenerationOptions(max_new_tokens=20, stop=(stop,)))
    item = written(Continue(**options), model, ROWS[:1], context)[0]
    assert item.text == text[: text.index(stop)]
    assert item.finish_reason == "stop"


def test_drawn_texts_follow_the_seed(tmp_path: Path, context: Surroundings) -> None:
    """The same seed writes the same, another one something else; torch's own state stays."""
    model = made(Continue(), tmp_path / "m")
    task = Continue(**generation_arguments(GenerationOptions(max_new_tokens=8, temperature=1.5)))
    state = torch.get_rng_state()
    first, again = (written(task, model, ROWS, context) for _ in range(2))
    context.seed = 7
    other = written(task, model, ROWS, context)
    assert first == again
    assert first != other
    assert torch.equal(torch.get_rng_state(), state)


def test_a_prompt_and_its_answer_fit_the_model(tmp_path: Path, context: Surroundings) -> None:
    """What is written is cut where the model's positions end; a prompt that fills them all is refused."""
    model = made(Continue(), tmp_path / "m")
    limit = model.files.max_length
    assert limit is not None
    words = "card " * (limit - 6)
    item = written(Continue(max_new_tokens=50), model, [{"text": words}], context)[0]
    assert 0 < len(item.tokens) <= 5
    with pytest.raises(ModelError, match="no room is left") as caught:
        written(Continue(), model, [{"text": "card " * limit}], context)
    assert caught.value.hint is not None
    assert "--max-length" in caught.value.hint


@pytest.mark.slow
def test_it_learns_to_write(tmp_path: Path, context: Surroundings) -> None:
    """Endings are learnt, prompts are not; the epoch is chosen by the loss, which needs no writing."""
    rows = [{"text": "my card", "ending": "was charged"}, {"text": "where is", "ending": "my parcel"}] * 4
    for task, folder in ((Continue(), "causal"), (Rewrite(), "seq2seq")):
        surroundings = Surroundings(command=Options(max_length=None, epochs=20, learning_rate=5e-3))
        outcome = task.finetune(made(task, tmp_path / folder), Data(rows, rows[:2]), None, surroundings)
        losses = [epoch["loss"] for epoch in outcome.validation]
        assert losses[-1] < losses[0] / 4
        texts = [item.text.strip() for item in written(task, outcome.model, rows[:2], context)]
        assert texts == ["was charged", "my parcel"]


def test_the_loss_of_an_epoch_is_the_mean_over_its_tokens(tmp_path: Path) -> None:
    """Not over batches: a short row counts for what it holds."""
    from hfshell.compute.encoding import encoder_for
    from hfshell.compute.inference import forward_of
    from hfshell.compute.validation import Validation, compute_metrics

    task, model = Continue(), made(Continue(), tmp_path / "m")
    rows = [
        {"text": "my card", "ending": "was charged"},
        {"text": "box", "ending": " ".join(tiny.CORPUS[:3])},
    ]
    encoder = encoder_for(task, model, None, Options(max_length=None))
    features = encoder.encode(rows)
    validation = Validation(features, None, forward_of(task, encoder.model))
    (found,) = compute_metrics(model, validation, Surroundings().cancelled, lambda _event: None) or ()
    total, count = 0.0, 0
    for feature in features:
        labels = torch.tensor([feature["labels"]])
        with torch.inference_mode():
            logits = model.module(input_ids=torch.tensor([feature["input_ids"]])).logits
        total += float(
            torch.nn.functional.cross_entropy(
                logits[0, :-1], labels[0, 1:], ignore_index=-100, reduction="sum"
            )
        )
        count += int((labels[:, 1:] != -100).sum())
    assert found.name == "loss"
    assert found.value == pytest.approx(total / count, rel=1e-4)


def test_a_new_head_writes_nothing(tmp_path: Path, context: Surroundings) -> None:
    """Random weights write random texts."""
    model = made(Continue(), tmp_path / "m")
    model.new_weights = ("lm_head.weight",)
    with pytest.raises(Refused) as caught:
        Continue().predict(model, ROWS, None, context)
    assert caught.value.guard == "fresh-head"


def test_a_model_that_cannot_write_says_so(tmp_path: Path, context: Surroundings) -> None:
    """Instead of an attribute error."""
    from tests.compute.writers import Tag

    model = made(Tag(), tmp_path / "m")
    with pytest.raises(ModelError, match="BertForTokenClassification writes no text"):
        written(Continue(), model, ROWS, context)


def test_unknown_arguments_are_the_tasks_fault(tmp_path: Path, context: Surroundings) -> None:
    """What transformers would pass over in silence."""
    model = made(Continue(), tmp_path / "m")
    with pytest.raises(ModelError, match="knows no max_new_token"):
        written(Continue(max_new_token=3), model, ROWS, context)


def test_ctrl_c_ends_the_writing(tmp_path: Path, context: Surroundings) -> None:
    """Between two tokens, not after all of them."""
    model = made(Continue(), tmp_path / "m")
    calls = 0
    forward = model.module.forward

    def counting(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 3:
            context.cancelled.set()
        return forward(*args, **kwargs)

    model.module.forward = counting
    with pytest.raises(Interrupted):
        written(Continue(max_new_tokens=50), model, ROWS[:1], context)
    assert calls <= 4


def test_an_empty_stop_word_is_refused(tmp_path: Path, context: Surroundings) -> None:
    """It would end every text before it begins, and look like an answer."""
    model = made(Continue(), tmp_path / "m")
    options = generation_arguments(GenerationOptions(stop=("",)))
    with pytest.raises(UsageError, match="an empty text would end"):
        written(Continue(**options), model, ROWS[:1], context)
