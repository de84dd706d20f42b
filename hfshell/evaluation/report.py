"""What measuring gives, whatever a task predicts: metrics, a baseline, and a closer look at rows."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from hfshell.api import Guard, Metric
from hfshell.errors import UsageError

if TYPE_CHECKING:
    from hfshell.api.results import LabelReport, WrongRow
    from hfshell.evaluation.custom import CustomMetric

WORST_ROWS = 20
TEXT_SHOWN = 200
_NONE_CUSTOM: Mapping[str, CustomMetric] = MappingProxyType({})


@dataclass(frozen=True)
class Report:
    """A model measured on rows.

    Attributes:
        n: rows measured.
        metrics: in the order asked for, the headline first.
        baseline: what guessing without a look would score on the headline; None when that says nothing.
        guess: what is guessed: the `majority` of what is expected, or the `mean` of numbers.
        labels: the fixed list that what follows goes by; empty where answers are no labels.
        per_label: precision, recall and F1 of each label.
        confusion: rows expected, columns predicted; empty unless each row has one label.
        wrong: count of wrong rows; None where an answer is not simply right or wrong.
        worst: the rows to look at first, at most 20; texts are cut at 200 characters.
        guards: what speaks against taking the numbers at face value.
    """

    n: int
    metrics: tuple[Metric, ...]
    baseline: float | None = None
    guess: str = "majority"
    labels: tuple[str, ...] = ()
    per_label: tuple[LabelReport, ...] = ()
    confusion: tuple[tuple[int, ...], ...] = ()
    wrong: int | None = None
    worst: tuple[WrongRow, ...] = ()
    guards: tuple[Guard, ...] = ()


class Measurable(Protocol):
    """Rows with what was expected and what was answered, as tasks of one kind have them.

    Attributes:
        kind: what the rows are, in words: `rows of one label`.
        known: names of the metrics that such rows have without any plugin, the usual headline first.
    """

    kind: ClassVar[str]
    known: ClassVar[tuple[str, ...]]

    @property
    def expected_values(self) -> list[Any]:
        """What the rows say, for metrics of plugins."""

    @property
    def answers(self) -> list[Any]:
        """What was answered, for metrics of plugins."""

    @property
    def guess(self) -> Any:
        """What the best constant guess answers to every row."""

    def metric(self, name: str, *, intervals: bool) -> Metric:
        """Measure one of the known metrics."""

    def baseline(self, name: str) -> float | None:
        """Measure a known metric on the guess; None when that says nothing."""

    def report(self, metrics: tuple[Metric, ...], baseline: float | None) -> Report:
        """Take a closer look, and put it beside the metrics."""


def report(
    rows: Measurable,
    names: Sequence[str] = (),
    custom: Mapping[str, CustomMetric] = _NONE_CUSTOM,
    *,
    intervals: bool = True,
) -> Report:
    """Measure rows.

    Args:
        rows: the rows.
        names: what to measure, the headline first; without any, all that is known of such rows.
        custom: metrics of plugins, by name.
        intervals: whether metrics have their 95 % intervals.

    Raises:
        UsageError: there is no metric of a name, or it is for other rows.
        PluginError: a plugin's metric failed.
    """
    check_names(type(rows), names, custom)
    wanted = tuple(names) or rows.known
    metrics = tuple(
        rows.metric(name, intervals=intervals)
        if name in rows.known
        else custom[name].measure(rows.expected_values, rows.answers, intervals=intervals)
        for name in wanted
    )
    headline = wanted[0]
    if headline in rows.known:
        return rows.report(metrics, rows.baseline(headline))
    guesses = [rows.guess] * len(rows.expected_values)
    return rows.report(metrics, custom[headline].attempt(rows.expected_values, guesses))


def check_names(kind: type[Measurable], names: Sequence[str], custom: Mapping[str, CustomMetric]) -> None:
    """Find a name that no metric of such rows has.

    Raises:
        UsageError: there is one.
    """
    known = (*kind.known, *custom)
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known metrics: {', '.join(known)}"
            raise UsageError(f"there is no metric {name} for {kind.kind}", hint=hint)


def cut(text: str) -> str:
    """Return a text as a report shows it."""
    return text if len(text) <= TEXT_SHOWN else text[: TEXT_SHOWN - 1] + "…"
