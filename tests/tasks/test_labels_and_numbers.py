"""Several labels a text, and numbers: what is said to transformers, what comes of logits, how it looks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from hfshell.api import Bars, LabelScore, Line, ModelView, PredictionResult, Stack, Table
from hfshell.testing import Outcome
from hfshell_tasks.text_classification import hfshell_tasks
from hfshell_tasks.text_classification.options import LabelsOptions
from hfshell_tasks.text_classification.render import show_labels, show_numbers
from hfshell_tasks.text_classification.task import (
    MultiLabelClassification,
    TextClassification,
    TextRegression,
)

LABELS = ("rude", "threat", "spam")


@pytest.mark.parametrize(
    ("task", "problem_type"),
    [
        (TextClassification(), "single_label_classification"),
        (MultiLabelClassification(), "multi_label_classification"),
        (TextRegression(), "regression"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_problem_type_is_said(task: Any, problem_type: str) -> None:
    """Transformers would guess it from the labels' type and number."""
    assert task.problem_type == problem_type


def test_each_label_has_a_probability_of_its_own(tokenizer: Any) -> None:
    """Two labels may both be sure; a softmax would make them share."""
    (row,) = MultiLabelClassification().decode(
        torch.tensor([[3.0, 3.0, -3.0]]), [{}], ModelView(tokenizer, LABELS)
    )
    assert [item.label for item in row] == ["rude", "threat", "spam"]
    assert [item.score for item in row] == pytest.approx([0.9526, 0.9526, 0.0474], abs=1e-4)


@pytest.mark.parametrize(("threshold", "given"), [(0.0, 3), (0.5, 1), (0.99, 0)])
def test_threshold_chooses_what_is_shown(threshold: float, given: int) -> None:
    """The measured prediction is whole; what is shown is what is likely enough."""
    whole = [LabelScore("rude", 0.9), LabelScore("spam", 0.4), LabelScore("threat", 0.1)]
    assert len(MultiLabelClassification().select(whole, LabelsOptions(threshold))) == given


def test_number_is_given_in_the_hubs_words(tokenizer: Any) -> None:
    """As transformers' pipeline: label and score; what is measured is the number."""
    task = TextRegression()
    task.target_role = "score"
    (row,) = task.decode(torch.tensor([[3.25]]), [{}], ModelView(tokenizer))
    assert row == {"label": "score", "score": 3.25}
    assert task.answer(row) == 3.25


def test_more_than_one_number_a_row_is_no_number(tokenizer: Any) -> None:
    """A head of another kind is not read as if it were one of a number."""
    with pytest.raises(ValueError, match="2 logits a row for one number"):
        list(TextRegression().decode(torch.zeros(1, 2), [{}], ModelView(tokenizer)))


def result(task: str, *rows: Any) -> PredictionResult:
    texts = tuple(f"text {number}" for number in range(len(rows)))
    return PredictionResult(model="m", task=task, rows=rows, inputs=texts, seconds=0.1)


def test_labels_of_one_text_are_bars_and_none_is_said() -> None:
    """A text without labels is told in words."""
    several = show_labels(
        result("multi-label-classification", [LabelScore("rude", 0.9), LabelScore("spam", 0.6)])
    )
    assert isinstance(several, Bars)
    assert [(bar.label, bar.value) for bar in several.bars] == [("rude", 0.9), ("spam", 0.6)]
    assert isinstance(show_labels(result("multi-label-classification", [])), Line)


def test_many_rows_are_counted_beyond_those_shown() -> None:
    """Twenty rows are a screen; that there are more is said."""
    view = show_numbers(result("text-regression", *[{"label": "score", "score": 1.0}] * 25))
    assert isinstance(view, Stack)
    table, line = view.views
    assert isinstance(table, Table)
    assert isinstance(line, Line)
    assert len(table.rows) == 20
    assert "25" in line.spans[0].text  # type: ignore[union-attr]


def test_only_the_usual_task_of_the_head_is_assumed() -> None:
    """A classifier from elsewhere is taken for one label a text."""
    assert {spec.name: spec.assumed for spec in hfshell_tasks()} == {
        "text-classification": True,
        "multi-label-classification": False,
        "text-regression": False,
    }


def test_eval_counts_labels_from_the_threshold_on(
    run_hfsh: Callable[..., Outcome], tiny_dataset: Callable[[str], Path]
) -> None:
    """Where each label counts all of them are found, and where none can be none is."""
    outcome = run_hfsh(
        f"d = data {tiny_dataset('multi-label-classification')}\nm = load tiny:multi-label-classification\n"
        "all = eval m d.test --threshold 0\nnone = eval m d.test --threshold 1"
    )
    outcome.assert_ok()
    assert {report.recall for report in outcome["all"].per_label if report.support} == {1.0}
    assert outcome["none"].fields()["micro_f1"] == 0.0
