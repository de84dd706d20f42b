from __future__ import annotations

import random

import pytest

from hfshell.api import ratio, ratio_interval


def test_a_ratio_is_of_sums_not_of_rows() -> None:
    """A row with many tokens counts as many times."""
    assert ratio([(1, 1), (0, 3)]) == 0.25
    assert ratio([]) is None
    assert ratio([(1, 0)]) is None


def test_interval_of_a_mean_is_about_two_standard_errors() -> None:
    """Of a thousand coins it reaches three points to both sides."""
    draw = random.Random(4)
    pairs = [(float(draw.random() < 0.5), 1.0) for _ in range(1000)]
    low, high = ratio_interval(pairs, seed=1)
    assert low is not None
    assert high is not None
    assert low < (ratio(pairs) or 0) < high
    assert (high - low) / 2 == pytest.approx(1.96 * (0.25 / 1000) ** 0.5, rel=0.2)
    assert ratio_interval(pairs, seed=1) == (low, high)


def test_one_row_has_no_interval() -> None:
    """Nothing can be said of how rows differ."""
    assert ratio_interval([(1.0, 1.0)]) == (None, None)
