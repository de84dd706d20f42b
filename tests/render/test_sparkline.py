"""Pictures of numbers are true to the numbers."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from hfshell.render.sparkline import bar, rule, sparkline

shares = st.floats(0, 1)
anything = st.floats(allow_nan=True, allow_infinity=True)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=200), st.integers(1, 40))
def test_sparkline_is_as_long_as_asked(values: list[float], cells: int) -> None:
    """Never wider than its room, and one sign a number when there is room."""
    assert len(sparkline(values, cells)) == min(len(values), cells)


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=30))
def test_sparkline_rises_where_numbers_rise(values: list[int]) -> None:
    """A higher number never has a lower sign."""
    signs = sparkline(values, 30)
    for (first, second), (left, right) in zip(pairwise(values), pairwise(signs), strict=True):
        assert (left <= right) if first <= second else (left >= right)


def test_sparkline_of_odd_numbers() -> None:
    """No numbers, equal ones, and ones that are none do not break a screen; NaN is seen."""
    assert sparkline([], 10) == ""
    assert len(set(sparkline([2.0, 2.0], 10))) == 1
    assert sparkline([1.0, float("nan"), 2.0], 10) == "▁×█"
    assert sparkline([float("nan")], 10) == "×"


@given(anything, st.integers(1, 50))
def test_bars_stay_in_their_room(share: float, cells: int) -> None:
    """Whatever is drawn, a bar is never wider than all, and a rule always is all."""
    assert cell_len(bar(share, cells)) <= cells
    drawn, missing = rule(share, cells)
    assert cell_len(drawn + missing) == cells


@given(shares, shares, st.integers(1, 50))
def test_a_larger_share_is_never_shorter(first: float, second: float, cells: int) -> None:
    """Bars compare as their numbers do."""
    less, more = sorted((first, second))
    assert len(bar(less, cells)) <= len(bar(more, cells))
    assert len(rule(less, cells)[0]) <= len(rule(more, cells)[0])


def test_a_small_share_is_seen() -> None:
    """What is more than nothing has a bar, and nothing has none."""
    assert bar(1e-9, 20) == "▏"
    assert bar(0.0, 20) == ""
    assert bar(1.0, 20) == "█" * 20
