"""Data whose labels go by the model's names: what `--label-map` asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

from hfshell.api.context import Row, TaskData


class RelabelledRows(Sequence[Row]):
    """Rows with their label, or their labels, renamed when they are looked at."""

    def __init__(self, rows: Sequence[Row], role: str, names: Mapping[str, str]) -> None:
        self._rows = rows
        self._role = role
        self._names = names

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> RelabelledRows: ...
    def __getitem__(self, index: int | slice) -> Row | RelabelledRows:
        if isinstance(index, slice):
            return RelabelledRows(self._rows[index], self._role, self._names)
        row = self._rows[index]
        return {**row, self._role: self._renamed(row.get(self._role))}

    def _renamed(self, value: Any) -> Any:
        if value is None:
            return None
        if isinstance(value, (list, tuple)):
            return tuple(self._names[str(label)] for label in value)
        return self._names[str(value)]


@dataclass(frozen=True)
class RelabelledData:
    """A data set seen through a label map; fits `hfshell.api.TaskData`.

    Attributes:
        data: the data set.
        role: the role that holds the label.
        names: the model's name of each of the data's labels.
    """

    data: TaskData
    role: str
    names: Mapping[str, str]

    @property
    def name(self) -> str:
        """The data set's name."""
        return self.data.name

    @property
    def fingerprint(self) -> str:
        """The data set's own: the map stands among the command's options."""
        return self.data.fingerprint

    @property
    def labels(self) -> tuple[str, ...]:
        """The model's names, each once."""
        return tuple(dict.fromkeys(self.names[label] for label in self.data.labels))

    @property
    def train(self) -> RelabelledRows:
        """Rows to train on."""
        return RelabelledRows(self.data.train, self.role, self.names)

    @property
    def validation(self) -> RelabelledRows:
        """Rows to choose the best checkpoint with."""
        return RelabelledRows(self.data.validation, self.role, self.names)

    @property
    def test(self) -> RelabelledRows:
        """Rows to report on."""
        return RelabelledRows(self.data.test, self.role, self.names)
