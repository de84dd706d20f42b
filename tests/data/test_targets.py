"""What is learnt beside one label a row: several labels, and numbers; columns that several tasks want."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hfshell.api.roles import Role
from hfshell.data import DataSet, load_recipe, sample
from hfshell.errors import DataError, UsageError
from tests.data.reading import ROLES, all_rows, findings, read, write_csv, write_json_lines

SEVERAL = (Role.text(), Role.labels())
NUMBER = (Role.text(), Role.number())
TASKS = (ROLES, SEVERAL, NUMBER)
WHOLE = {"validation": 0.0, "test": 0.0}


def prose(number: int) -> str:
    return f"the {number}th time that somebody wrote about it"


def table(folder: Path, values: Sequence[str], *, column: str = "labels", rows: int = 0) -> Path:
    """Write a CSV file with a text and a column whose values come again and again."""
    cells = [(prose(number), values[number % len(values)]) for number in range(rows or len(values))]
    return write_csv(folder / "t.csv", cells, header=("text", column))


def lines(folder: Path, values: Sequence[Any], *, column: str = "labels") -> Path:
    """Write a JSON Lines file with a text and a column."""
    rows = [{"text": prose(number), column: value} for number, value in enumerate(values)]
    return write_json_lines(folder / "t.jsonl", rows)


def values(dataset: DataSet, role: str) -> list[Any]:
    return [row[role] for row in all_rows(dataset)]


def fits(dataset: DataSet) -> list[bool]:
    """Tell whether a data set is for one label, several, and a number."""
    return dataset.is_for(TASKS)


# ---- several labels


@pytest.mark.parametrize("separator", [",", ";", "|", ", ", " | "])
def test_labels_between_separators(tmp_path: Path, separator: str) -> None:
    """A cell holds several labels between commas, semicolons or bars, with or without spaces; or none."""
    path = table(tmp_path, [f"toxic{separator}very rude", "toxic", "", f" very rude {separator}toxic"])
    dataset = read(path, roles=SEVERAL, **WHOLE)
    assert values(dataset, "labels") == [("toxic", "very rude"), ("toxic",), (), ("very rude", "toxic")]
    assert [(count.label, count.rows) for count in dataset.label_counts] == [("toxic", 3), ("very rude", 2)]
    dataset.require(SEVERAL, training=True)


def test_one_separator_for_a_column(tmp_path: Path) -> None:
    """Where labels stand between semicolons, a comma is part of a label."""
    dataset = read(table(tmp_path, ["law, family; tax", "tax", "law, family"]), roles=SEVERAL, **WHOLE)
    assert values(dataset, "labels") == [("law, family", "tax"), ("tax",), ("law, family",)]


def test_lists_of_labels(tmp_path: Path) -> None:
    """Lists come as they are, whole numbers and truths as words, each label once."""
    path = lines(tmp_path, [["b", "a", "b"], [], [1, True], "a"])
    dataset = read(path, roles=SEVERAL, **WHOLE)
    assert values(dataset, "labels") == [("b", "a"), (), ("1", "true"), ("a",)]
    assert dataset.labels == ("1", "a", "b", "true")
    assert sample(dataset, "train", 1).rows[0]["labels"] == ["b", "a"]


@pytest.mark.parametrize("cell", ["['toxic', 'rude']", '["toxic", "rude"]'])
def test_lists_that_a_program_wrote_into_cells(tmp_path: Path, cell: str) -> None:
    """A CSV file that pandas wrote of lists holds labels, and no brackets."""
    dataset = read(table(tmp_path, [cell, "['rude']", "[]"]), roles=SEVERAL, **WHOLE)
    assert values(dataset, "labels") == [("toxic", "rude"), ("rude",), ()]


@pytest.mark.parametrize("kind", [pa.list_(pa.string()), pa.large_list(pa.large_string())])
def test_lists_of_parquet(tmp_path: Path, kind: Any) -> None:
    """Arrow's lists are lists."""
    array = pa.array([["a", "b"], [], ["b"]], kind)
    pq.write_table(pa.table({"text": [prose(n) for n in range(3)], "tags": array}), tmp_path / "t.parquet")
    dataset = read(tmp_path / "t.parquet", roles=SEVERAL, **WHOLE)
    assert values(dataset, "labels") == [("a", "b"), (), ("b",)]


def test_class_names_in_lists(tmp_path: Path) -> None:
    """Numbers of classes in lists go by the names that `datasets` keeps in the file, in their order."""
    feature = {"feature": {"names": ["joy", "anger", "awe"], "_type": "ClassLabel"}, "_type": "List"}
    metadata = {b"huggingface": json.dumps({"info": {"features": {"labels": feature}}}).encode()}
    columns = {"text": [prose(n) for n in range(3)], "labels": [[1, 0], [], [1]]}
    pq.write_table(pa.table(columns).replace_schema_metadata(metadata), tmp_path / "t.parquet")
    dataset = read(tmp_path / "t.parquet", roles=SEVERAL, **WHOLE)
    assert values(dataset, "labels") == [("anger", "joy"), (), ("anger",)]
    assert [(count.label, count.rows) for count in dataset.label_counts] == [
        ("joy", 1),
        ("anger", 2),
        ("awe", 0),
    ]


def test_the_one_column_of_sets_is_found_by_its_values(tmp_path: Path) -> None:
    """Lists of few words, none of them twice in a row, are labels; lists of words of a text are not."""
    rows = [
        {"text": prose(n), "emotions": ["joy", "anger"][: n % 3], "tokens": ["it", "is", "it", str(n)]}
        for n in range(12)
    ]
    dataset = read(write_json_lines(tmp_path / "t.jsonl", rows), roles=SEVERAL)
    assert [(found.role, found.column, found.how) for found in dataset.roles.found] == [
        ("text", "text", "name"),
        ("labels", "emotions", "values"),
    ]


def test_what_is_no_set_of_labels_is_said_by_line(tmp_path: Path) -> None:
    """A number with a fraction, or an object, in a column of labels is a fault of its row."""
    path = lines(tmp_path, [["a"], ["b"], [0.5], {"a": 1}, ["a"]])
    dataset = read(path, roles=SEVERAL, **WHOLE)
    with pytest.raises(DataError, match="mixes types: 4 list · 1 object") as caught:
        dataset.require(SEVERAL)
    assert caught.value.place is not None
    assert caught.value.place.line == 3
    skipped = read(path, roles=SEVERAL, skip_bad_rows=True, **WHOLE)
    assert values(skipped, "labels") == [("a",), ("b",), ("a",)]


def test_null_is_not_the_same_as_no_label(tmp_path: Path) -> None:
    """An empty list says that there is none; null says nothing."""
    dataset = read(lines(tmp_path, [["a"], [], None]), roles=SEVERAL, **WHOLE)
    with pytest.raises(DataError, match="1 row has no labels: line 3"):
        dataset.require(SEVERAL)


def test_rows_of_no_label_alone_teach_nothing(tmp_path: Path) -> None:
    """There must be one label somewhere in train; one is enough, for some rows lack it."""
    with pytest.raises(DataError, match="train has no label on any row"):
        read(lines(tmp_path, [[], []]), roles=SEVERAL, **WHOLE).require(SEVERAL, training=True)
    read(lines(tmp_path, [[], ["a"]]), roles=SEVERAL, **WHOLE).require(SEVERAL, training=True)


def test_splits_are_by_rows(tmp_path: Path) -> None:
    """Sets of labels are not stratified by, and it is said; the split is seeded all the same."""
    path = lines(tmp_path, [["a", "b"][: number % 3] for number in range(60)])
    dataset = read(path, roles=SEVERAL)
    assert dataset.how == "by rows, seed 42"
    assert [len(rows) for rows in dataset.splits.values()] == [48, 6, 6]
    assert list(read(path, roles=SEVERAL).test) == list(dataset.test)


# ---- numbers


def test_numbers_of_any_file(tmp_path: Path) -> None:
    """Numbers and texts that are numbers are floats."""
    assert values(
        read(table(tmp_path, ["1", " 2.5", "-3e2"], column="score"), roles=NUMBER, **WHOLE), "score"
    ) == [
        1.0,
        2.5,
        -300.0,
    ]
    dataset = read(lines(tmp_path, [1, 2.5, "4"], column="rating"), roles=NUMBER, **WHOLE)
    assert values(dataset, "score") == [1.0, 2.5, 4.0]
    assert {type(value) for value in values(dataset, "score")} == {float}
    assert dataset.labels == ()
    assert dataset.how == "all for training"
    dataset.require(NUMBER, training=True)


@pytest.mark.parametrize("cell", ["n/a", "nan", "1,5", "inf", "three"])
def test_what_is_no_number_is_said_by_line(tmp_path: Path, cell: str) -> None:
    """A cell that is no finite number is a fault of its row, and nothing is guessed."""
    path = table(tmp_path, ["1.5", "2", cell, "4"], column="score")
    dataset = read(path, roles=NUMBER, **WHOLE)
    message = f"the score column 'score' has 1 row without a number, '{cell}' the first"
    with pytest.raises(DataError, match=message) as caught:
        dataset.require(NUMBER)
    assert str(caught.value.place) == f"{path}:4"
    assert findings(dataset)["bad-score"] == f"{path}: {message}"
    assert values(read(path, roles=NUMBER, skip_bad_rows=True, **WHOLE), "score") == [1.5, 2.0, 4.0]


def test_missing_numbers_are_said(tmp_path: Path) -> None:
    """Blank cells, nulls and pandas' NaN are missing."""
    with pytest.raises(DataError, match="1 row has no score: line 3"):
        read(table(tmp_path, ["1", ""], column="score"), roles=NUMBER, **WHOLE).require(NUMBER)
    columns = {"text": [prose(0), prose(1)], "score": [1.0, float("nan")]}
    pq.write_table(pa.table(columns), tmp_path / "t.parquet")
    with pytest.raises(DataError, match="1 row has no score"):
        read(tmp_path / "t.parquet", roles=NUMBER, **WHOLE).require(NUMBER)


def test_one_number_teaches_nothing(tmp_path: Path) -> None:
    """There must be two numbers at least."""
    with pytest.raises(DataError, match=r"one number only, 3\.0: there is nothing to learn"):
        read(table(tmp_path, ["3", "3"], column="score"), roles=NUMBER, **WHOLE).require(
            NUMBER, training=True
        )


def test_a_test_set_without_the_number(tmp_path: Path) -> None:
    """A test set that lacks the column is one whose rows have no number."""
    write_csv(tmp_path / "train.csv", [(prose(n), str(n)) for n in range(9)], header=("text", "score"))
    write_csv(tmp_path / "test.csv", [("a",), ("b",)], header=("text",))
    dataset = read(tmp_path, roles=NUMBER)
    assert [row["score"] for row in dataset.test] == [None, None]
    dataset.require(NUMBER, splits=("train", "validation"), training=True)
    with pytest.raises(DataError, match="no row has score"):
        dataset.require(NUMBER, splits=("test",))


# ---- columns that several tasks want


@pytest.mark.parametrize(
    ("column", "cells", "expected"),
    [
        ("label", ["good", "bad"], [True, False, False]),
        ("label", ["0", "1"], [True, False, False]),
        ("label", ["0.5", "1.5"], [False, False, True]),
        ("labels", ["good", "bad"], [True, False, False]),
        ("labels", ["rude", "rude,odd", "odd", ""], [False, True, False]),
        ("labels", ["Arts, Crafts", "Law, Tax"], [True, False, False]),
        ("queue", ["mail", "phone"], [True, False, False]),
        ("stars", ["1", "2", "3"], [True, False, False]),
        ("score", ["0.1", "0.7"], [False, False, True]),
    ],
)
def test_a_column_is_for_the_task_that_it_most_naturally_is_for(
    tmp_path: Path, column: str, cells: list[str], expected: list[bool]
) -> None:
    """Installing a task for numbers or sets makes no data for labels ambiguous; their order is all one."""
    path = table(tmp_path, cells, column=column, rows=24)
    dataset = read(path, tasks=TASKS)
    assert fits(dataset) == expected
    assert fits(read(path, tasks=TASKS[::-1])) == expected
    wanted = TASKS[expected.index(True)]
    assert [found.column for found in dataset.roles.found] == ["text", column]
    assert dataset.roles == read(path, roles=wanted).roles
    assert dataset.fingerprint == read(path, roles=wanted).fingerprint


def test_a_column_is_for_whoever_wants_it_when_nobody_else_does(tmp_path: Path) -> None:
    """Whole numbers are for a task that learns numbers, when there is none that learns labels."""
    dataset = read(table(tmp_path, ["1", "2", "3"], column="stars", rows=24), roles=NUMBER)
    assert dataset.is_for([NUMBER]) == [True]
    assert fits(dataset) == [True, False, False], "as soon as there is one"


URGENCY = (Role.text(), Role.number("urgency", "priority", name="urgency"))


def test_the_name_of_a_role_goes_before_a_guess_by_values(tmp_path: Path) -> None:
    """A column called as what one task learns is no label to another, however whole its numbers are."""
    tasks = (ROLES, URGENCY)
    path = table(tmp_path, [str(number) for number in range(11)], column="urgency", rows=44)
    for order in (tasks, tasks[::-1]):
        dataset = read(path, tasks=order)
        assert dataset.is_for(tasks) == [False, True]
        assert dataset.roles.by_role == {"text": "text", "urgency": "urgency"}
        assert dataset.labels == ()
    said = read(path, tasks=tasks, map={"label": "urgency"})
    assert said.is_for(tasks) == [True, False], "what the user says goes before that"


def test_who_else_could_learn_a_column_is_known(tmp_path: Path) -> None:
    """Whole numbers under a lesser name are labels; the task that knows the name could learn them, too."""
    path = table(tmp_path, ["1", "2", "3"], column="priority", rows=24)
    dataset = read(path, tasks=(ROLES, URGENCY))
    assert dataset.is_for((ROLES, URGENCY)) == [True, False]
    assert dataset.known_to((URGENCY, NUMBER), ROLES) == [True, False]
    assert dataset.known_to((ROLES,), URGENCY) == [False], "a guess by values is not worth a word"


PAIR = (Role.text("question", name="question"), Role.text("reply", name="reply"), Role.number())


def test_what_is_missing_has_the_name_of_the_nearest_task(tmp_path: Path) -> None:
    """Where a question and a reply were found, no text and no label is asked for, but their score."""
    rows = [(prose(n), f"{prose(n)} again", f"{n % 3}.5") for n in range(24)]
    path = write_csv(tmp_path / "t.csv", rows, header=("question", "reply", "fitness"))
    dataset = read(path, tasks=(ROLES, PAIR))
    assert dataset.is_for((ROLES, PAIR)) == [False, False]
    assert dataset.missing_roles() == ("score",)
    assert "--map score=fitness" in findings(dataset)["no-score"]
    assert read(path, tasks=(ROLES, PAIR), map={"score": "fitness"}).missing_roles() == ()


def test_any_task_may_learn_what_fits_it_when_asked(tmp_path: Path) -> None:
    """One column is a label, a set of one, and a number, each time with the same rows in the same splits."""
    dataset = read(table(tmp_path, ["1", "2", "3"], column="label", rows=60), tasks=TASKS)
    assert dataset.how == "stratified, seed 42"
    number = dataset.for_task(NUMBER)
    number.require(NUMBER, training=True)
    assert [row["score"] for row in number.test] == [float(row["label"]) for row in dataset.test]
    assert (number.labels, dataset.labels) == ((), ("1", "2", "3"))
    renamed = (Role.text(), Role.labels("label"))
    several = dataset.for_task(renamed)
    several.require(renamed, training=True)
    assert [row["labels"] for row in several.train] == [(row["label"],) for row in dataset.train]
    assert several.labels == ("1", "2", "3")
    assert len({dataset.fingerprint, number.fingerprint, several.fingerprint}) == 3
    assert dataset.for_task(ROLES) is dataset


def test_two_tasks_with_columns_of_their_own(tmp_path: Path) -> None:
    """Data with a label and a score is for both; both are shown, and each task sees its own."""
    rows = [(prose(n), "good" if n % 2 else "bad", f"{n / 7:.2f}") for n in range(24)]
    path = write_csv(tmp_path / "t.csv", rows, header=("text", "label", "score"))
    dataset = read(path, tasks=TASKS)
    assert fits(dataset) == [True, False, True]
    assert dataset.roles.by_role == {"text": "text", "label": "label", "score": "score"}
    assert set(dataset.train[0]) == {"text", "label", "score"}
    assert set(dataset.for_task(NUMBER).train[0]) == {"text", "score"}


def test_the_user_says_for_which_task_a_column_is(tmp_path: Path) -> None:
    """`--map score=stars` goes before what a column looks like."""
    path = table(tmp_path, ["1", "2", "3"], column="stars", rows=24)
    assert fits(read(path, tasks=TASKS, map={"score": "stars"})) == [False, False, True]
    assert fits(read(path, tasks=TASKS, map={"labels": "stars"})) == [False, True, False]
    with pytest.raises(UsageError, match="no role scores"):
        read(path, tasks=TASKS, map={"scores": "stars"})


def test_a_task_that_cannot_choose_does_not_stop_others(tmp_path: Path) -> None:
    """Where one task finds two columns for one role, the data loads for the others, and it says so itself."""
    rows = [(prose(n), "a" if n % 2 else "b", "1.5", "2.5") for n in range(24)]
    path = write_csv(tmp_path / "t.csv", rows, header=("text", "label", "rating", "grade"))
    dataset = read(path, tasks=TASKS)
    assert fits(dataset) == [True, False, False]
    with pytest.raises(DataError, match="'rating' and 'grade' could both be the score"):
        dataset.require(NUMBER)


def test_bad_rows_of_a_task_that_fits_less_are_its_own(tmp_path: Path) -> None:
    """A label that is no number is a fault for the task that wants a number, and for no other."""
    path = table(tmp_path, ["1", "2", "two"], column="label", rows=24)
    dataset = read(path, tasks=TASKS, **WHOLE)
    assert "bad-score" not in findings(dataset)
    dataset.require(ROLES, training=True)
    with pytest.raises(DataError, match="has 8 rows without a number, 'two' the first"):
        dataset.require(NUMBER)


def test_roles_of_one_name_and_two_kinds(tmp_path: Path) -> None:
    """Two strangers' tasks may call two things by one name; each task sees what it asked for."""
    strange = (Role.text(), Role.label(multiple=True))
    dataset = read(table(tmp_path, ["x,y", "x", "y,x", "y"], column="label", rows=24), tasks=[ROLES, strange])
    assert dataset.is_for([ROLES, strange]) == [False, True]
    assert dataset.for_task(strange).train[0]["label"] in {("x", "y"), ("x",), ("y", "x"), ("y",)}
    assert isinstance(dataset.for_task(ROLES).train[0]["label"], str)


def test_a_recipe_knows_all_tasks(tmp_path: Path) -> None:
    """After a restart the same columns are for the same tasks."""
    dataset = read(table(tmp_path, ["rude,odd", "odd", "rude"], rows=24), tasks=TASKS)
    again = load_recipe(json.loads(json.dumps(dict(dataset.recipe))))
    assert again.fingerprint == dataset.fingerprint
    assert fits(again) == fits(dataset)
    assert list(again.train) == list(dataset.train)
