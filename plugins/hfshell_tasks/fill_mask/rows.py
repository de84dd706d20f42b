"""Rows that a task makes of a data set's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hfshell.api import Row, TaskData


@dataclass(frozen=True)
class MadeRows:
    """Rows made of a data set's; satisfies `hfshell.api.TaskData`."""

    name: str
    fingerprint: str
    train: Sequence[Row]
    validation: Sequence[Row]
    test: Sequence[Row] = ()
    labels: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        data: TaskData,
        train: Callable[[Sequence[Row]], Sequence[Row]],
        validation: Callable[[Sequence[Row]], Sequence[Row]],
    ) -> MadeRows:
        """Make rows to train on, and rows to choose the best epoch with."""
        return cls(data.name, data.fingerprint, train(data.train), validation(data.validation))
