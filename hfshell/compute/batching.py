"""Batches by number of tokens: rows of like length together, so that little is computed on padding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

_T = TypeVar("_T")


def token_budget_batches(lengths: Sequence[int], budget: int = 2048) -> list[list[int]]:
    """Partition rows into batches of at most `budget` tokens, padding counted.

    The longest rows come first: memory peaks in the first batch, and an estimate of the time left errs on
    the long side.

    Args:
        lengths: tokens of each row.
        budget: tokens of a batch once padded; a longer row is a batch of its own.

    Returns:
        Row numbers; every row stands in exactly one batch, and equal input gives equal batches.

    Raises:
        ValueError: the budget is not positive.
    """
    if budget < 1:
        raise ValueError(f"a budget of {budget} tokens holds no row")
    batches: list[list[int]] = []
    longest = 0
    for row in sorted(range(len(lengths)), key=lambda row: (-lengths[row], row)):
        if not batches or (len(batches[-1]) + 1) * longest > budget:
            batches.append([])
            longest = max(1, lengths[row])
        batches[-1].append(row)
    return batches


def windows(rows: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Cut a stream into lists of `size` rows, the last one shorter; reads no further than it must."""
    stream = iter(rows)
    while window := list(islice(stream, size)):
        yield window
