from __future__ import annotations

from typing import Any

import pytest
import torch

from hfshell.api import DataError, ModelView
from hfshell_tasks.fill_mask.next_sentence import NextSentence
from hfshell_tasks.fill_mask.sentences import IS_NEXT, NOT_NEXT, label_of, pairs, sentences

DOCUMENTS = [
    {"text": f"Story {number} begins. Then {number} goes on. And {number} ends."} for number in range(40)
]


def test_sentences_end_with_stops_and_lines() -> None:
    """Also where no blank follows, as in Chinese."""
    assert sentences("It rained. Did it? Yes!\nWe stayed") == ["It rained.", "Did it?", "Yes!", "We stayed"]
    assert sentences("下雨了。我们回家。") == ["下雨了。", "我们回家。"]
    assert sentences("  ") == []


def test_half_of_the_pairs_follow_and_half_come_from_elsewhere() -> None:
    """The label says which, and what does not follow is of another text."""
    made = pairs(DOCUMENTS, 1)
    assert len(made) == 80
    following = {
        (first, second)
        for row in DOCUMENTS
        for first, second in zip(sentences(row["text"]), sentences(row["text"])[1:], strict=False)
    }
    for row in made:
        assert ((row["text"], row["second"]) in following) == (row["label"] == IS_NEXT)
    assert 25 < sum(row["label"] == IS_NEXT for row in made) < 55


def test_pairs_follow_from_the_seed() -> None:
    """A run that is resumed, or repeated, learns from the same ones."""
    assert pairs(DOCUMENTS, 1) == pairs(DOCUMENTS, 1)
    assert pairs(DOCUMENTS, 1) != pairs(DOCUMENTS, 2)


def test_rows_of_one_sentence_follow_on_each_other() -> None:
    """A file of lines is one text."""
    rows = [{"text": f"Line {number}."} for number in range(30)]
    nexts = [row for row in pairs(rows, 3) if row["label"] == IS_NEXT]
    assert nexts
    assert all(int(row["second"][5:-1]) == int(row["text"][5:-1]) + 1 for row in nexts)


def test_pairs_of_the_data_are_taken_as_they_are() -> None:
    """Whoever brings pairs has chosen them; 0 is what transformers calls a sentence that follows."""
    rows = [{"text": "A.", "second": "B.", "label": "0"}, {"text": "A.", "second": "C.", "label": 1}]
    assert [row["label"] for row in pairs(rows, 1)] == [IS_NEXT, NOT_NEXT]


def test_what_says_nothing_is_no_label() -> None:
    """A wrong column would be learnt otherwise."""
    with pytest.raises(DataError, match="does not say"):
        label_of("billing")


def test_texts_without_two_sentences_are_refused() -> None:
    """There is nothing to learn in them."""
    with pytest.raises(DataError, match="no sentence follows"):
        pairs([{"text": "Alone."}], 1)


def test_output_zero_is_the_one_that_follows() -> None:
    """As transformers' head has it; the likelier label stands first."""
    model = ModelView(None)
    rows: list[Any] = [{}, {}]
    first, second = NextSentence().decode(torch.tensor([[3.0, 0.0], [0.0, 1.0]]), rows, model)
    assert (first[0].label, second[0].label) == (IS_NEXT, NOT_NEXT)
    assert NextSentence().target("0", model) == 0
