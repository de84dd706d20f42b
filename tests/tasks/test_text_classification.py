from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from hfshell.api import DataError, ModelView, Refused
from hfshell_tasks.text_classification.options import PredictOptions
from hfshell_tasks.text_classification.task import TextClassification

LABELS = ("billing", "refunds", "sales", "other")


@pytest.fixture
def task() -> TextClassification:
    return TextClassification()


def test_head_is_said_and_never_guessed(task: TextClassification) -> None:
    """Left to itself transformers would take two labels of floats for several labels a row."""
    assert task.auto_class == "AutoModelForSequenceClassification"
    assert task.problem_type == "single_label_classification"


def test_encode_gives_token_ids(task: TextClassification, tokenizer: Any) -> None:
    """Lists of ints, with special tokens, unpadded."""
    rows = [{"text": "my card", "label": "sales"}, {"text": "refund please order", "label": "billing"}]
    first, second = task.encode(rows, ModelView(tokenizer, LABELS))
    assert first["input_ids"] == [2, 5, 6, 3]
    assert second["input_ids"] == [2, 10, 11, 14, 3]
    assert all(isinstance(value, list) for value in first.values())
    assert "_truncated" not in first


def test_target_is_the_index_of_the_label(task: TextClassification, tokenizer: Any) -> None:
    """A label is learnt by its index among the names given."""
    view = ModelView(tokenizer, LABELS)
    assert [task.target(label, view) for label in ("sales", "billing")] == [2, 0]


@pytest.mark.parametrize(("max_length", "kept"), [(8, 8), (16, 16), (400, 16), (None, 16)])
def test_long_text_is_cut_and_counted(
    task: TextClassification, tokenizer: Any, max_length: int | None, kept: int
) -> None:
    """The smaller of the two limits holds; every token that is lost is counted, special ones stay."""
    text = " ".join(["card"] * 30)
    rows = [{"text": "my card"}, {"text": text}]
    short, long = task.encode(rows, ModelView(tokenizer, LABELS, max_length))
    assert "_truncated" not in short
    assert len(long["input_ids"]) == kept
    assert long["input_ids"][-1] == tokenizer.sep_token_id
    assert long["_truncated"] == 30 + 2 - kept


def test_text_that_just_fits_is_not_called_cut(task: TextClassification, tokenizer: Any) -> None:
    """Exactly as long as the limit is whole."""
    (feature,) = task.encode([{"text": " ".join(["card"] * 14)}], ModelView(tokenizer, LABELS))
    assert len(feature["input_ids"]) == 16
    assert "_truncated" not in feature


@given(words=st.lists(st.integers(0, 40), min_size=1, max_size=6), limit=st.integers(3, 16))
def test_kept_and_cut_tokens_add_up(tokenizer: Any, words: list[int], limit: int) -> None:
    """In any batch, for every row: tokens kept and tokens cut are all of its tokens."""
    rows = [{"text": " ".join(["card"] * count)} for count in words]
    features = TextClassification().encode(rows, ModelView(tokenizer, LABELS, limit))
    assert [len(row["input_ids"]) + row.get("_truncated", 0) for row in features] == [
        count + 2 for count in words
    ]
    assert all(len(row["input_ids"]) <= limit for row in features)


def test_tokenizer_without_a_limit_cuts_nothing(task: TextClassification, tokenizer: Any) -> None:
    """A tokenizer that says 1e30 has no limit, and none is made up."""
    import copy

    endless = copy.deepcopy(tokenizer)
    endless.model_max_length = int(1e30)
    (feature,) = task.encode([{"text": " ".join(["card"] * 500)}], ModelView(endless, LABELS))
    assert len(feature["input_ids"]) == 502


def test_starter_model_counts_what_it_cuts(task: TextClassification, minilm: Path) -> None:
    """The starter's tokenizer file has a limit of its own baked in; what is counted is the whole text."""
    from transformers import AutoTokenizer

    processor = AutoTokenizer.from_pretrained(minilm)
    (feature,) = task.encode([{"text": "card " * 700}], ModelView(processor, LABELS, 128))
    assert len(feature["input_ids"]) == 128
    assert feature["_truncated"] == 702 - 128


def test_no_rows_give_no_features(task: TextClassification, tokenizer: Any) -> None:
    """An empty batch is no error."""
    assert task.encode([], ModelView(tokenizer, LABELS)) == []


def test_unknown_label_is_refused_by_name(task: TextClassification, tokenizer: Any) -> None:
    """A label that the head does not have must not become another one's index."""
    with pytest.raises(Refused) as raised:
        task.target("returns", ModelView(tokenizer, LABELS))
    assert raised.value.guard == "labels"
    assert "returns" in raised.value.message
    assert "billing" in raised.value.message


@pytest.mark.parametrize("row", [{}, {"text": None}, {"text": 7}])
def test_row_without_text_is_an_error(task: TextClassification, tokenizer: Any, row: dict[str, Any]) -> None:
    """A missing text is not the empty text."""
    with pytest.raises(DataError, match="no text"):
        task.encode([row], ModelView(tokenizer, LABELS))


def test_decode_gives_probabilities_best_first(task: TextClassification) -> None:
    """Softmax over the labels, each with its own name, sorted."""
    logits = torch.tensor([[0.0, 2.0, 1.0, -1.0], [3.0, 0.0, 0.0, 0.0]])
    first, second = task.decode(logits, [{}, {}], ModelView(None, LABELS))
    assert [item.label for item in first] == ["refunds", "sales", "billing", "other"]
    expected = torch.softmax(logits[0], dim=0)
    assert first[0].score == pytest.approx(float(expected[1]))
    assert sum(item.score for item in first) == pytest.approx(1.0, abs=1e-6)
    # equal scores keep the order of the labels, so that output does not change from run to run
    assert [item.label for item in second] == ["billing", "refunds", "sales", "other"]


@pytest.mark.parametrize(("top_k", "given"), [(1, 1), (3, 3), (4, 4), (99, 4)])
def test_top_k_is_how_many_labels_are_given(task: TextClassification, top_k: int, given: int) -> None:
    """All labels are decoded, for measuring needs them; `predict` gives as many as were asked for."""
    logits = torch.tensor([[0.0, 2.0, 1.0, -1.0]])
    (scores,) = task.decode(logits, [{}], ModelView(None, LABELS, options=PredictOptions(top_k=top_k)))
    assert len(scores) == 4
    chosen = task.select(scores, PredictOptions(top_k=top_k))
    assert [item.label for item in chosen] == ["refunds", "sales", "billing", "other"][:given]
    assert task.answer(scores) == "refunds"


def test_labels_that_do_not_fit_the_head_are_an_error(task: TextClassification) -> None:
    """Fewer names than logits would name some labels wrongly."""
    with pytest.raises(ValueError, match="labels"):
        list(task.decode(torch.zeros(1, 4), [{}], ModelView(None, LABELS[:3])))


def test_pairs_of_long_texts_take_no_memory(tokenizer: Any) -> None:
    """Two texts of thousands of words are cut as two shorter ones are, and all cut tokens are counted."""
    view = ModelView(tokenizer, max_length=16)
    one, other = "card " * 3000, "refund " * 3000
    (feature,) = view.tokenize([one], [other])
    assert len(feature["input_ids"]) == 16
    assert (
        feature["input_ids"]
        == tokenizer("card " * 20, "refund " * 20, truncation=True, max_length=16)["input_ids"]
    )
    assert feature["_truncated"] == 6000 + 3 - 16
