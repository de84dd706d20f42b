"""Tokens in windows: each is learnt once, behind as much of what stands before it as fits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hfshell.api import TokenRow, prompt_feature


@given(
    st.lists(st.booleans(), max_size=60),
    st.integers(0, 2),
    st.integers(4, 20),
    st.integers(1, 30),
)
def test_each_token_is_learnt_in_one_window(
    learnt: list[bool], opening: int, limit: int, context: int
) -> None:
    """No window is longer than the limit, nothing is lost, and nothing counts twice."""
    ids = list(range(100, 100 + len(learnt)))
    found = TokenRow(tuple(range(opening)), ids, learnt).windows(3, limit, context)
    assert all(len(feature["input_ids"]) <= limit for feature in found)
    assert all(feature["input_ids"][:opening] == list(range(opening)) for feature in found)
    assert {feature["_row"] for feature in found} == {3}
    wanted = [token for token, learn in zip(ids, learnt, strict=True) if learn]
    if not opening and learnt[:1] == [True]:
        wanted = wanted[1:]  # a first token has nothing before it that could predict it
    assert [label for feature in found for label in feature["labels"][1:] if label != -100] == wanted


@given(st.integers(5, 40), st.integers(1, 8))
def test_later_windows_begin_with_the_tokens_before_them(length: int, context: int) -> None:
    """A token that is learnt first in a window has its context there."""
    ids = list(range(100, 100 + length))
    for feature in TokenRow((1,), ids, [True] * length).windows(0, 10, context)[1:]:
        first = next(place for place, label in enumerate(feature["labels"]) if label != -100)
        assert first == 1 + min(context, 8)
        assert feature["input_ids"][1:] == list(range(feature["input_ids"][1], feature["input_ids"][-1] + 1))


def test_prompt_that_is_too_long_keeps_its_end() -> None:
    """What is written follows on the last words, so the first ones go, and are counted."""
    feature = prompt_feature((1,), [5, 6, 7, 8], 2, 3)
    assert feature["input_ids"] == [1, 7, 8]
    assert (feature["_row"], feature["_truncated"]) == (2, 2)
    assert "_truncated" not in prompt_feature((1,), [5, 6], 2, 3)
