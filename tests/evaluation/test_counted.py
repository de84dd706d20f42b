from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from hfshell.api import CancelToken, LabelReport, MetricSpec
from hfshell.api.counted import CountedMetric
from hfshell.errors import Interrupted, PluginError
from hfshell.evaluation.counted import custom_metric
from hfshell.evaluation.custom import CustomMetric
from hfshell.evaluation.exact import Exact, exact
from hfshell.evaluation.intervals import wilson
from hfshell.evaluation.report import Report, report
from tests.evaluation.test_custom import WHO, contained

TAGS = [["A", "O"], ["O", "O", "O"], ["A", "A"], ["O"]]
ANSWERS = [["A", "A"], ["O", "O", "O"], ["O", "O"], ["O"]]


class TagAccuracy:
    """Share of right tags: the usual way to write such a metric."""

    signature = "tags, not rows"

    def counts(self, expected: Sequence[str], answer: Sequence[str]) -> Sequence[float]:
        return (sum(one == other for one, other in zip(expected, answer, strict=True)), len(expected))

    def value(self, totals: Sequence[float]) -> float | None:
        right, tags = totals
        return right / tags if tags else None

    def per_label(self, expected: Sequence[Any], answers: Sequence[Any]) -> Sequence[LabelReport]:
        return [LabelReport("A", None, 1 / 3, None, 3)]


def tag_accuracy(expected: Sequence[Any], answers: Sequence[Any]) -> float:
    pairs = [pair for row in zip(expected, answers, strict=True) for pair in zip(*row, strict=True)]
    return sum(one == other for one, other in pairs) / len(pairs)


def counted(target: Any, between: Callable[[], None] = lambda: None, **spec: Any) -> CustomMetric:
    declared = MetricSpec("odd", "A metric", "odd:metric", **{"minimum": 0, "maximum": 1, **spec})
    return custom_metric(declared, target, WHO, contained, between)


def rows_of(expected: list[Any], answered: list[Any], role: str = "tags") -> Exact:
    return exact(expected, answered, [f"text {number}" for number in range(len(expected))], role)


def outcome_of(target: Any, rows: Exact | None = None, **spec: Any) -> Report:
    return report(rows or rows_of(TAGS, ANSWERS), ("odd",), {"odd": counted(target, **spec)})


@pytest.mark.parametrize("target", [TagAccuracy, TagAccuracy()])
def test_counts_give_what_a_function_gives(target: Any) -> None:
    """A class or an object; the estimate and the interval are those of the function, on the same draws."""
    assert isinstance(TagAccuracy(), CountedMetric)
    measured = counted(target).measure(TAGS * 10, ANSWERS * 10, intervals=True)
    called = counted(tag_accuracy).measure(TAGS * 10, ANSWERS * 10, intervals=True)
    assert measured.value == called.value == 5 / 8
    assert (measured.low, measured.high) == pytest.approx((called.low, called.high))
    assert measured.low is not None
    assert measured.high is not None
    assert measured.low < 5 / 8 < measured.high
    assert (measured.signature, called.signature) == ("tags, not rows", "")


def test_each_row_is_counted_once() -> None:
    """However many resamples there are; without an interval nothing is resampled."""
    calls: list[str] = []

    class Busy(TagAccuracy):
        def counts(self, expected: Sequence[str], answer: Sequence[str]) -> Sequence[float]:
            calls.append("counts")
            return super().counts(expected, answer)

        def value(self, totals: Sequence[float]) -> float | None:
            calls.append("value")
            return super().value(totals)

    counted(Busy).measure(TAGS, ANSWERS, intervals=True)
    assert (calls.count("counts"), calls.count("value")) == (4, 1001)
    calls.clear()
    counted(Busy).measure(TAGS, ANSWERS, intervals=False)
    counted(Busy, interval=False).measure(TAGS, ANSWERS, intervals=True)
    assert (calls.count("counts"), calls.count("value")) == (8, 2)


def test_the_worst_rows_come_first() -> None:
    """Rows go by their grades; those that could not be better are left out, and none is simply wrong."""
    outcome = outcome_of(TagAccuracy)
    assert [(row.row, row.grade) for row in outcome.worst] == [(3, 0.0), (1, 0.5)]
    assert (outcome.worst[0].expected, outcome.worst[0].predicted) == ("A A", "no entity")
    assert outcome.wrong is None
    assert outcome.per_label == (LabelReport("A", None, 1 / 3, None, 3),)
    assert (outcome.labels, outcome.confusion, outcome.baseline) == ((), (), None)


def test_rows_of_whole_grades_are_right_or_wrong() -> None:
    """Where each row is graded 0 or 1, those of 0 are counted as wrong."""

    class Whole(TagAccuracy):
        def counts(self, expected: Sequence[str], answer: Sequence[str]) -> Sequence[float]:
            return (expected == answer, 1)

    outcome = outcome_of(Whole, rows_of(TAGS, ANSWERS, "text"))
    (metric,) = outcome.metrics
    assert (metric.value, metric.low, metric.high) == (0.5, *wilson(2, 4)), "a share has a better interval"
    assert outcome.wrong == 2
    assert [(row.row, row.grade) for row in outcome.worst] == [(1, 0.0), (3, 0.0)]


def test_of_an_error_the_largest_come_first() -> None:
    """Where less is better, the row of the smallest number is the best."""

    class Misses(TagAccuracy):
        def value(self, totals: Sequence[float]) -> float | None:
            return totals[1] - totals[0]

    outcome = outcome_of(Misses, higher_is_better=False, maximum=None)
    assert [(row.row, row.grade) for row in outcome.worst] == [(3, 2.0), (1, 1.0)]


def test_a_row_may_have_no_grade() -> None:
    """A row that the metric says nothing about is not among the worst."""
    rows = rows_of([["A"], [], ["A", "A"]], [["O"], [], ["A", "O"]])
    assert [row.row for row in outcome_of(TagAccuracy, rows).worst] == [1, 3]


def test_all_rows_are_seen_before_one_is_counted() -> None:
    """A metric of labels learns which ones there are; what it returns is what counts."""

    class MacroRecall:
        def __init__(self, labels: Sequence[str] = ()) -> None:
            self.labels = labels

        def for_rows(self, expected: Sequence[Any], answers: Sequence[Any]) -> MacroRecall:
            return MacroRecall(sorted({tag for row in expected for tag in row}))

        def counts(self, expected: Sequence[str], answer: Sequence[str]) -> Sequence[float]:
            pairs = list(zip(expected, answer, strict=True))
            hits = [pairs.count((label, label)) for label in self.labels]
            return [*hits, *(list(expected).count(label) for label in self.labels)]

        def value(self, totals: Sequence[float]) -> float | None:
            half = len(totals) // 2
            shares = [hits / of for hits, of in zip(totals[:half], totals[half:], strict=True) if of]
            return sum(shares) / len(shares) if shares else None

    measured = counted(MacroRecall).measure(TAGS, ANSWERS, intervals=True)
    assert measured.value == pytest.approx((1 / 3 + 4 / 5) / 2)
    assert measured.low is not None


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (lambda _one, other: [1.0] * len(other), "cannot be summed"),
        (lambda *_: (math.nan, 1), "cannot be summed"),
        (lambda *_: 1, "cannot be summed"),
        (lambda *_: (), "cannot be summed"),
        (lambda *_: ("a", 1), "cannot be summed"),
        (lambda *_: (3, 2), "gave 1.5: its declaration says 0 to 1"),
        (lambda *_: 1 / 0, "plugin failed"),
    ],
)
def test_counts_that_are_none_are_the_plugins_fault(counts: Callable[..., Any], said: str) -> None:
    """As many finite numbers for each row are wanted, and a value in range."""
    target = type("Bad", (TagAccuracy,), {"counts": lambda _self, *pair: counts(*pair)})
    with pytest.raises(PluginError, match=said):
        counted(target).measure(TAGS, ANSWERS, intervals=False)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"signature": 3}, "signature is int: a text is wanted"),
        ({"per_label": lambda *_: [{"label": "A"}]}, "something else than `LabelReport`s"),
        ({"for_rows": lambda *_: None}, "for_rows gave NoneType"),
        ({"counts": None}, "odd:metric cannot measure"),
    ],
)
def test_what_else_it_gives_is_checked(changes: dict[str, Any], said: str) -> None:
    """A metric that is not what it says it is is named, with its plugin."""
    with pytest.raises(PluginError, match=said) as caught:
        outcome_of(type("Bad", (TagAccuracy,), changes))
    assert caught.value.message.startswith(WHO)


def test_counting_is_interrupted() -> None:
    """Ctrl-C does not wait for the last row of a slow metric."""
    token, calls = CancelToken(), []

    class Slow(TagAccuracy):
        def counts(self, expected: Sequence[str], answer: Sequence[str]) -> Sequence[float]:
            calls.append(len(expected))
            token.set()
            return super().counts(expected, answer)

    with pytest.raises(Interrupted):
        counted(Slow, token.raise_if_set).measure(TAGS, ANSWERS, intervals=False)
    assert calls == [2]


def test_no_row_is_looked_at_between_epochs() -> None:
    """Without intervals there are neither grades nor labels: validation costs the metric alone."""

    class Curious(TagAccuracy):
        def per_label(self, expected: Sequence[Any], answers: Sequence[Any]) -> Sequence[LabelReport]:
            raise ValueError("asked")

    found = report(rows_of(TAGS, ANSWERS), ("odd",), {"odd": counted(Curious)}, intervals=False)
    assert found.metrics[0].value == 5 / 8
    with pytest.raises(PluginError, match="asked"):
        outcome_of(Curious)
