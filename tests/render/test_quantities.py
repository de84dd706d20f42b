"""Numbers read the same everywhere."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hfshell.render import quantities
from hfshell.render.look import Look

LOOK = Look(80)
PLAIN = Look(80, plain=True)


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 B"), (512, "512 B"), (1023, "1023 B"), (1024, "1.0 KB"), (838_861, "819 KB"),
        (90_852_864, "87 MB"), (1024**2 - 1, "1.0 MB"), (1.25 * 1024**3, "1.2 GB"), (5 * 1024**5, "5120 TB"),
    ],
)  # fmt: skip
def test_size(count: float, shown: str) -> None:
    """Memory is in units of 1024, and no unit overflows into four digits before the last."""
    assert quantities.size(count) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0"),
        (9_999, "9,999"),
        (12_345, "12.3 k"),
        (22_713_216, "22.7 M"),
        (999_960_000, "1.0 B"),
        (7.6e9, "7.6 B"),
    ],
)
def test_large(count: float, shown: str) -> None:
    """Parameters are counted as model cards count them."""
    assert quantities.large(count) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0.0 s"), (0.002, "2 ms"), (0.41, "0.4 s"), (9.94, "9.9 s"), (9.96, "0:00:10"), (59.7, "0:01:00"),
        (3725, "1:02:05"), (float("inf"), "?"), (float("nan"), "?"),
    ],
)  # fmt: skip
def test_duration(seconds: float, shown: str) -> None:
    """Short times in seconds, longer ones as a clock; what is not a time is not shown as one."""
    assert quantities.duration(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (None, "never"),
        (2, "just now"),
        (40, "40 s ago"),
        (250, "4 min ago"),
        (7300, "2 h ago"),
        (200_000, "2 d ago"),
    ],
)
def test_ago(seconds: float | None, shown: str) -> None:
    """How long ago a model was used."""
    assert quantities.ago(seconds) == shown


def test_rate() -> None:
    """Slow work keeps a digit; bytes are sizes."""
    assert quantities.rate(3.21) == "3.2 rows/s"
    assert quantities.rate(41.2, "steps") == "41 steps/s"
    assert quantities.rate(12_345) == "12.3 k rows/s"
    assert quantities.rate(2 * 1024**2, "bytes") == "2.0 MB/s"


def test_percent_says_hundred_only_at_the_end() -> None:
    """99.9 % is not done."""
    assert quantities.percent(0.999) == "99 %"
    assert quantities.percent(1.0) == "100 %"
    assert quantities.percent(0.57) == "57 %"


def test_scores_and_shares() -> None:
    """Three decimals for scores, two in tables; what is not defined is not 0."""
    assert quantities.score(0.9166, LOOK) == "0.917"
    assert quantities.score(1234.5, LOOK) == "1,234.5"
    assert quantities.score(0.00042, LOOK) == "0.00042"
    assert quantities.score(4.2e-7, LOOK) == "4.2e-07"
    assert quantities.score(-0.12, LOOK) == "-0.120"
    assert quantities.score(1e300, LOOK) == "1e+300"
    assert quantities.score(None, LOOK) == "—"
    assert quantities.share(0.94, LOOK) == ".94"
    assert quantities.share(1.0, LOOK) == "1.00"
    assert quantities.share(None, PLAIN) == "-"


def test_interval_is_half_its_length() -> None:
    """± is half the interval, in words a plain screen can show."""
    assert quantities.interval(0.917, 0.873, 0.951, LOOK) == "0.917 ± 0.039"
    assert quantities.interval(0.917, 0.873, 0.951, PLAIN) == "0.917 +/- 0.039"


@pytest.mark.parametrize(
    ("value", "low", "high", "shown"),
    [
        (0.731, 0.656, 0.806, "0.731 ± 0.075"),
        (2.0, 0.1, 5.1, "2.000 (0.100 to 5.100)"),
        (12345.67, 11000.2, 13900.1, "12,345.7 ± 1,449.9"),
        (150.0, 149.5, 150.5, "150.0 ± 0.5"),
        (-0.2, -0.6, 0.3, "-0.200 ± 0.450"),
        (-0.98, -1.0, -0.7, "-0.980 (-1.000 to -0.700)"),
        (0.00042, 0.0003, 0.0006, "0.00042 ± 0.00015"),
    ],
)
def test_intervals_of_any_range(value: float, low: float, high: float, shown: str) -> None:
    """An error is never below 0, an agreement never below -1; large and tiny numbers keep their digits."""
    assert quantities.interval(value, low, high, LOOK) == shown


@settings(deadline=None)
@given(st.lists(st.floats(allow_nan=True), min_size=1, max_size=5))
def test_numbers_of_a_column_are_short_and_none_looks_like_nothing(values: list[float]) -> None:
    """At most four decimals, never a line full of digits, and 0 alone is shown as 0."""
    places = quantities.decimals(values)
    assert 0 <= places <= 4
    for value in values:
        shown = quantities.number(value, places)
        assert len(shown) <= 26
        assert value == 0 or any(digit in shown for digit in "123456789infa")


def test_columns_need_as_many_decimals_as_their_numbers() -> None:
    """About four digits that mean something, of the smallest too."""
    assert quantities.decimals([1.0, 2.0]) == 0
    assert quantities.decimals([0.5, 0.25]) == 2
    assert quantities.decimals([123.456, 7.0]) == 1
    assert quantities.decimals([0.123456]) == 4
    assert quantities.decimals([]) == 0


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_interval_never_promises_more_than_all(first: float, second: float, third: float) -> None:
    """A share's ± never reaches above 1 or below 0: then both ends are given."""
    low, value, high = sorted((first, second, third))
    shown = quantities.interval(value, low, high, LOOK)
    half = (high - low) / 2
    assert ("±" in shown) == (value - half >= 0 and value + half <= 1)


def test_many() -> None:
    """One row, two rows."""
    assert quantities.many(1, "row") == "1 row"
    assert quantities.many(8211, "row") == "8,211 rows"
    assert quantities.many(2, "entry", "entries") == "2 entries"
