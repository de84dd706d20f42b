from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
import torch
import transformers

from hfshell.api import IGNORED, ROW, DataError, ModelError, ModelView, PredictionResult, UsageError, Window
from hfshell.compute.padding import pad
from hfshell.testing.tiny_bert import tokenizer as tiny_tokenizer
from hfshell_tasks.fill_mask.masking import each_masked, masked, places, with_masks
from hfshell_tasks.fill_mask.options import PredictOptions
from hfshell_tasks.fill_mask.render import show
from hfshell_tasks.fill_mask.task import FillMask

LONG = " ".join(["my card was charged twice please refund me"] * 8)


@pytest.fixture(scope="module")
def words() -> Any:
    return tiny_tokenizer()


@pytest.fixture(scope="module")
def module(words: Any) -> Any:
    torch.manual_seed(3)
    config = transformers.BertConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        initializer_range=0.3,
    )
    return transformers.BertForMaskedLM(config).eval()


def view(words: Any, limit: int = 32, **options: Any) -> ModelView:
    return ModelView(words, max_length=limit, options=PredictOptions(**options), padding=pad)


def answered(module: Any, rows: Sequence[Any], model: ModelView) -> list[Any]:
    """Encode, run and decode rows as the engine does."""
    task = FillMask()
    features = list(task.encode(rows, model))
    batch = task.collate(features, model)
    with torch.inference_mode():
        kept = task.read(module(**batch), batch, model)
    windows = [Window(feature[ROW], feature, output) for feature, output in zip(features, kept, strict=True)]
    return list(task.decode(windows, rows, model))


@pytest.mark.parametrize("text", ["my [MASK] was charged twice", "my card was [MASK] [MASK] please"])
def test_words_are_those_of_the_pipeline(words: Any, module: Any, text: str) -> None:
    """Keys, tokens, probabilities and texts are what transformers' own pipeline gives."""
    pipe = transformers.pipeline("fill-mask", model=module, tokenizer=words, top_k=3, device="cpu")
    (ours,) = answered(module, [{"text": text}], view(words, top_k=3))
    flat = [item for mask in ([ours] if isinstance(ours[0], dict) else ours) for item in mask]
    theirs = pipe(text)
    wanted = [item for mask in ([theirs] if isinstance(theirs[0], dict) else theirs) for item in mask]
    assert [item.keys() for item in flat] == [item.keys() for item in wanted]
    for mine, other in zip(flat, wanted, strict=True):
        assert mine["score"] == pytest.approx(other["score"], rel=1e-4)
        assert {**mine, "score": 0} == {**other, "score": 0}


@pytest.mark.parametrize("spelling", ["[MASK]", "<mask>", "[mask]", "___", "_____"])
def test_mask_may_be_spelt_in_many_ways(spelling: str) -> None:
    """Whoever knows another model's mask, or a gap on paper, need not look up this one's."""
    assert with_masks(f"my {spelling} is late", "[MASK]") == "my [MASK] is late"


def test_underscores_of_a_name_are_no_mask() -> None:
    """One or two of them stand in many words."""
    assert with_masks("snake_case and __init__", "[MASK]") == "snake_case and __init__"


def test_mask_deep_in_a_long_text_is_found_once(words: Any, module: Any) -> None:
    """Windows overlap: a mask in two of them is answered from the one that shows more around it."""
    parts = LONG.split()
    parts[26] = "[MASK]"
    (found,) = answered(module, [{"text": " ".join(parts)}], view(words, limit=32, top_k=2))
    assert len(found) == 2
    assert all(isinstance(item, dict) for item in found)


def test_nothing_of_a_long_text_is_lost(words: Any) -> None:
    """What is learnt or measured stands in windows side by side, each token in one of them."""
    task, model = FillMask(), view(words, limit=16)
    features = task.encode([{"text": LONG, "_masks": "drawn anew"}], model)
    ids = [feature["input_ids"][place] for feature in features for place in places(feature)]
    assert ids == words(LONG, add_special_tokens=False)["input_ids"]
    assert all(len(feature["input_ids"]) <= 16 for feature in features)


def test_masks_that_measure_are_the_same_each_time(words: Any) -> None:
    """Else epochs, and models, would be measured by different questions."""
    rows = [{"text": LONG, "_masks": 43}, {"text": "where is my parcel", "_masks": 43}]
    first, again = (list(FillMask().encode(rows, view(words))) for _ in range(2))
    assert first == again
    assert next(iter(FillMask().encode([rows[1]], view(words))))["labels"] == first[-1]["labels"]
    assert first != list(FillMask().encode([{**row, "_masks": 44} for row in rows], view(words)))


def test_masks_that_are_learnt_are_drawn_anew(words: Any) -> None:
    """Each epoch hides other tokens, and torch's seed says which, as resuming needs."""
    task, model = FillMask(), view(words, limit=64)
    features = task.encode([{"text": LONG, "_masks": "drawn anew"}], model)
    torch.manual_seed(1)
    first, second = (task.collate(features, model)["labels"] for _ in range(2))
    torch.manual_seed(1)
    again = task.collate(features, model)["labels"]
    assert torch.equal(first, again)
    assert not torch.equal(first, second)


def test_a_text_of_one_word_has_one_hidden(words: Any) -> None:
    """A batch in which nothing is hidden would have no loss."""
    (feature,) = FillMask().encode([{"text": "parcel", "_masks": 1}], view(words))
    assert sum(label != IGNORED for label in feature["labels"]) == 1


def test_shares_are_those_of_bert(words: Any) -> None:
    """15 % are hidden; of these 80 % are masks, 10 % another token, 10 % as they were."""
    (feature,) = view(words, limit=64).windows([" ".join(["parcel"] * 60)])
    draw, counts = random.Random(5), {"hidden": 0, "mask": 0, "same": 0}
    for _ in range(400):
        made = masked(feature, words, draw)
        for before, now, label in zip(feature["input_ids"], made["input_ids"], made["labels"], strict=True):
            if label == IGNORED:
                assert now == before
                continue
            assert label == before
            counts["hidden"] += 1
            counts["mask"] += now == words.mask_token_id
            counts["same"] += now == before
    assert counts["hidden"] == 400 * 9
    assert counts["mask"] / counts["hidden"] == pytest.approx(0.8, abs=0.03)
    assert counts["same"] / counts["hidden"] == pytest.approx(0.1, abs=0.03)


def test_special_tokens_are_never_hidden(words: Any) -> None:
    """What a tokenizer puts around a text is no word to find."""
    (feature,) = view(words).windows(["where is my parcel"])
    for made in each_masked(feature, words):
        assert made["labels"][0] == made["labels"][-1] == IGNORED


class Context:
    """An engine that runs a module over all rows at once."""

    seed = 42

    def __init__(self, module: Any, model: ModelView) -> None:
        self.engine, self.module, self.model = self, module, model

    def outputs(self, task: FillMask, _model: Any, rows: Sequence[Any], *_rest: Any) -> Iterator[Window]:
        for feature in task.encode(rows, self.model):
            batch = task.collate([feature], self.model)
            with torch.inference_mode():
                (kept,) = task.read(self.module(**batch), batch, self.model)
            yield Window(feature[ROW], feature, kept)


def test_pseudo_perplexity_is_that_of_salazar(words: Any, module: Any) -> None:
    """Each token is predicted from all others, and the mean is over tokens, not over texts."""
    from hfshell_tasks.fill_mask.options import EvalOptions

    texts = ["my card was charged twice", "where is my parcel"]
    context: Any = Context(module, view(words))
    metrics = FillMask().eval(
        SimpleNamespace(), [{"text": text} for text in texts], EvalOptions(pseudo_perplexity=True), context
    )
    losses = []
    for text in texts:
        ids = words(text, return_tensors="pt")["input_ids"]
        for place in range(1, ids.shape[1] - 1):
            hidden = ids.clone()
            hidden[0, place] = words.mask_token_id
            with torch.inference_mode():
                losses.append(
                    -module(input_ids=hidden).logits[0, place].log_softmax(-1)[ids[0, place]].item()
                )
    found = {metric.name: metric.value for metric in metrics}
    assert found["pseudo_perplexity"] == pytest.approx(math.exp(sum(losses) / len(losses)), rel=1e-5)


def test_pseudo_perplexity_of_a_text_without_tokens(words: Any, module: Any) -> None:
    """Such a text has a feature like any other, and changes nothing of the others' number."""
    from hfshell_tasks.fill_mask.options import EvalOptions

    (empty,) = FillMask().encode([{"text": "\u200b\u200b", "_masks": "each token in turn"}], view(words))
    assert set(empty["labels"]) == {IGNORED}
    context, found = Context(module, view(words)), []
    for texts in (["where is my parcel"], ["where is my parcel", "\u200b\u200b"]):
        rows, options = [{"text": text} for text in texts], EvalOptions(pseudo_perplexity=True)
        metrics = FillMask().eval(SimpleNamespace(), rows, options, context)  # type: ignore[arg-type]
        found.append({metric.name: metric.value for metric in metrics}["pseudo_perplexity"])
    assert found[0] == pytest.approx(found[1])


def test_masked_accuracy_counts_hidden_tokens_alone(words: Any, module: Any) -> None:
    """Tokens that are in plain sight would be found by anyone."""
    rows = [{"text": LONG}, {"text": "where is my parcel"}]
    context: Any = Context(module, view(words))
    accuracy, unigram, perplexity = FillMask().eval(SimpleNamespace(), rows, None, context)
    right = hidden = 0
    labels = []
    for feature in FillMask().encode([{**row, "_masks": 43} for row in rows], view(words)):
        with torch.inference_mode():
            best = module(input_ids=torch.tensor([feature["input_ids"]])).logits[0].argmax(-1).tolist()
        for guess, label in zip(best, feature["labels"], strict=True):
            right += label != IGNORED and guess == label
            hidden += label != IGNORED
            labels += [label] if label != IGNORED else []
    assert accuracy.value == pytest.approx(right / hidden)
    assert unigram.value == pytest.approx(max(map(labels.count, labels)) / len(labels))
    assert perplexity.value is not None
    assert perplexity.value > 1


def test_a_text_without_a_mask_is_told_which_one_to_write(words: Any) -> None:
    """Without the guard a model would answer a question that nobody asked."""
    model: Any = SimpleNamespace(processor=words)
    with pytest.raises(UsageError) as caught:
        FillMask().predict(model, [{"text": "where is my parcel"}], PredictOptions(), SimpleNamespace())
    assert "[MASK]" in str(caught.value.hint)


def test_a_tokenizer_without_a_mask_is_refused() -> None:
    """A model that only goes on with texts cannot look at both sides of a word."""
    with pytest.raises(ModelError, match="no mask token"):
        FillMask().encode([{"text": "a"}], ModelView(SimpleNamespace(mask_token=None)))


def test_blank_texts_cannot_be_measured() -> None:
    """Nothing can be hidden in them."""
    context: Any = SimpleNamespace(seed=42)
    with pytest.raises(DataError, match="blank"):
        FillMask().eval(SimpleNamespace(), [{"text": " "}], None, context)


def test_words_stand_in_their_sentence() -> None:
    """The text as it was typed, with the best word where the gap was."""
    item = {"score": 0.5, "token": 7, "token_str": "card", "sequence": "my card is late"}
    result = PredictionResult(
        model="m", task="fill-mask", rows=([item],), inputs=("my ___ is late",), seconds=0.1
    )
    shown: Any = show(result)
    line, bars = shown.views
    assert [span.text for span in line.spans] == ["my ", "card", " is late"]
    assert [(bar.label, bar.value) for bar in bars.bars] == [("card", 0.5)]


def test_what_is_no_word_is_shown_the_usual_way() -> None:
    """A task of the same name may give something else."""
    result = PredictionResult(model="m", task="fill-mask", rows=(3,), inputs=("a",), seconds=0.1)
    assert show(result) is None
