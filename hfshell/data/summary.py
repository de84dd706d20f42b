"""A data set as a result to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hfshell.api.results import DataSample, DataSummary, RoleShown, SplitSummary
from hfshell.data.dataset import DataSet

_CELL_SHOWN = 1000
_SPOKEN_OF = 100_000


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


def sample(dataset: DataSet, split: str, count: int, task: str | None = None) -> DataSample:
    """Return rows spread evenly over a split: by role, or by column when no role was found.

    A text is cut at 1,000 characters and says so; one that others speak of, in which offsets count, later.

    Args:
        dataset: the data set, as the task sees it.
        split: which rows.
        count: how many at most.
        task: the task's name.

    Raises:
        UsageError: there is no such split.
    """
    rows = dataset.split(split)
    count = min(count, len(rows))
    chosen = [rows.shown(position * len(rows) // count) for position in range(count)]
    found = dataset.roles.by_role
    spoken_of = {role.of for role in dataset.seen.view.roles}
    return DataSample(
        name=dataset.name,
        split=split,
        total=len(rows),
        rows=tuple(
            {
                name: _shown(value, _SPOKEN_OF if name in spoken_of else _CELL_SHOWN)
                for name, value in row.items()
            }
            for row in chosen
        ),
        task=task,
        roles=tuple(
            RoleShown(role.name, role.kind, role.of) for role in dataset.seen.view.roles if role.name in found
        ),
    )


def _shown(value: Any, most: int) -> Any:
    """Return a value of JSON types, its texts cut."""
    if isinstance(value, (list, tuple)):
        return [_shown(item, most) for item in value]
    if isinstance(value, Mapping):
        return {str(name): _shown(item, most) for name, item in value.items()}
    if value is None or isinstance(value, (bool, int, float)):
        return value
    text = str(value)
    return text if len(text) <= most else f"{text[:most]}… ({len(text):,} characters)"
