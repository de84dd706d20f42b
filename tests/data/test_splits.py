"""Splits: a partition, stratified, seeded, and with equal texts together."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfshell.data.fingerprint import EMPTY_KEY
from hfshell.data.splits import Shares, draw, split_rows
from tests.data.reading import findings, messages, read, write_csv

LABELS = st.lists(st.sampled_from(["a", "b", "c", "rare", None]), min_size=0, max_size=200)
SHARES = st.sampled_from([0.0, 0.1, 0.2, 0.25, 0.45])


def parts(shares: Shares) -> tuple[tuple[int, ...], ...]:
    """Return train, validation and test."""
    return shares.train, shares.validation, shares.test


@given(labels=LABELS, validation=SHARES, test=SHARES, seed=st.integers(0, 2**32), data=st.data())
def test_splits_are_a_partition(
    labels: list[str | None], validation: float, test: float, seed: int, data: st.DataObject
) -> None:
    """Every row is in exactly one split, in the order of the file, whatever its label and text."""
    keys = data.draw(
        st.none() | st.lists(st.sampled_from("uvwxyz"), min_size=len(labels), max_size=len(labels))
    )
    rows = range(7, 7 + len(labels))
    shares = split_rows(rows, labels, keys, validation=validation, test=test, seed=seed)
    assert sorted(row for part in parts(shares) for row in part) == list(rows)
    assert all(list(part) == sorted(part) for part in parts(shares))
    again = split_rows(rows, labels, keys, validation=validation, test=test, seed=seed)
    assert shares == again


@given(
    labels=LABELS.filter(lambda labels: len(labels) >= 10),
    validation=SHARES,
    test=SHARES,
    seed=st.integers(0, 99),
)
def test_each_label_is_shared_out_like_all_rows(
    labels: list[str | None], validation: float, test: float, seed: int
) -> None:
    """A label's rows in a split are its share of them, to within one row; train keeps one of each label."""
    shares = split_rows(range(len(labels)), labels, validation=validation, test=test, seed=seed)
    if shares.how == "by rows":
        return
    for part, share in ((shares.validation, validation), (shares.test, test)):
        counts = Counter(labels[row] for row in part)
        for label, size in Counter(labels).items():
            assert math.floor(size * share) <= counts[label] <= math.floor(size * share) + 1
    assert {labels[row] for row in shares.train} == set(labels)


@given(keys=st.lists(st.sampled_from(["u", "v", "w", "x", "y", "z", EMPTY_KEY]), min_size=3, max_size=60))
def test_equal_texts_go_together(keys: list[str]) -> None:
    """A text stands in one split alone, except the empty one, which is no text."""
    shares = split_rows(range(len(keys)), None, keys, validation=0.2, test=0.2, seed=1)
    homes = Counter(key for part in parts(shares) for key in {keys[row] for row in part} - {EMPTY_KEY})
    assert set(homes.values()) <= {1}


def test_the_draw_is_the_same_everywhere() -> None:
    """The split of a seed is part of every recorded run: it must not change with a version or a platform."""
    shares = split_rows(range(20), ["a", "b"] * 10, validation=0.1, test=0.1, seed=42)
    assert (shares.validation, shares.test, shares.how) == ((5, 18), (2, 19), "stratified")
    assert draw(range(20), ["a", "b"] * 10, 4, 42) == (2, 5, 18, 19)


def test_another_seed_is_another_split(tmp_path: Path) -> None:
    """Seeds are not decoration."""
    path = write_csv(tmp_path / "t.csv", messages(100))
    splits = {tuple(row["text"] for row in read(path, seed=seed).test) for seed in range(5)}
    assert len(splits) == 5


@pytest.mark.parametrize(
    ("rows", "sizes"),
    [(1, (1, 0, 0)), (2, (2, 0, 0)), (4, (2, 1, 1)), (10, (8, 1, 1)), (1000, (800, 100, 100))],
)
def test_sizes(tmp_path: Path, rows: int, sizes: tuple[int, int, int]) -> None:
    """Eighty, ten, ten; few rows give each split one, and too few none, which is said."""
    dataset = read(write_csv(tmp_path / "t.csv", messages(rows, ["a"])))
    assert (len(dataset.train), len(dataset.validation), len(dataset.test)) == sizes
    assert ("too-few-rows" in findings(dataset)) is (rows < 3)


def test_names_are_no_classes(tmp_path: Path) -> None:
    """Where nearly every row has a label of its own, rows are drawn as rows, and that is said."""
    path = write_csv(tmp_path / "t.csv", [(f"text {n} of it", f"label{n}") for n in range(40)])
    dataset = read(path)
    assert dataset.how == "by rows, seed 42"
    assert len(dataset.test) == 4


@given(labels=LABELS.filter(bool), count=st.integers(1, 50), seed=st.integers(0, 99))
def test_a_draw_has_its_size(labels: list[str | None], count: int, seed: int) -> None:
    """A limit of N rows gives N rows, or all."""
    drawn = draw(range(len(labels)), labels, count, seed)
    assert len(drawn) == len(set(drawn)) == min(count, len(labels))


def test_limit_is_said(tmp_path: Path) -> None:
    """A limit draws from the whole file, not its beginning, keeps the labels' shares, and is said."""
    rows = [*messages(50, ["first"]), *[(f"other {n}", "second") for n in range(50)]]
    dataset = read(write_csv(tmp_path / "t.csv", rows), limit=20, validation=0.0, test=0.0)
    assert Counter(row["label"] for row in dataset.train) == {"first": 10, "second": 10}
    assert findings(dataset)["limit"] == "limit: 20 of 100 rows, drawn by seed 42"
