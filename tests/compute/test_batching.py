"""Batches hold every row once, keep to their budget, and waste little on padding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfshell.compute.batching import token_budget_batches, windows

LENGTHS = st.lists(st.integers(0, 600), max_size=300)


@given(LENGTHS, st.integers(1, 5_000), st.floats(0, 1))
def test_every_row_stands_in_one_batch(lengths: list[int], budget: int, padding: float) -> None:
    """No row is lost and none is predicted twice."""
    batches = token_budget_batches(lengths, budget, max_padding=padding)
    assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))
    assert all(batches)


@given(LENGTHS, st.integers(1, 5_000))
def test_padded_tokens_keep_to_the_budget(lengths: list[int], budget: int) -> None:
    """A batch is as large as its longest row makes it; only a row longer than the budget exceeds it."""
    for batch in token_budget_batches(lengths, budget):
        longest = max(1, *(lengths[row] for row in batch)) if len(batch) > 1 else max(1, lengths[batch[0]])
        assert len(batch) * longest <= budget or len(batch) == 1


@given(LENGTHS, st.floats(0, 0.9))
def test_padding_keeps_to_its_share(lengths: list[int], padding: float) -> None:
    """At most that share of a batch is computed for nothing."""
    for batch in token_budget_batches(lengths, 2048, max_padding=padding):
        padded = len(batch) * max(1, *(lengths[row] for row in batch), 1)
        wasted = padded - sum(lengths[row] for row in batch)
        assert len(batch) == 1 or wasted <= padding * padded + 1e-6


@given(LENGTHS)
def test_longest_first_and_the_same_each_time(lengths: list[int]) -> None:
    """Memory peaks at once, not after an hour; equal input gives equal batches."""
    batches = token_budget_batches(lengths)
    flat = [lengths[row] for batch in batches for row in batch]
    assert flat == sorted(lengths, reverse=True)
    assert token_budget_batches(list(lengths)) == batches


def test_equal_rows_fill_the_budget() -> None:
    """Rows of one length need no more batches than the budget says."""
    assert [len(batch) for batch in token_budget_batches([64] * 100, 2048)] == [32, 32, 32, 4]


@pytest.mark.parametrize("budget", [0, -1])
def test_budget_that_holds_nothing(budget: int) -> None:
    """A budget without room would never end."""
    with pytest.raises(ValueError, match="holds no row"):
        token_budget_batches([1, 2], budget)


@given(st.lists(st.integers(), max_size=50), st.integers(1, 20))
def test_windows_are_the_stream(rows: list[int], size: int) -> None:
    """Windows put together are what went in."""
    found = list(windows(iter(rows), size))
    assert [row for window in found for row in window] == rows
    assert all(len(window) == size for window in found[:-1])


def test_windows_read_no_further_than_needed() -> None:
    """A stream that is slow, or endless, is read a window at a time."""
    read: list[int] = []

    def stream() -> object:
        for number in range(1_000_000):
            read.append(number)
            yield number

    assert next(windows(stream(), 3)) == [0, 1, 2]  # type: ignore[arg-type]
    assert read == [0, 1, 2]
