"""Splits: stratified by label, seeded, and the same on every machine."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

How = Literal["stratified", "by rows"]
STRATIFIED: How = "stratified"
BY_ROWS: How = "by rows"
_FEWEST_ROWS = 3


@dataclass(frozen=True)
class Shares:
    """Which rows go where; row numbers ascend. `how` says whether labels were looked at."""

    train: tuple[int, ...]
    validation: tuple[int, ...]
    test: tuple[int, ...]
    how: How


def split_rows(
    rows: Sequence[int], labels: Sequence[str | None] | None, *, validation: float, test: float, seed: int
) -> Shares:
    """Divide rows into train, validation and test.

    Each label's rows are shared out like all rows, to within one row (Hamilton's method of largest
    remainders); the last row of a label stays in train. Under three rows all are for training.

    Args:
        rows: row numbers.
        labels: the label of each; None without labels. Rows without a label count as one more label.
        validation: share of the rows, 0..0.9.
        test: the same.
        seed: of the draw. Python guarantees the numbers behind it across versions and platforms.
    """
    groups, how = _shuffled_groups(rows, labels, seed)
    if len(rows) < _FEWEST_ROWS:
        return Shares(tuple(rows), (), (), how)
    sizes = {label: len(group) for label, group in groups.items()}
    for_test = _allot(sizes, {label: size - 1 for label, size in sizes.items()}, test)
    free = {label: size - 1 - for_test[label] for label, size in sizes.items()}
    for_validation = _allot(sizes, free, validation)
    drawn: dict[str, list[int]] = {"train": [], "validation": [], "test": []}
    for label, group in groups.items():
        first, second = for_test[label], for_test[label] + for_validation[label]
        drawn["test"] += group[:first]
        drawn["validation"] += group[first:second]
        drawn["train"] += group[second:]
    train, validation_rows, test_rows = (tuple(sorted(rows)) for rows in drawn.values())
    return Shares(train, validation_rows, test_rows, how)


def draw(rows: Sequence[int], labels: Sequence[str | None] | None, count: int, seed: int) -> tuple[int, ...]:
    """Draw `count` of the rows, stratified by label where that is possible; row numbers ascend."""
    if count >= len(rows):
        return tuple(rows)
    groups, _ = _shuffled_groups(rows, labels, seed)
    sizes = {label: len(group) for label, group in groups.items()}
    wanted = _allot(sizes, sizes, count / len(rows))
    return tuple(sorted(row for label, group in groups.items() for row in group[: wanted[label]]))


def _worth_stratifying(labels: Sequence[str | None]) -> bool:
    """Tell whether labels repeat: nearly as many labels as rows are names, and no classes."""
    return 2 * len(set(labels)) <= len(labels)


def _shuffled_groups(
    rows: Sequence[int], labels: Sequence[str | None] | None, seed: int
) -> tuple[dict[str, list[int]], How]:
    """Return each label's rows in the order in which they are drawn, labels sorted."""
    if labels is None or not _worth_stratifying(labels):
        labels, how = [None] * len(rows), BY_ROWS
    else:
        how = STRATIFIED
    groups: dict[str, list[int]] = {}
    for row, label in zip(rows, labels, strict=True):
        groups.setdefault("" if label is None else f"={label}", []).append(row)
    order = random.Random(seed)  # noqa: S311 - a seeded draw, nothing secret
    return {label: _shuffled(groups[label], order) for label in sorted(groups)}, how


def _shuffled(rows: list[int], order: random.Random) -> list[int]:
    keys = [order.random() for _ in rows]
    return [row for _, row in sorted(zip(keys, rows, strict=True))]


def _allot(sizes: Mapping[str, int], free: Mapping[str, int], share: float) -> dict[str, int]:
    """Return how many rows of each group are drawn: its share rounded down or up, at most the free ones."""
    if not share:
        return dict.fromkeys(sizes, 0)
    quotas = {label: size * share for label, size in sizes.items()}
    counts = {label: min(math.floor(quota), free[label]) for label, quota in quotas.items()}
    left = max(1, round(sum(sizes.values()) * share)) - sum(counts.values())
    by_remainder = sorted(
        sizes, key=lambda label: (math.floor(quotas[label]) - quotas[label], -sizes[label], label)
    )
    for label in [label for label in by_remainder if counts[label] < free[label]][: max(0, left)]:
        counts[label] += 1
    return counts
