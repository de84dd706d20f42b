"""Pairs of texts: both are read, and what is cut is counted."""

from __future__ import annotations

from typing import Any

import pytest

from hfshell.api import DataError, ModelView
from hfshell.testing.tiny_bert import tokenizer as with_segments
from hfshell_tasks.sentence_pairs.task import SentencePairClassification, SentencePairRegression


def test_both_texts_are_read_and_told_apart() -> None:
    """The second text is of the second kind of segment, behind the first."""
    words = with_segments()
    (feature,) = SentencePairClassification().encode(
        [{"first": "my card", "second": "refund me"}], ModelView(words)
    )
    assert words.convert_ids_to_tokens(feature["input_ids"]) == [
        "[CLS]", "my", "card", "[SEP]", "refund", "me", "[SEP]",
    ]  # fmt: skip
    assert feature["token_type_ids"] == [0, 0, 0, 0, 1, 1, 1]


def test_the_longer_text_is_cut_and_counted(tokenizer: Any) -> None:
    """A short hypothesis stays whole behind a long premise."""
    (feature,) = SentencePairRegression().encode(
        [{"first": "card " * 30, "second": "refund please"}], ModelView(tokenizer)
    )
    assert tokenizer.convert_ids_to_tokens(feature["input_ids"])[-3:] == ["refund", "please", "[SEP]"]
    assert (len(feature["input_ids"]), feature["_truncated"]) == (16, 30 + 2 + 3 - 16)


@pytest.mark.parametrize("row", [{"first": "my card"}, {"second": "my card"}, {"first": "a", "second": None}])
def test_half_a_pair_is_no_pair(tokenizer: Any, row: dict[str, Any]) -> None:
    """A text that is missing is not read as an empty one."""
    with pytest.raises(DataError, match="text"):
        SentencePairClassification().encode([row], ModelView(tokenizer))
