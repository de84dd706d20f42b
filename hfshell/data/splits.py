"""Splits: stratified by label, seeded, and the same on every machine."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from hfshell.data.fingerprint import EMPTY_KEY

How = Literal["stratified", "by rows"]
STRATIFIED: How = "stratified"
BY_ROWS: How = "by rows"
_FEWEST = 3


@dataclass(frozen=True)
class Shares:
    """Which rows go where; row numbers ascend. `how` says whether labels were looked at."""

    train: tuple[int, ...]
    validation: tuple[int, ...]
    test: tuple[int, ...]
    how: How


def split_rows(
    rows: Sequence[int],
    labels: Sequence[str | None] | None,
    keys: Sequence[str] | None = None,
    *,
    validation: float,
    test: float,
    seed: int,
) -> Shares:
    """Divide rows into train, validation and test.

    Rows of equal text go to one split, so that nothing is tested that was trained on. Each label's texts are
    shared out like all texts, to within one (Hamilton's method of largest remainders); the last text of a
    label stays in train. Under three texts all are for training.

    Args:
        rows: row numbers.
        labels: the label of each; None without labels. Rows without a label count as one more label.
        keys: `row_key` of each row's texts; None to take each row by itself.
        validation: share of the texts, 0..0.9.
        test: the same.
        seed: of the draw. Python guarantees the numbers behind it across versions and platforms.
    """
    units = _units(rows, keys)
    firsts = None if labels is None else [labels[unit[0]] for unit in units]
    groups, how = _shuffled_groups(range(len(units)), firsts, seed)
    if len(units) < _FEWEST:
        return Shares(tuple(rows), (), (), how)
    sizes = {label: len(group) for label, group in groups.items()}
    # One of each label stays in train, and what is validation's in any case is not for test.
    free = {label: size - 1 - math.floor(size * validation) for label, size in sizes.items()}
    for_test = _allot(sizes, free, test)
    free = {label: size - 1 - for_test[label] for label, size in sizes.items()}
    for_validation = _allot(sizes, free, validation)
    drawn: dict[str, list[int]] = {"train": [], "validation": [], "test": []}
    for label, group in groups.items():
        first, second = for_test[label], for_test[label] + for_validation[label]
        drawn["test"] += group[:first]
        drawn["validation"] += group[first:second]
        drawn["train"] += group[second:]
    chosen = {name: sorted(spot for unit in drawn[name] for spot in units[unit]) for name in drawn}
    placed = {name: tuple(rows[spot] for spot in spots) for name, spots in chosen.items()}
    return Shares(placed["train"], placed["validation"], placed["test"], how)


def _units(rows: Sequence[int], keys: Sequence[str] | None) -> list[list[int]]:
    """Return the positions of rows that have to stay together; blank texts have nothing in common."""
    if keys is None:
        return [[position] for position in range(len(rows))]
    units: dict[str | int, list[int]] = {}
    for position, key in enumerate(keys):
        units.setdefault(position if key == EMPTY_KEY else key, []).append(position)
    return list(units.values())


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
