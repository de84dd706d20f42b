from __future__ import annotations

import pytest

from hfshell.errors import DataError, Refused
from hfshell.evaluation.exact import Exact, exact
from hfshell.evaluation.intervals import wilson
from hfshell.evaluation.report import report

TAGS = [["B-PER", "O"], ["O", "O"], ["O", "O"], ["O", "B-LOC"]]


def rows_of(expected: list[object], answered: list[object]) -> Exact:
    return exact(expected, answered, [f"text {number}" for number in range(len(expected))])


def test_an_answer_is_right_when_it_is_exactly_what_the_row_says() -> None:
    """Accuracy over whatever a task predicts, with Wilson's interval; a tuple is the list that a file has."""
    outcome = report(rows_of(list(TAGS), [("B-PER", "O"), ["O", "O"], ["O", "B-PER"], ["O", "B-LOC"]]))
    (accuracy,) = outcome.metrics
    assert (accuracy.name, accuracy.value) == ("accuracy", 0.75)
    assert (accuracy.low, accuracy.high) == wilson(3, 4)
    assert (outcome.n, outcome.wrong, outcome.labels) == (4, 1, ())
    (wrong,) = outcome.worst
    assert (wrong.row, wrong.expected, wrong.predicted) == (3, '["O","O"]', '["O","B-PER"]')
    assert wrong.text == "text 2"


def test_objects_are_equal_whatever_the_order_of_their_keys() -> None:
    """A dict is what it holds."""
    assert report(rows_of([{"a": 1, "b": 2}], [{"b": 2, "a": 1}])).wrong == 0


def test_baseline_is_the_most_frequent_value() -> None:
    """Guessing what most rows say is hard to beat; where no two say the same there is nothing to guess."""
    assert report(rows_of(list(TAGS), list(TAGS))).baseline == 0.5
    assert report(rows_of(["a", "b"], ["a", "b"])).baseline is None
    (guard,) = report(rows_of(["yes", "yes", "no"], ["no", "no", "yes"])).guards
    assert "always guessing yes" in guard.message


def test_no_number_is_made_of_missing_rows() -> None:
    """Fewer answers than rows, and no rows at all are refused."""
    with pytest.raises(Refused):
        rows_of(["a", "b"], ["a"])
    with pytest.raises(DataError):
        rows_of([], [])
