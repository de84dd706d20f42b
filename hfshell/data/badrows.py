"""Rows that cannot be read: collected, so that one error can name them all and say what else is there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from hfshell.api.results import Finding
from hfshell.data.wording import lines_of, rows_of
from hfshell.errors import DataError, Place

_TEXT_KEPT = 300


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be read, and why.

    Attributes:
        line: 1-based line where it begins.
        reason: one line, no final full stop.
        text: the line, cut at 300 characters.
        column: 1-based column of the fault, None when the whole line is meant.
        hint: what may have happened.
    """

    line: int
    reason: str
    text: str
    column: int | None = None
    hint: str | None = None


class BadRows:
    """The bad rows of one file, collected while it is read."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._first: BadRow | None = None
        self._lines: list[int] = []
        self._count = 0
        self._reasons: Counter[str] = Counter()

    def __len__(self) -> int:
        """Count them."""
        return self._count

    def add(
        self,
        line: int,
        reason: str,
        text: str,
        *,
        column: int | None = None,
        hint: str | None = None,
        same_row: bool = False,
    ) -> None:
        """Note a bad row, or one more bad line of the row before."""
        self._count += not same_row
        self._lines.append(line)
        self._reasons[reason] += 1
        if self._first is None:
            self._first = BadRow(line, reason, text.rstrip("\r\n")[:_TEXT_KEPT], column, hint)

    def settle(self, good: int, *, skip: bool) -> tuple[Finding, ...]:
        """Say what was skipped, or raise.

        Args:
            good: rows that could be read.
            skip: the user asked to leave bad rows out.

        Raises:
            DataError: there are bad rows and they may not be skipped, or nothing else is there.
        """
        if self._first is None:
            return ()
        if not skip or not good:
            raise self._error(self._first, good)
        reasons = " · ".join(reason for reason, _ in self._reasons.most_common(3))
        message = f"skipped {rows_of(len(self))} of {self._file}, {lines_of(self._lines)}: {reasons}"
        return (Finding("skipped-rows", "warn", message, len(self)),)

    def _error(self, first: BadRow, good: int) -> DataError:
        place = Place(self._file, first.line, first.column, 1, first.text)
        hints = [first.hint] if first.hint else []
        if len(self._lines) > 1:
            hints.append(f"{len(self._lines) - 1:,} more like it: {lines_of(self._lines[1:])}")
        if good:
            hints.append(f"`--skip-bad-rows` reads the other {rows_of(good)}")
        return DataError(first.reason, place=place, hint=" · ".join(hints) or None)
