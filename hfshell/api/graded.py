"""What a task's own `eval` may say of each row, beside its metrics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, overload

from hfshell.api.results import Metric


@dataclass(frozen=True)
class Graded(Sequence[Metric]):
    """Metrics, with a grade for each row, so that an evaluation can show those to look at first.

    It is the sequence of its metrics, and all that `eval` may return besides.

    Example::

        def eval(self, model, rows, options, context):
            ranks = [self.rank(model, row) for row in rows]
            return Graded([Metric("mrr", sum(ranks) / len(ranks))], ranks, best=1.0)

    Attributes:
        metrics: the headline first.
        grades: one a row, in order: what the headline would be of that row alone; None for a row that it says
            nothing of.
        answers: what was answered to each row, in a few words; empty where there is nothing to say.
        best: the grade of a row that could not be better; None when there is no such end. Where every grade
            is this or 0, rows are right or wrong, and those that are wrong are counted.
        higher_is_better: which grades are the better ones.
    """

    metrics: Sequence[Metric]
    grades: Sequence[float | None]
    answers: Sequence[str] = ()
    best: float | None = None
    higher_is_better: bool = True

    def __len__(self) -> int:
        return len(self.metrics)

    @overload
    def __getitem__(self, index: int) -> Metric: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Metric]: ...
    def __getitem__(self, index: Any) -> Any:
        return self.metrics[index]
