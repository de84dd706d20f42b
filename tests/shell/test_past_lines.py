"""Search through what was typed before: the same finds as going through it line by line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfshell.shell.past_lines import PastLines

TEXTS = st.lists(
    st.text(alphabet="ab\n", min_size=1, max_size=6).filter(lambda text: text.strip()), max_size=8
)
PARTS = st.text(alphabet="ab", min_size=1, max_size=3)


def rest_line_by_line(texts: list[str], beginning: str) -> str | None:
    """What `rest_of` should find."""
    lines = [line for text in reversed(texts) for line in reversed(text.split("\n"))]
    return next(
        (line[len(beginning) :] for line in lines if line.startswith(beginning) and line != beginning), None
    )


@given(TEXTS, PARTS)
def test_the_newest_line_that_goes_on(texts: list[str], beginning: str) -> None:
    """Ghost text is the newest line that begins so, of any text, and is longer."""
    assert PastLines(texts).rest_of(beginning) == rest_line_by_line(texts, beginning)


@given(TEXTS, PARTS, st.integers(0, 8))
def test_the_nearest_text_that_holds_a_part(texts: list[str], part: str, number: int) -> None:
    """Ctrl-R and Ctrl-S find the nearest text in their direction, and never one that is pieced together."""
    past = PastLines(texts)
    older = [index for index, text in enumerate(texts) if part in text and index < number]
    newer = [index for index, text in enumerate(texts) if part in text and index > number]
    assert past.newest_with(part, number) == (older[-1] if older else None)
    if number < len(texts):
        assert past.oldest_with(part, number) == (newer[0] if newer else None)


@given(TEXTS, TEXTS)
def test_adding_is_like_having_had_it(before: list[str], after: list[str]) -> None:
    """A line of this session is found as those of the file are."""
    past = PastLines(before)
    for text in after:
        past.add(text)
    whole = PastLines([*before, *after])
    assert len(past) == len(whole)
    assert past.rest_of("a") == whole.rest_of("a")
    assert past.newest_with("ab", len(past)) == whole.newest_with("ab", len(whole))


@pytest.mark.parametrize("part", ["b\na", "b\nb"])
def test_a_part_of_several_lines(part: str) -> None:
    """A line end in what is looked for matches inside a text, not between two."""
    past = PastLines(["ab", "ab\nb", "ab"])
    assert past.newest_with(part, 3) == (1 if part == "b\nb" else None)
    assert past.oldest_with(part, -1) == (1 if part == "b\nb" else None)


def test_many_lines_that_are_just_what_is_typed() -> None:
    """Somebody who typed `models` a thousand times waits for nothing."""
    assert PastLines(["models --all", *["models"] * 1000]).rest_of("models") is None
