"""How many rows the splits of a data set have, as far as its files tell: about, for duplicates go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from hfshell.checking.scene import split_named

if TYPE_CHECKING:
    from hfshell.checking.data_files import FileFacts
    from hfshell.checking.reading import ReadLine

Rows = Mapping[str, int]
_SHARE = 0.1
"""What goes to validation, and to test, unless a line says otherwise; `hfshell.data.options` has it."""


def rows_of(read: ReadLine, files: Sequence[tuple[str | None, FileFacts]]) -> Rows | None:
    """Return about how many rows each split will have; None when a file's rows are not known.

    Args:
        read: the `data` line.
        files: what it reads, by split.
    """
    given: dict[str, int] = {}
    limit = read.value("limit")
    for split, facts in files:
        if facts.rows is None:
            return None
        rows = facts.rows if limit is None else min(facts.rows, limit)
        name = "train" if split is None else split_named(split) or split
        given[name] = given.get(name, 0) + rows
    carved = _carved(read, given.get("train", 0), given, whole=all(split is None for split, _ in files))
    return {name: count for name, count in {**given, **carved}.items() if count}


def _carved(read: ReadLine, rows: int, given: Rows, *, whole: bool) -> Rows:
    """Return what is taken out of train, and what stays."""
    validation, test = read.value("validation"), read.value("test")
    shares = {
        "validation": 0.0 if "validation" in given else _SHARE if validation is None else validation,
        "test": 0.0 if "test" in given else (_SHARE if whole else 0.0) if test is None else test,
    }
    taken = {name: round(rows * share) for name, share in shares.items() if share}
    return {"train": rows - sum(taken.values()), **taken} if rows else {}
