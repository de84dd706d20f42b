"""Delimited text as records: the standard library's CSV reader in strict mode, each record with its line."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from typing import Literal

from hfshell.data.badrows import BadRows
from hfshell.data.header import DELIMITERS
from hfshell.data.lines import Fault, Lines

_REASONS = {
    "unexpected end of data": "a quote opens in this row and never closes",
    "new-line character seen": "a carriage return stands outside quotes in this row",
    "expected after": "something stands between a closing quote and the next {delimiter} in this row",
}


class Records:
    """The records of a delimited file, as (line, cells); those that cannot be read go to the bad rows.

    Blank lines are no records.

    Attributes:
        swallowing: line, and what would be the last cell of the first line, of records that run over several
            lines each of which would be a record by itself: what a lost quote looks like, and some texts.
    """

    def __init__(self, lines: Lines, bad: BadRows, delimiter: str, *, quotes: bool) -> None:
        csv.field_size_limit(sys.maxsize)
        self.swallowing: list[tuple[int, str]] = []
        self._lines = lines
        self._bad = bad
        self._delimiter = delimiter
        quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE
        self._rows = csv.reader(lines, delimiter=delimiter, quoting=quoting, strict=True)

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the records."""
        lines = self._lines
        while True:
            start = lines.number + 1
            lines.begin_record()
            try:
                row = next(self._rows)
            except StopIteration:
                return
            except csv.Error as error:
                self._note_broken(start, str(error))
                continue
            if lines.fault is not None:
                self._note(lines.fault)
            elif row:
                if len(lines.record) > 1 and self._swallows(len(row)):
                    self.swallowing.append(
                        (start, lines.record[0].rstrip("\r\n").rpartition(self._delimiter)[2])
                    )
                yield start, row

    def _note(self, fault: Fault) -> None:
        self._bad.add(fault.line, fault.reason, fault.text, column=fault.column, hint=fault.hint)

    def _note_broken(self, start: int, error: str) -> None:
        """Note a record with a broken quote, and read its other lines as records of their own."""
        fault = self._lines.fault
        if fault is not None and fault.line == start:
            self._note(fault)
        else:
            reason = next((text for part, text in _REASONS.items() if part in error), error)
            self._bad.add(start, reason.format(delimiter=DELIMITERS[self._delimiter]), self._lines.record[0])
        self._lines.give_back()

    def _swallows(self, width: int) -> bool:
        return width > 1 and all(line.count(self._delimiter) + 1 == width for line in self._lines.record)
