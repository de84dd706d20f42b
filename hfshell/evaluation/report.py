"""What measuring gives, whatever a task predicts: metrics, a baseline, and a closer look at rows."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
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
        guess: what is guessed: the `majority` of what is expected, the `mean` of numbers, or at `random`.
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


@dataclass(frozen=True)
class Judged:
    """A closer look that a metric takes at rows.

    Attributes:
        grades: what it gives for each row alone; None where it is not defined.
        per_label: how each label fared; empty when it does not say.
        best: the grade of a row that could not be better; None when there is no such end.
        higher_is_better: which grades are the better ones.
    """

    grades: tuple[float | None, ...]
    per_label: tuple[LabelReport, ...] = ()
    best: float | None = None
    higher_is_better: bool = True

    @property
    def partly_right(self) -> bool:
        """Whether a row may be right in part."""
        return any(grade not in (None, 0.0, self.best) for grade in self.grades) or self.best is None

    @property
    def flawed(self) -> list[int]:
        """Indexes of the rows that could be better, the worst first."""
        sign = 1 if self.higher_is_better else -1
        graded = [
            (sign * grade, row)
            for row, grade in enumerate(self.grades)
            if grade is not None and grade != self.best
        ]
        return [row for _, row in sorted(graded)]


@dataclass(frozen=True)
class Measured:
    """A metric, and how a closer look at the rows is taken, where it can be."""

    metric: Metric
    judge: Callable[[], Judged] | None = None


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
        """What the best constant guess answers to every row; None where guessing says nothing."""

    def metric(self, name: str, *, intervals: bool) -> Metric:
        """Measure one of the known metrics."""

    def baseline(self, name: str) -> float | None:
        """Measure a known metric on the guess; None when that says nothing."""

    def report(
        self, metrics: tuple[Metric, ...], baseline: float | None, judged: Judged | None = None
    ) -> Report:
        """Take a closer look, and put it beside the metrics.

        Args:
            metrics: what was measured.
            baseline: what the guess scores on the first of them.
            judged: the first one's own look at the rows, for rows that hfshell knows nothing else of.
        """


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
        intervals: whether metrics have their 95 % intervals, and rows are looked at one by one.

    Raises:
        UsageError: there is no metric of a name, or it is for other rows.
        PluginError: a plugin's metric failed.
    """
    check_names(type(rows), names, custom)
    wanted = tuple(names) or rows.known
    measured = [
        Measured(rows.metric(name, intervals=intervals))
        if name in rows.known
        else custom[name].measured(rows.expected_values, rows.answers, intervals=intervals)
        for name in wanted
    ]
    judge = measured[0].judge if intervals else None
    metrics = tuple(one.metric for one in measured)
    return rows.report(metrics, _baseline(rows, wanted[0], custom), judge() if judge else None)


def _baseline(rows: Measurable, headline: str, custom: Mapping[str, CustomMetric]) -> float | None:
    if headline in rows.known:
        return rows.baseline(headline)
    if rows.guess is None:
        return None
    return custom[headline].attempt(rows.expected_values, [rows.guess] * len(rows.expected_values))


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
