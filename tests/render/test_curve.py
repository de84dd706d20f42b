"""Curves of unknown length in bounded memory."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hfshell.render.curve import Curve, Steps


@given(st.integers(1, 5000))
def test_stretches_are_equal(count: int) -> None:
    """However many numbers came in, each point stands for as many of them as the next."""
    curve = Curve(points=16)
    for number in range(count):
        curve.add(float(number))
    distances = {second - first for first, second in pairwise(curve.values)}
    assert len(distances) <= 1
    assert len(curve.values) < 16
    assert curve.newest == count - 1


@given(st.lists(st.floats(0, 10), min_size=1, max_size=15))
def test_few_numbers_stay_as_they_are(values: list[float]) -> None:
    """Nothing is averaged before it has to be."""
    curve = Curve(points=16)
    for value in values:
        curve.add(value)
    assert curve.values == values


def test_repeated_metrics_count_once() -> None:
    """Every step repeats the newest metrics; a curve of epochs has one point an epoch."""
    steps = Steps()
    assert [steps.add(values) for values in ({}, {"f1": 0.5}, {"f1": 0.5}, {"f1": 0.7})] == [
        False,
        True,
        False,
        True,
    ]
    assert steps.values == {"f1": [0.5, 0.7]}
