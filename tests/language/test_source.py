"""Places: file, line, column, how much the caret marks, and the line itself."""

from __future__ import annotations

import pytest

from hfshell.errors import Place
from hfshell.language import Source, Span
from hfshell.language.source import excerpt


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 3, Place("f", 5, 1, 3, "one")),
        (4, 5, Place("f", 6, 1, 1, "two")),
        (5, 9, Place("f", 6, 2, 2, "two")),
        (8, 8, Place("f", 7, 1, 1, "three")),
        (13, 99, Place("f", 7, 6, 1, "three")),
    ],
)
def test_place(start: int, end: int, expected: Place) -> None:
    """Lines count from the source's first, columns from 1, and the caret stays within its line."""
    assert Source("one\ntwo\nthree", "f", 5).place(Span(start=start, end=end)) == expected


def test_place_of_a_line_with_carriage_return() -> None:
    """A carriage return before the line end is no part of the line that is shown."""
    assert Source("one\r\ntwo").place(Span(start=0, end=9)).text == "one"


def test_other_line_separators_end_no_line() -> None:
    """Lines are what editors count: U+2028 and form feeds end none."""
    place = Source("'a\u2028b\fc' ;").place(Span(start=8, end=9))
    assert (place.line, place.column) == (1, 9)


def test_place_can_always_be_encoded() -> None:
    """A byte that was not UTF-8 is shown as such, in its column."""
    place = Source("a\udcffb").place(Span(start=2, end=3))
    assert place.text == "a\ufffdb"
    assert place.column == 3


def test_excerpt_is_short_and_one_line() -> None:
    """A message never repeats a megabyte, nor a line end."""
    assert excerpt("ab\\\ncd") == "ab"
    assert len(excerpt("a" * 1_000_000)) == 41
