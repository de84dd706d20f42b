"""Numbers as people read them."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hfshell.render.look import Look

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_JUST_NOW = 10
_TINY_SCORE = 0.0005  # what would be shown as 0.000
_HUGE = 1e15
_MOST_DECIMALS = 4


def size(count: float) -> str:
    """Return bytes as `87 MB`; a MB is 1024 KB, as tools that speak of memory have it."""
    amount, unit = float(count), "B"
    for larger in ("KB", "MB", "GB", "TB"):
        if amount < 1023.5:  # what would be shown as 1024
            break
        amount, unit = amount / 1024, larger
    digits = 1 if amount < 9.95 and unit != "B" else 0  # two digits that mean something
    return f"{amount:.{digits}f} {unit}"


def memory(used: float, total: float) -> str:
    """Return `0.9 of 23.4 GB`."""
    gigabyte = 1024**3
    return f"{used / gigabyte:.1f} of {total / gigabyte:.1f} GB"


def large(count: float) -> str:
    """Return a count as `22.7 M`, with k, M, B and T for thousands, millions, billions and trillions."""
    if count < 10_000:  # the last count that is short enough in full
        return whole(count)
    amount, unit = float(count), ""
    for larger in ("k", "M", "B", "T"):
        if amount < 999.95:  # what would be shown as 1000.0
            break
        amount, unit = amount / 1000, larger
    return f"{amount:.1f} {unit}"


def whole(count: float) -> str:
    """Return a count as `8,211`."""
    return f"{count:,.0f}"


def many(count: int, word: str, plural: str | None = None) -> str:
    """Return `1 row`, `8,211 rows`."""
    return f"{whole(count)} {word if count == 1 else plural or word + 's'}"


def moment(seconds: float) -> str:
    """Return when something was: the time of today, else the day."""
    from datetime import datetime

    try:
        then = datetime.fromtimestamp(seconds).astimezone()
    except (OSError, OverflowError, ValueError):  # a file's time that no calendar has
        return "some time ago"
    if then.date() == datetime.now().astimezone().date():
        return f"{then:%H:%M} today"
    return f"{then.day} {then:%b %Y %H:%M}"


def duration(seconds: float) -> str:
    """Return `2 ms`, `0.4 s`, and from ten seconds on `0:00:28`."""
    if not isfinite(seconds):
        return "?"
    if 0 < seconds < 0.095:  # what would be shown as 0.1
        return f"{max(seconds * 1000, 1):.0f} ms"
    if seconds < 9.95:  # what would be shown as 10.0
        return f"{max(seconds, 0.0):.1f} s"
    return clock(seconds)


def clock(seconds: float) -> str:
    """Return `0:00:28`."""
    if not isfinite(seconds):
        return "?"
    minutes, rest = divmod(round(max(seconds, 0.0)), _MINUTE)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"


def ago(seconds: float | None) -> str:
    """Return `just now`, `4 min ago`; `never` for None."""
    if seconds is None:
        return "never"
    if seconds < _JUST_NOW:
        return "just now"
    for unit, length in (("d", _DAY), ("h", _HOUR), ("min", _MINUTE)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit} ago"
    return f"{seconds:.0f} s ago"


def rate(per_second: float, unit: str = "rows") -> str:
    """Return `41 rows/s`."""
    if not isfinite(per_second):
        return f"? {unit}/s"
    if unit == "bytes":
        return f"{size(per_second)}/s"
    amount = f"{per_second:.1f}" if per_second < 9.95 else large(per_second)  # as in size()
    return f"{amount} {unit}/s"


def percent(share: float) -> str:
    """Return a share of 1 as `63 %`; 100 % only when nothing is left."""
    return f"{int(share * 100 + 1e-9)} %"


def score(value: float | None, look: Look) -> str:
    """Return a measured number with three decimals; fewer when it is large, more digits when it is tiny."""
    if value is None:
        return look.symbols.absent
    if 0 < abs(value) < _TINY_SCORE or abs(value) >= _HUGE:
        return f"{value:.2g}"
    return number(value, _score_decimals(value))


def _score_decimals(value: float) -> int:
    return 3 if abs(value) < 100 else 1  # perplexities and the like


def number(value: float, places: int) -> str:
    """Return a number with so many decimals; one that would look like 0, or fill a line, as `4.2e-07`."""
    if not isfinite(value):
        return str(value)
    if 0 < abs(value) < 0.5 * 10**-places or abs(value) >= _HUGE:
        return f"{value:.2g}"
    return f"{value:,.{places}f}"


def decimals(values: Iterable[float]) -> int:
    """Return how many decimals numbers in one column need, so that about four digits of each are seen."""
    return max((_decimals(abs(value)) for value in values if isfinite(value)), default=0)


def _decimals(value: float) -> int:
    if value == int(value):
        return 0
    if value >= 1000:
        return 1
    digits = f"{value:.4g}"
    return 0 if "e" in digits else min(len(digits.partition(".")[2]), _MOST_DECIMALS)


def share(value: float | None, look: Look) -> str:
    """Return a number of 0 to 1 as it stands in tables: `.94`, `1.00`."""
    if value is None:
        return look.symbols.absent
    return f"{value:.2f}".removeprefix("0")


def interval(value: float, low: float, high: float, look: Look) -> str:
    """Return an estimate and its interval: `0.917 ± 0.039`.

    ± is half the interval's length. Where that would promise more than there can be (a share above 1, an
    error below 0), both ends are given instead: `1.000 (0.926 to 1.000)`.
    """
    half = (high - low) / 2
    if high <= 1 < value + half or any(value - half < end <= low for end in (0, -1)):
        return f"{score(value, look)} ({score(low, look)} to {score(high, look)})"
    about = number(half, _score_decimals(value)) if abs(value) >= 100 else score(half, look)
    return f"{score(value, look)} {look.symbols.plus_minus} {about}"
