from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from hfshell.api import DataError, ModelView
from hfshell.testing.tiny_bert import tokenizer as tiny_tokenizer
from hfshell_tasks.question_answering.options import ReadingOptions
from hfshell_tasks.question_answering.windows import passage_of, positions, windows

QUESTION = "where is my parcel"
CONTEXT = "the delivery was late and the box was broken please refund"


@pytest.fixture(scope="module")
def processor() -> Any:
    return tiny_tokenizer()


def view(processor: Any, window: int = 384, overlap: int = 128) -> ModelView:
    return ModelView(processor, options=ReadingOptions(window=window, overlap=overlap))


def row(context: str = CONTEXT, question: str = QUESTION) -> dict[str, str]:
    return {"question": question, "context": context}


def answers(context: str, text: str) -> dict[str, Any]:
    return {"text": [text], "answer_start": [context.index(text)]}


def test_learnt_tokens_are_the_answer(processor: Any) -> None:
    """From the first to the last token that is learnt the text is the answer, wherever it stands."""
    for text in ("the delivery", "late", "please refund", CONTEXT):
        (feature,) = windows([row()], view(processor))
        first, last = positions(feature, answers(CONTEXT, text), processor)
        start, end = feature["_offsets"][first][0], feature["_offsets"][last][1]
        assert CONTEXT[start:end] == text
        assert feature["_sequence"][first] == feature["_sequence"][last] == 1


def test_offsets_count_characters(processor: Any) -> None:
    """Not bytes: what stands before an answer may be of several bytes a character."""
    context = "naïve 😀 你好 the box was late"
    (feature,) = windows([row(context)], view(processor))
    first, last = positions(feature, answers(context, "the box"), processor)
    assert context[feature["_offsets"][first][0] : feature["_offsets"][last][1]] == "the box"


def test_question_that_holds_the_answer_is_not_it(processor: Any) -> None:
    """Offsets of the question and of the text both begin at 0."""
    context = "my parcel was late"
    (feature,) = windows([row(context)], view(processor))
    first, _ = positions(feature, answers(context, "my"), processor)
    assert feature["_sequence"][first] == 1


def test_window_without_the_answer_learns_that_there_is_none(processor: Any) -> None:
    """Nor does one that holds a part of it; every answer is whole in at least one window."""
    context = " ".join([CONTEXT] * 6)
    answer: dict[str, Any] = {"text": ["broken please"], "answer_start": [context.rindex("broken please")]}
    features = windows([row(context)], view(processor, window=24, overlap=8))
    found = [positions(feature, answer, processor) for feature in features]
    null = processor.cls_token_id
    holding = []
    for feature, (first, last) in zip(features, found, strict=True):
        assert len(feature["input_ids"]) <= 24
        if feature["input_ids"][first] == null:
            assert first == last
            continue
        start, end = feature["_offsets"][first][0], feature["_offsets"][last][1]
        assert (start, context[start:end]) == (answer["answer_start"][0], "broken please")
        holding.append(feature)
    assert len(features) > len(holding) >= 1


def test_no_answer_is_learnt_as_such(processor: Any) -> None:
    """Empty lists point at the token that stands for nothing."""
    (feature,) = windows([row()], view(processor))
    first, last = positions(feature, {"text": [], "answer_start": []}, processor)
    assert first == last == feature["input_ids"].index(processor.cls_token_id)


def test_windows_hold_all_of_the_text(processor: Any) -> None:
    """Nothing of a long text is cut; windows overlap."""
    context = " ".join([CONTEXT] * 8)
    features = windows([row(), row(context)], view(processor, window=32, overlap=8))
    assert [feature["_row"] for feature in features] == [0] + [1] * (len(features) - 1)
    parts = [passage_of(feature, processor).offsets for feature in features[1:]]
    assert parts[0][0][0] == 0
    assert parts[-1][-1][1] == len(context)
    assert all(after[0][0] < before[-1][1] for before, after in pairwise(parts))
    assert not any("_truncated" in feature for feature in features)


def test_long_question_is_cut_and_counted_once(processor: Any) -> None:
    """It may take half of a window; what it loses is counted for the row, not for each of its windows."""
    question, context = "where is my parcel " * 10, " ".join([CONTEXT] * 6)
    short, *long = windows([row(), row(context, question)], view(processor, window=32, overlap=8))
    assert "_truncated" not in short
    assert [feature.get("_truncated") for feature in long] == [40 - 16] + [None] * (len(long) - 1)
    assert all(sum(place == 0 for place in feature["_sequence"]) == 16 for feature in long)


def test_answers_of_no_tokens_are_not_in_a_window(processor: Any) -> None:
    """What the tokenizer drops has no token to point at."""
    context = "late \u200b box"
    (feature,) = windows([row(context)], view(processor))
    assert passage_of(feature, processor).tokens_of(5, 6) is None


@pytest.mark.parametrize("lacking", ["question", "context"])
def test_row_without_a_text_is_an_error(processor: Any, lacking: str) -> None:
    """A missing text is not an empty one."""
    with pytest.raises(DataError, match=f"no {lacking}"):
        windows([{**row(), lacking: None}], view(processor))


def test_empty_text_has_one_window(processor: Any) -> None:
    """There is nothing in it, and it is answered all the same."""
    (feature,) = windows([row("")], view(processor))
    assert len(passage_of(feature, processor).offsets) == 0
