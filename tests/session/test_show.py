"""`show` of a data set: what it is, and three rows as the task sees them."""

from __future__ import annotations

from pathlib import Path

import pytest

from hfshell import Session
from hfshell.api.results import DataSample, DataSummary, EvaluationResult, WrongRow
from hfshell.errors import UsageError


def test_a_data_set_is_shown_with_examples(table: Path) -> None:
    """The name alone gives summary and examples; a split, or a count of rows, the rows alone."""
    with Session() as session:
        session.run(f"d = data {table}")
        summary, split, rows = (session.run(line) for line in ("show d", "show d.train", "show d --rows 2"))
    assert isinstance(summary, DataSummary)
    assert summary.examples is not None
    assert len(summary.examples.rows) == 3
    assert isinstance(split, DataSample)
    assert isinstance(rows, DataSample)
    assert (split.split, len(rows.rows)) == ("train", 2)
    assert split.task == summary.tasks[0] == "text-classification"
    assert [(role.role, role.kind) for role in split.roles] == [("text", "text"), ("label", "label")]
    assert set(split.rows[0]) == {"text", "label"}


def test_data_of_no_task_is_shown_by_column(tmp_path: Path) -> None:
    """Rows that nothing is known of can be looked at too."""
    path = tmp_path / "odd.csv"
    path.write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    with Session() as session:
        session.run(f"d = data train={path}")
        shown = session.run("show d.train")
    assert isinstance(shown, DataSample)
    assert shown.task is None
    assert shown.rows[0] == {"a": "1", "b": "2"}


def evaluation(wrong: int | None, *worst: WrongRow) -> EvaluationResult:
    """A model measured on 72 rows."""
    return EvaluationResult(
        model="m", data="d", split="test", task="t", run="", n=72, metrics=(), wrong=wrong, worst=worst,
        seconds=1.0, rows_per_second=72.0,
    )  # fmt: skip


def test_errors_of_an_evaluation_are_rows() -> None:
    """Whatever a row lacks is no column; how many went wrong is said; `_` has them as the name has."""
    surest = WrongRow(57, "a text", "refunds", "billing", 0.58333333)
    found = evaluation(21, surest, WrongRow(4, "where?", "sales", "billing", 0.5))
    graded = evaluation(None, WrongRow(9, "a", "b", "c", grade=0.25))
    with Session() as session:
        session.names.bind_result("ev", found)
        session.names.bind_result("graded", graded)
        shown, lowest = session.run("show ev.errors"), session.run("show graded.errors")
        one = session.run("show ev.errors --rows 1")
        with pytest.raises(UsageError, match="ev has no field error") as misspelt:
            session.run("show ev.error")
        with pytest.raises(UsageError, match="_ has no field errors"):
            session.run("show _.errors")  # the rows have none themselves
        session.names.remember(found)
        again = session.run("show _.errors")
    assert isinstance(one, DataSample)
    assert (one.total, len(one.rows)) == (21, 1)
    assert "errors" in str(misspelt.value.hint)
    assert isinstance(shown, DataSample)
    assert (shown.name, shown.total, len(shown.rows)) == ("ev.errors", 21, 2)
    assert shown.rows[0] == {
        "row": 57, "predicted": "billing", "score": 0.5833, "expected": "refunds", "text": "a text",
    }  # fmt: skip
    assert isinstance(lowest, DataSample)
    assert lowest.total == 72
    assert set(lowest.rows[0]) == {"row", "predicted", "grade", "expected", "text"}
    assert isinstance(again, DataSample)
    assert again.rows == shown.rows
