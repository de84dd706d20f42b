"""Data of which a task wants only some rows, or wants them changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    from hfshell.api.context import Row, TaskData


@dataclass(frozen=True)
class KeptRows:
    """A data set without some of its rows; satisfies `TaskData`.

    Example: a task that learns nothing from blank texts::

        def finetune(self, model, data, options, context):
            kept = KeptRows(data, lambda row: bool(row["text"].strip()))
            return super().finetune(model, kept, options, context)

    Attributes:
        data: the data set.
        keep: tells of a row whether it stays.
        change: makes of a row what `encode` sees; None leaves rows as they are.
    """

    data: TaskData
    keep: Callable[[Row], bool]
    change: Callable[[Row], Row] | None = None

    @property
    def name(self) -> str:
        """The data set's name."""
        return self.data.name

    @property
    def fingerprint(self) -> str:
        """The data set's fingerprint."""
        return self.data.fingerprint

    @property
    def labels(self) -> tuple[str, ...]:
        """The data set's labels."""
        return self.data.labels

    @property
    def train(self) -> Sequence[Row]:
        """Rows to train on."""
        return self._kept(self.data.train)

    @property
    def validation(self) -> Sequence[Row]:
        """Rows to choose the best checkpoint with."""
        return self._kept(self.data.validation)

    @property
    def test(self) -> Sequence[Row]:
        """Rows to report on."""
        return self._kept(self.data.test)

    def _kept(self, rows: Sequence[Row]) -> Sequence[Row]:
        return _Chosen(rows, [number for number, row in enumerate(rows) if self.keep(row)], self.change)


@dataclass(frozen=True)
class _Chosen(Sequence["Row"]):
    """Some of the rows, read when they are asked for."""

    rows: Sequence[Row]
    numbers: Sequence[int]
    change: Callable[[Row], Row] | None

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[Row]:
        return map(self._row, self.numbers)

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return _Chosen(self.rows, self.numbers[index], self.change)
        return self._row(self.numbers[index])

    def _row(self, number: int) -> Row:
        row = self.rows[number]
        return self.change(row) if self.change else row
