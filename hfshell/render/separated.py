"""Comma- or tab-separated text that a spreadsheet can open without running anything in it."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""What a spreadsheet runs (https://owasp.org/www-community/attacks/CSV_Injection), or what looks as if it had
been kept from that: so one apostrophe more or less always means the same."""


def separated(rows: Sequence[dict[str, Any]], separator: str, *, header: bool) -> str:
    """Return rows as csv or tsv text; texts that a spreadsheet would run as formulas begin with `'`.

    Args:
        rows: plain values by column; a missing one is empty.
        separator: between fields.
        header: whether the names of the columns come first.
    """
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines: list[str] = []
    # The writer quotes only what its own line end holds: a lone CR must be quoted too.
    writer = csv.writer(SimpleNamespace(write=lines.append), delimiter=separator, lineterminator="\r\n")
    if header:
        writer.writerow([_inert(name) for name in names])
    writer.writerows([_inert(row.get(name)) for name in names] for row in rows)
    return "".join(line.removesuffix("\r\n") + "\n" for line in lines)


def _inert(value: Any) -> Any:
    if isinstance(value, str) and _FORMULA.match(value):
        return f"'{value}"
    return "" if value is None else value
