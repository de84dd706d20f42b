from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hfshell_tasks.token_classification.words import joined, split, spoken_for


def test_words_stand_where_they_stand_in_the_text() -> None:
    """Offsets count characters of the words with a space between two, whatever is in them."""
    words = joined(("New York", "", "\ufeff", "😀", "Ada"))
    assert words.text == "New York  \ufeff 😀 Ada"
    assert [words.text[start:end] for start, end in words.spans] == ["New York", "", "\ufeff", "😀", "Ada"]


def test_texts_are_cut_at_spaces_and_signs() -> None:
    """A sign is a word of its own, so that no name is tagged with its comma; so is a Chinese character."""
    text = "Ada, don't: 你好 naïve हिन्दी\n@x\u200b."
    found = [text[start:end] for start, end in split(text).spans]
    assert found == ["Ada", ",", "don", "'", "t", ":", "你", "好", "naïve", "हिन्दी", "@", "x", "."]


@given(st.text(max_size=40))
def test_cut_texts_have_all_letters_in_order(text: str) -> None:
    """Words do not overlap, none is empty, and none holds a space."""
    spans = split(text).spans
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert not any(character.isspace() for start, end in spans for character in text[start:end])


def test_first_token_speaks_for_a_word() -> None:
    """Tokens that go on with a word, and special ones, speak for none."""
    spans = ((0, 3), (4, 12))
    tokens = ((0, 0), (0, 3), (4, 8), (8, 12), (0, 0))
    assert spoken_for(spans, [tokens]) == [[[], [0], [1], [], []]]


def test_words_that_are_nothing_do_not_shift_the_others() -> None:
    """A word of characters that the tokenizer drops is in no token; the next one keeps its own."""
    spans = ((0, 1), (2, 3), (4, 7))
    assert spoken_for(spans, [((0, 0), (0, 1), (4, 7), (0, 0))]) == [[[], [0], [2], []]]


def test_word_whose_begin_is_dropped_has_its_first_token_all_the_same() -> None:
    """A mark before a name is dropped by some tokenizers, and the name's token does not begin the word."""
    assert spoken_for(((0, 4),), [((1, 3), (3, 4))]) == [[[0], []]]


def test_token_of_several_words_speaks_for_all() -> None:
    """A tokenizer that joins words leaves none of them without a tag."""
    assert spoken_for(((0, 3), (3, 4), (5, 7)), [((0, 4), (5, 7))]) == [[[0, 1], [2]]]


def test_rest_of_a_word_in_the_next_window_does_not_speak() -> None:
    """Where a window begins in the middle of a word, its piece is not taken for the word's first."""
    first, second = ((0, 3), (4, 8)), ((8, 12), (13, 15))
    assert spoken_for(((0, 3), (4, 12), (13, 15)), [first, second]) == [[[0], [1]], [[], [2]]]
