"""Results about data sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from hfshell.api.results.base import Result, register_result


@dataclass(frozen=True)
class SplitSummary:
    """A split and its rows."""

    name: str
    rows: int


@dataclass(frozen=True)
class RoleFound:
    """A column's role: `how` is `name`, `values`, `map` or `only`."""

    role: str
    column: str
    how: str


@dataclass(frozen=True)
class LabelCount:
    """A label and how many rows have it."""

    label: str
    rows: int


@dataclass(frozen=True)
class Finding:
    """Something the audit noticed. `rows` counts the rows concerned."""

    name: str
    severity: str
    message: str
    rows: int | None = None


@dataclass(frozen=True)
class RoleShown:
    """What the values of a role are: its kind, and the role that they speak of, if any."""

    role: str
    kind: str
    of: str = ""


@register_result
@dataclass(frozen=True, kw_only=True)
class DataSample(Result):
    """A few rows of a data set as a task sees them.

    Attributes:
        rows: values by role, of JSON types; long texts are cut, and say so.
        task: the task that sees them so; None when no installed one is for the data.
        roles: what the values are.
    """

    kind: ClassVar[str] = "rows"
    name: str
    split: str
    total: int
    rows: tuple[dict[str, Any], ...]
    task: str | None = None
    roles: tuple[RoleShown, ...] = ()


@register_result
@dataclass(frozen=True, kw_only=True)
class DataSummary(Result):
    """A data set as it was read.

    Attributes:
        how: how the splits came about: `stratified, seed 42`, `as given`, `by rows, seed 42`.
        columns: all columns, in file order.
        tasks: names of installed tasks whose roles it has.
        labels: with their counts over all splits.
        examples: a few rows, where they were asked for.
    """

    kind: ClassVar[str] = "data"
    name: str
    source: str
    rows: int
    splits: tuple[SplitSummary, ...]
    how: str
    columns: tuple[str, ...]
    roles: tuple[RoleFound, ...]
    labels: tuple[LabelCount, ...]
    audit: tuple[Finding, ...]
    tasks: tuple[str, ...]
    fingerprint: str
    seconds: float
    examples: DataSample | None = None


@dataclass(frozen=True)
class AugmentedText:
    """A training row's texts, and those of a row that was made of it."""

    before: str
    after: str


@register_result
@dataclass(frozen=True, kw_only=True)
class AugmentedData(Result):
    """A data set with more training rows.

    Attributes:
        source: the data set that they are made of.
        method: how texts were changed.
        columns: those whose texts were changed.
        rows: how many were made.
        unchanged: texts that could not be changed.
        repeated: texts that were dropped because train has them already.
        leaking: texts that were dropped because validation or test has them.
        splits: rows of the new data set.
        examples: a few of the new rows, beside those that they are made of.
    """

    kind: ClassVar[str] = "augmented"
    name: str
    source: str
    method: str
    columns: tuple[str, ...]
    rows: int
    unchanged: int
    repeated: int
    leaking: int
    splits: tuple[SplitSummary, ...]
    examples: tuple[AugmentedText, ...]
    fingerprint: str
    seconds: float
