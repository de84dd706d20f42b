"""Entity metrics against seqeval, strict."""

from __future__ import annotations

import random
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval.metrics import classification_report, f1_score, precision_score, recall_score
from seqeval.scheme import IOB2

from hfshell.errors import PluginError
from tests.tasks.metrics.measuring import measured, reported, value

TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-first-name", "I-first-name")
ROWS = st.lists(
    st.lists(st.tuples(st.sampled_from(TAGS), st.sampled_from(TAGS)), min_size=1, max_size=8),
    min_size=1,
    max_size=6,
)


def rows(count: int = 300, noise: float = 0.2) -> tuple[list[list[str]], list[list[str]]]:
    """Return random tags, not all of them allowed where they stand, and answers that often are the same."""
    draw = random.Random(1)
    expected = [draw.choices(TAGS, k=draw.randint(1, 12)) for _ in range(count)]
    answers = [[draw.choice(TAGS) if draw.random() < noise else tag for tag in row] for row in expected]
    return expected, answers


@pytest.mark.parametrize(
    ("name", "oracle"),
    [("entity_f1", f1_score), ("entity_precision", precision_score), ("entity_recall", recall_score)],
)
def test_as_seqeval_strict_has_it(name: str, oracle: object) -> None:
    """The same to the last digit, on tags in any order; its default scheme would say something else."""
    expected, answers = rows()
    found = measured(name, expected, answers)
    assert found.value == pytest.approx(oracle(expected, answers, mode="strict", scheme=IOB2), abs=1e-12)  # type: ignore[operator]
    assert found.value != pytest.approx(oracle(expected, answers), abs=1e-3)  # type: ignore[operator]
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high  # type: ignore[operator]
    assert found.signature == "strict IOB2, micro"


@given(ROWS)
def test_any_tags_are_read_as_seqeval_reads_them(pairs: list[list[tuple[str, str]]]) -> None:
    """F1 is in 0 to 1, the same when sides are changed, and seqeval's; of no entities there is none."""
    expected = [[one for one, _ in row] for row in pairs]
    answers = [[other for _, other in row] for row in pairs]
    found = value("entity_f1", expected, answers)
    assert found == value("entity_f1", answers, expected)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of no entities, of which seqeval says 0
        oracle = f1_score(expected, answers, mode="strict", scheme=IOB2)
    assert (found or 0.0) == pytest.approx(oracle)
    assert found is None or 0 <= found <= 1


def test_each_type_stands_in_the_report() -> None:
    """Precision, recall, F1 and count of each type are seqeval's; the worst row comes first."""
    expected, answers = rows()
    outcome = reported("entity_f1", expected, answers)
    oracle = classification_report(expected, answers, mode="strict", scheme=IOB2, output_dict=True)
    assert [found.label for found in outcome.per_label] == ["LOC", "PER", "first-name"]
    for found in outcome.per_label:
        of_type = oracle[found.label]
        assert found.precision == pytest.approx(of_type["precision"])
        assert found.recall == pytest.approx(of_type["recall"])
        assert found.f1 == pytest.approx(of_type["f1-score"])
        assert found.support == of_type["support"]
    assert outcome.worst[0].grade == 0
    assert (outcome.wrong, outcome.baseline) == (None, None)


def test_a_row_without_entities_is_neither_good_nor_bad() -> None:
    """Nothing to find and nothing found says nothing; something found there is wrong."""
    assert value("entity_f1", [["O", "O"]], [["O", "O"]]) is None
    assert [row.row for row in reported("entity_f1", [["O"], ["O"]], [["O"], ["B-PER"]]).worst] == [2]


def test_tokens_are_counted_over_all_rows() -> None:
    """Token accuracy is no mean of rows: long ones weigh more."""
    assert value("token_accuracy", [["O"] * 9, ["B-PER"]], [["O"] * 9, ["O"]]) == 0.9


@pytest.mark.parametrize("name", ["entity_f1", "token_accuracy"])
@pytest.mark.parametrize("answer", [["O"], ["O", "O", "O"], "OO"])
def test_a_word_without_a_tag_is_no_number(name: str, answer: object) -> None:
    """A task that loses the end of a long text is told so; leaving it out would flatter it."""
    with pytest.raises(PluginError, match="tags"):
        value(name, [["B-PER", "O"]], [answer])
