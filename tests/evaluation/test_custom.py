from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import f1_score, mean_absolute_error

from hfshell.api import CancelToken, MetricSpec
from hfshell.errors import Interrupted, PluginError, UsageError
from hfshell.evaluation.classification import one_label
from hfshell.evaluation.counted import custom_metric
from hfshell.evaluation.custom import CustomMetric
from hfshell.evaluation.exact import exact
from hfshell.evaluation.multilabel import several_labels
from hfshell.evaluation.regression import numbers
from hfshell.evaluation.report import report
from tests.evaluation.test_classification import scores

WHO = "metric odd (hfshell-odd 1.2)"


def contained(work: Callable[[], Any]) -> Any:
    """Call a plugin's code as the session does."""
    try:
        return work()
    except (ValueError, ZeroDivisionError) as error:
        raise PluginError(f"plugin failed: {error}") from None


def custom(
    function: Callable[..., Any], between: Callable[[], None] = lambda: None, **spec: Any
) -> CustomMetric:
    declared = MetricSpec("odd", "A metric", "odd:metric", **spec)
    return custom_metric(declared, function, WHO, contained, between)


def shares(n: int) -> tuple[list[float], list[float]]:
    generator = np.random.default_rng(0)
    expected = generator.random(n)
    return expected.tolist(), (expected + generator.normal(0, 0.1, n)).tolist()


def test_a_function_of_scikit_learn_is_a_metric() -> None:
    """It is called with two lists, and gets a bootstrap interval that is the same each time."""
    expected, answers = shares(100)
    metric = custom(mean_absolute_error, higher_is_better=False, minimum=0)
    measured = metric.measure(expected, answers, intervals=True)
    assert measured.value == mean_absolute_error(expected, answers)
    assert not measured.higher_is_better
    assert measured.low is not None
    assert measured.high is not None
    assert measured.low < measured.value < measured.high
    assert metric.measure(expected, answers, intervals=True) == measured
    known = numbers(expected, answers, ["text"] * 100).metric("mae", intervals=True)
    assert (measured.low, measured.high) == pytest.approx((known.low, known.high), abs=1e-9)


def test_whoever_wants_no_interval_gets_none() -> None:
    """A metric that says so, one row, and validation between epochs call it once, not a thousand times."""
    calls: list[int] = []

    def count(expected: list[Any], _answers: list[Any]) -> float:
        calls.append(len(expected))
        return 0.5

    assert custom(count, interval=False).measure([1, 2], [1, 2], intervals=True).low is None
    assert custom(count).measure([1], [1], intervals=True).low is None
    assert custom(count).measure([1, 2], [1, 2], intervals=False).low is None
    assert calls == [2, 1, 2]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("0.5", "gave str: a number or None is wanted"),
        (True, "gave bool"),
        (np.True_, "gave bool"),
        ([0.5], "gave list"),
        (float("nan"), "gave nan: where it is not defined, None is wanted"),
        (float("inf"), "gave inf"),
        (1.5, "gave 1.5: its declaration says 0 to 1"),
        (-0.1, r"gave -0\.1"),
    ],
)
def test_what_is_no_number_in_range_is_the_plugins_fault(value: Any, said: str) -> None:
    """The metric and its plugin are named, and what came."""
    metric = custom(lambda _expected, _answers: value, minimum=0, maximum=1)
    with pytest.raises(PluginError, match=said) as caught:
        metric.measure([1], [1], intervals=False)
    assert caught.value.message.startswith(WHO)


@pytest.mark.parametrize(
    ("value", "measured"), [(None, None), (1, 1.0), (np.float32(0.25), 0.25), (np.int64(1), 1.0)]
)
def test_numbers_of_libraries_are_numbers(value: Any, measured: float | None) -> None:
    """Whatever counts as a real number becomes a float; None is a metric that is not defined."""
    metric = custom(lambda _expected, _answers: value).measure([1, 2], [1, 2], intervals=False)
    assert metric.value == measured
    assert metric.value is None or type(metric.value) is float


def test_a_raising_function_is_contained_on_all_rows_and_passed_over_on_draws() -> None:
    """What fails on the rows fails; draws that lack a label are left out, and of few draws is no interval."""

    def of_three(expected: list[str], _answers: list[str]) -> float:
        if len(set(expected)) < 3:
            raise ValueError("a label is missing")
        return 0.5

    with pytest.raises(PluginError, match="a label is missing"):
        custom(of_three).measure(["a", "b"], ["a", "b"], intervals=False)
    many = custom(of_three).measure([*"abc"] * 10, [*"abc"] * 10, intervals=True)
    assert (many.low, many.high) == (0.5, 0.5)
    few = custom(of_three).measure([*"abc"], [*"abc"], intervals=True)
    assert few.value == 0.5
    assert few.low is None, "two of nine draws of three rows have three labels"


def test_a_function_cannot_change_what_is_measured() -> None:
    """It gets lists of its own."""
    expected, answers = [1, 2, 3], [1, 2, 4]

    def greedy(one: list[int], other: list[int]) -> float:
        one.clear()
        other.clear()
        return 1.0

    custom(greedy).measure(expected, answers, intervals=True)
    assert (expected, answers) == ([1, 2, 3], [1, 2, 4])


def test_resampling_is_interrupted() -> None:
    """Ctrl-C does not wait for a thousand calls of a slow metric."""
    token, calls = CancelToken(), []

    def slow(expected: list[Any], _answers: list[Any]) -> float:
        calls.append(len(expected))
        if len(calls) == 5:
            token.set()
        return 0.5

    with pytest.raises(Interrupted):
        custom(slow, token.raise_if_set).measure([1, 2], [1, 2], intervals=True)
    assert len(calls) == 5


def test_report_mixes_metrics_in_the_order_asked_for() -> None:
    """The headline may be a plugin's; its baseline is what it gives for the guess."""
    rows = one_label(
        ["a", "a", "b"],
        [scores("a", labels="ab"), scores("a", labels="ab"), scores("b", labels="ab")],
        "ab",
        "xyz",
    )
    share_of_a = custom(lambda _expected, answers: answers.count("a") / len(answers))
    outcome = report(rows, ("odd", "accuracy"), {"odd": share_of_a})
    assert [(metric.name, metric.value) for metric in outcome.metrics] == [("odd", 2 / 3), ("accuracy", 1.0)]
    assert outcome.baseline == 1.0, "always guessing a"


def test_a_metric_may_have_no_number_for_the_guess() -> None:
    """A headline that fails on guesses has no baseline, and is measured all the same."""

    def of_varying(_expected: list[float], answers: list[float]) -> float:
        return 1 / (max(answers) - min(answers))

    outcome = report(numbers([1.0, 2.0], [1.0, 2.0], ["x", "y"]), ("odd",), {"odd": custom(of_varying)})
    assert (outcome.metrics[0].value, outcome.baseline) == (1.0, None)


def test_plugins_see_what_sklearn_takes() -> None:
    """Labels as texts, sets of labels as tuples in one order, numbers as floats, anything else as it is."""
    seen: list[Any] = []

    def look(expected: list[Any], answers: list[Any]) -> float:
        seen.append((expected[0], answers[0]))
        return f1_score(expected, answers, average="macro") if isinstance(expected[0], str) else 0.5

    metric = {"odd": custom(look, interval=False)}
    report(one_label(["b"], [scores("a", labels="ab")], "ab", ["x"]), ("accuracy", "odd"), metric)
    report(several_labels([("b", "a")], [None], "ab", ["x"], [("b",)]), ("macro_f1", "odd"), metric)
    report(numbers([1.0], [2.0], ["x"]), ("mae", "odd"), metric)
    report(exact([["O"]], [["O"]], ["x"]), ("accuracy", "odd"), metric)
    assert seen == [("b", "a"), (("a", "b"), ("b",)), (1.0, 2.0), (["O"], ["O"])]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("macro-f1", "did you mean macro_f1?"),
        ("od", "did you mean odd?"),
        ("rmse", None),
    ],
)
def test_unknown_metric_is_named_with_the_nearest(name: str, hint: str | None) -> None:
    """A task that names a metric wrongly, or one for other rows, is told which one it may have meant."""
    rows = one_label(["a"], [scores("a", labels="ab")], "ab", ["x"])
    with pytest.raises(UsageError, match=f"there is no metric {name} for rows of one label") as raised:
        report(rows, (name,), {"odd": custom(lambda *_: 1.0)})
    assert raised.value.hint is not None
    assert raised.value.hint == hint if hint else "accuracy" in raised.value.hint


def test_a_built_in_metric_cannot_be_replaced() -> None:
    """Accuracy means accuracy, whatever is installed."""
    rows = one_label(["a"], [scores("b", labels="ab")], "ab", ["x"])
    assert report(rows, ("accuracy",), {"accuracy": custom(lambda *_: 1.0)}).metrics[0].value == 0.0
