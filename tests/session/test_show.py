"""`show` of a data set: what it is, and three rows as the task sees them."""

from __future__ import annotations

from pathlib import Path

from hfshell import Session
from hfshell.api.results import DataSample, DataSummary


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
