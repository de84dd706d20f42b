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


def test_choices_are_told_by_their_texts() -> None:
    """What is learnt is the index of a choice; people read what was chosen."""
    choices = [("red", "blue"), ("left", "right", "up")]
    (wrong,) = report(exact([0, 2], [0, 1], ["a colour", "a way"], "index", choices)).worst
    assert (wrong.row, wrong.expected, wrong.predicted) == (2, "up", "right")


def test_choosing_blindly_is_the_baseline_where_it_is_the_better_guess() -> None:
    """One of k choices is right by chance; always the same one is better where it often is right."""
    four = [("a", "b", "c", "d")] * 4
    rows = exact([0, 1, 2, 3], [1, 1, 1, 2], ["a question"] * 4, "index", four)
    outcome = report(rows)
    assert (outcome.baseline, outcome.guess) == (0.25, "random")
    assert "always guessing at random" in outcome.guards[0].message
    outcome = report(exact([1, 1, 1, 3], [0, 0, 0, 0], ["a question"] * 4, "index", four))
    assert (outcome.baseline, outcome.guess) == (0.75, "majority")
    assert "always guessing choice 2" in outcome.guards[0].message


def test_texts_are_neither_wrong_nor_guessed() -> None:
    """A translation that is not the reference word for word need not be wrong."""
    rows = exact(["a dog", "a dog"], ["a dog", "one dog"], ["ein Hund"] * 2, "text")
    outcome = report(rows)
    assert (outcome.wrong, outcome.baseline, outcome.metrics[0].value) == (None, None, 0.5)
    assert [row.row for row in outcome.worst] == [2]
