"""How counts, lines and names are put into words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_SHOWN = 5


def rows_of(count: int) -> str:
    """Return `1 row`, `8,211 rows`."""
    return counted(count, "row")


def counted(count: int, noun: str) -> str:
    """Return a count with its noun, plural by `s`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def verb(count: int, one: str, many: str) -> str:
    """Return the verb that goes with a count: `has` or `have`."""
    return one if count == 1 else many


def lines_of(lines: Sequence[int], count: int | None = None) -> str:
    """Return `line 3`, `lines 3, 4, 6`, `lines 3, 4, 6, 7, 8 and 12 more`.

    Args:
        lines: their numbers, of which the first few are named.
        count: how many there are, when `lines` are only the first of them.
    """
    total = len(lines) if count is None else count
    shown = lines[:_SHOWN]
    more = f" and {total - len(shown):,} more" if total > len(shown) else ""
    return f"line{'' if total == 1 else 's'} {', '.join(str(line) for line in shown)}{more}"


def names_of(names: Iterable[str], shown: int = 12) -> str:
    """Return names as they stand in the data, comma-separated; one that is empty or padded is quoted."""
    everything = [quoted(name) if name != name.strip() or not name else name for name in names]
    more = f", … ({len(everything):,} in all)" if len(everything) > shown else ""
    return ", ".join(everything[:shown]) + more


def quoted(name: str) -> str:
    """Return a name in quotes."""
    return f"'{name}'"
