"""What every reader is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from hfshell.api.cancel import CancelToken
from hfshell.api.events import Event, Progress
from hfshell.api.results import Finding
from hfshell.data.foreign_formats import NO_FORMATS, Formats
from hfshell.data.options import DataOptions
from hfshell.data.table import RowTable

_ROWS_BETWEEN = 1 << 12
Emit = Callable[[Event], None]


@dataclass(eq=False)
class Reading:
    """One reading of a data set: its options and surroundings.

    Attributes:
        options: the user's choices.
        known: folded names that columns usually have; they tell a header from data.
        cancelled: looked at between batches.
        emit: told how far it is.
        formats: what plugins read.
        named: roles of files that rows name, by the ends of such names: `.png` is an image.
        rows: read so far, over all files.
    """

    options: DataOptions
    known: frozenset[str] = frozenset()
    cancelled: CancelToken = field(default_factory=CancelToken)
    emit: Emit | None = None
    formats: Formats = NO_FORMATS
    named: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    rows: int = 0
    _said: int = field(default=0, init=False, repr=False)

    def advance(self, rows: int) -> None:
        """Count rows that were read, and say so now and then.

        Raises:
            Interrupted: the user asked to stop.
        """
        self.cancelled.raise_if_set()
        self.rows += rows
        if self.emit is not None and self.rows - self._said >= _ROWS_BETWEEN:
            self.emit(Progress("read", self.rows))
            self._said = self.rows

    def strict(self) -> Reading:
        """Return the same reading, one that skips no bad rows."""
        return replace(self, options=replace(self.options, skip_bad_rows=False), emit=None)


@dataclass(frozen=True, eq=False)
class FileRead:
    """A file that was read: its rows, the SHA-256 of its bytes, and what was noticed."""

    table: RowTable
    digest: str
    findings: tuple[Finding, ...] = ()

    def with_finding(self, finding: Finding) -> FileRead:
        """Return it with one more finding."""
        return replace(self, findings=(*self.findings, finding))
