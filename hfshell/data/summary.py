"""A data set as a result to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hfshell.api.results import DataSample, DataSummary, SplitSummary
from hfshell.data.dataset import DataSet

_CELL_SHOWN = 1000


def summarise(dataset: DataSet, name: str, tasks: Sequence[str]) -> DataSummary:
    """Return what `data` shows.

    Args:
        dataset: the data set.
        name: the name that it is bound to.
        tasks: names of installed tasks whose roles it has.
    """
    splits = tuple(SplitSummary(split, len(rows)) for split, rows in dataset.splits.items())
    return DataSummary(
        name=name,
        source=dataset.source,
        rows=sum(split.rows for split in splits),
        splits=splits,
        how=dataset.how,
        columns=dataset.columns,
        roles=dataset.roles.found,
        labels=dataset.label_counts,
        audit=dataset.findings,
        tasks=tuple(tasks),
        fingerprint=dataset.fingerprint,
        seconds=dataset.seconds,
    )


def sample(dataset: DataSet, split: str, count: int) -> DataSample:
    """Return rows spread evenly over a split, as text: by role, or by column when no role was found.

    A cell is cut at 1,000 characters and says so.

    Raises:
        UsageError: there is no such split.
    """
    rows = dataset.split(split)
    count = min(count, len(rows))
    chosen = [rows.shown(position * len(rows) // count) for position in range(count)]
    return DataSample(
        name=dataset.name, split=split, total=len(rows), rows=tuple(_as_text(row) for row in chosen)
    )


def _as_text(row: Mapping[str, Any]) -> dict[str, str]:
    return {role: _cut(_said(value)) for role, value in row.items()}


def _said(value: Any) -> str:
    if value is None:
        return ""
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _cut(text: str) -> str:
    return text if len(text) <= _CELL_SHOWN else f"{text[:_CELL_SHOWN]}… ({len(text):,} characters)"
