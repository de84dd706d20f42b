"""Relation metrics against scikit-learn, and against the numbers of SemEval's own scorer."""

from __future__ import annotations

import random

import pytest
from sklearn.metrics import f1_score

from hfshell.evaluation.classification import one_label
from hfshell.evaluation.report import report
from hfshell_tasks.metrics.relations import holds_relation
from tests.tasks.metrics.measuring import measured, named, value

RELATIONS = ("Cause-Effect", "Component-Whole", "Message-Topic")
LABELS = (*(f"{name}({way})" for name in RELATIONS for way in ("e1,e2", "e2,e1")), "Other")


def rows(count: int = 500) -> tuple[list[str], list[str]]:
    draw = random.Random(5)
    expected = draw.choices(LABELS, k=count)
    return expected, [draw.choice(LABELS) if draw.random() < 0.4 else label for label in expected]


def official(expected: list[str], answers: list[str]) -> float:
    """Score as semeval2010_task8_scorer does: (9+1)-way, taking directionality into account."""
    there, found, table, wrong_way = {}, {}, {}, {}
    for one, other in zip(expected, answers, strict=True):
        left, right = one.partition("(")[0], other.partition("(")[0]
        there[left] = there.get(left, 0) + 1
        if one != other and left == right:
            wrong_way[left] = wrong_way.get(left, 0) + 1
            continue
        found[right] = found.get(right, 0) + 1
        table[right, left] = table.get((right, left), 0) + 1
    scores = []
    for relation, rows_of in there.items():
        if relation == "Other":
            continue
        hits = table.get((relation, relation), 0)
        answered = found.get(relation, 0)
        precision = hits / (answered + wrong_way.get(relation, 0)) if answered else 0
        recall = hits / rows_of
        scores.append(2 * precision * recall / (precision + recall) if precision + recall else 0)
    return sum(scores) / len(scores)


def test_macro_f1_as_semeval_scores() -> None:
    """Both directions of a relation are one, and a wrong one is wrong: another number than of labels."""
    expected, answers = rows()
    found = measured("relation_macro_f1", expected, answers)
    assert found.value == pytest.approx(official(expected, answers), abs=1e-12)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high  # type: ignore[operator]
    others = [label for label in LABELS if label != "Other"]
    assert found.value != pytest.approx(f1_score(expected, answers, labels=others, average="macro"), abs=1e-4)


def test_a_relation_that_no_row_has_counts_against_its_answers_alone() -> None:
    """As the scorer has it: the mean is over the relations of the key."""
    expected, answers = ["Cause-Effect(e1,e2)", "Other"], ["Cause-Effect(e1,e2)", "Message-Topic(e1,e2)"]
    assert value("relation_macro_f1", expected, answers) == official(expected, answers) == 1
    assert value("relation_micro_f1", expected, answers) == pytest.approx(2 / 3)


def test_the_signature_counts_the_relations_of_the_rows() -> None:
    """Whoever compares two numbers sees of how many relations each is the mean."""
    expected, answers = ["A(e1,e2)", "A(e2,e1)", "B", "Other"], ["A(e1,e2)", "B", "C", "Other"]
    assert measured("relation_macro_f1", expected, answers).signature.startswith("(2+1)-way")


def test_micro_f1_without_the_label_of_no_relation() -> None:
    """As scikit-learn has it with that label left out of `labels`; hits on it are worth nothing."""
    expected, answers = rows()
    others = [label for label in LABELS if label != "Other"]
    oracle = f1_score(expected, answers, labels=others, average="micro")
    assert value("relation_micro_f1", expected, answers) == pytest.approx(oracle, abs=1e-12)
    assert value("relation_micro_f1", ["Other"] * 9, ["Other"] * 9) is None
    assert value("relation_macro_f1", ["Other"] * 9, ["Other"] * 9) is None


@pytest.mark.parametrize(
    ("label", "holds"),
    [
        ("Other", False),
        ("no_relation", False),
        ("NA", False),
        ("None", False),
        ("Cause-Effect(e1,e2)", True),
        ("Mother", True),
        ("org:founded_by", True),
    ],
)
def test_labels_of_no_relation(label: str, holds: bool) -> None:
    """The names that data sets give it."""
    assert holds_relation(label) is holds


def test_they_measure_rows_of_one_label() -> None:
    """A task whose target is a label names them as its headline, and has its matrix and baseline."""
    expected, answers = rows(60)
    measurable = one_label(expected, [None] * 60, LABELS, ["a text"] * 60, answers)
    outcome = report(
        measurable,
        ("relation_macro_f1", "accuracy"),
        {"relation_macro_f1": named("relation_macro_f1")},
    )
    assert outcome.metrics[0].value == pytest.approx(official(expected, answers))
    assert outcome.wrong == sum(one != other for one, other in zip(expected, answers, strict=True))
    assert outcome.baseline is not None
    assert outcome.baseline < outcome.metrics[0].value  # type: ignore[operator]
    assert len(outcome.confusion) == len(LABELS)
