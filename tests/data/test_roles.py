"""Roles: by the user's word, by name, by values, and never between two."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from hfshell.api.roles import LABEL_SYNONYMS, TEXT_SYNONYMS, Role
from hfshell.errors import DataError, UsageError
from tests.data.reading import ROLES, findings, read, write_csv, write_json_lines

PROSE = "the {} time that somebody wrote about it"


def table(folder: Path, columns: Sequence[str], values: Sequence[str], rows: int = 24) -> Path:
    """Write a table; a value is a template of the row's number, or words separated by bars, in turn."""
    cells = [
        [value.split("|")[n % len(value.split("|"))].replace("{}", str(n)) for value in values]
        for n in range(rows)
    ]
    return write_csv(folder / "table.csv", cells, header=columns)


def roles(path: Path, **options: object) -> list[tuple[str, str, str]]:
    """Return the roles found in a file."""
    return [(found.role, found.column, found.how) for found in read(path, **options).roles.found]


@pytest.mark.parametrize("text", TEXT_SYNONYMS)
@pytest.mark.parametrize("label", LABEL_SYNONYMS)
def test_usual_names(tmp_path: Path, text: str, label: str) -> None:
    """Each usual name of a text beside each usual name of a label is found by name."""
    path = table(tmp_path, ["id", label, text], ["{}", "x|y", PROSE])
    assert roles(path) == [("text", text, "name"), ("label", label, "name")]


@pytest.mark.parametrize(
    ("text", "label"), [("  Text ", "LABEL"), ("TEXT", "Coarse-Label"), ("Te_xt", "coarse label")]
)
def test_names_without_case_spaces_and_punctuation(tmp_path: Path, text: str, label: str) -> None:
    """Names are compared as people mean them, and kept as they are."""
    assert roles(table(tmp_path, [text, label], [PROSE, "x|y"])) == [
        ("text", text, "name"),
        ("label", label, "name"),
    ]


def test_the_best_of_several_texts(tmp_path: Path) -> None:
    """A news item's description goes before its title."""
    path = table(tmp_path, ["title", "description", "label"], ["a title {}", PROSE, "x|y"])
    assert roles(path)[0] == ("text", "description", "name")


@pytest.mark.parametrize(
    "columns", [["text", "queue", "topic"], ["text", "category", "intent"], ["text", "Label", "label "]]
)
def test_two_labels_are_not_chosen_between(tmp_path: Path, columns: list[str]) -> None:
    """Two columns named like labels are two different tasks; the user says which."""
    with pytest.raises(DataError) as caught:
        read(table(tmp_path, columns, [PROSE, "x|y", "p|q|r"]))
    assert f"'{columns[1]}' and '{columns[2]}' could both be the label" in caught.value.message
    assert f"--map label={columns[1]}" in (caught.value.hint or "")
    mapped = read(tmp_path / "table.csv", map={"label": columns[2]})
    assert mapped.roles.column("label") == columns[2]


def test_a_column_called_label_goes_before_its_synonyms(tmp_path: Path) -> None:
    """A column that has the role's own name is it, whatever stands beside it."""
    path = table(tmp_path, ["text", "label", "topic", "sentiment"], [PROSE, "x|y", "p|q", "r|s"])
    assert roles(path)[1] == ("label", "label", "name")


def test_by_values(tmp_path: Path) -> None:
    """Prose is the text, and few repeated short values the label, when names say nothing."""
    path = table(tmp_path, ["no", "words", "team", "price"], ["{}", PROSE, "red|blue", "1.5|2.0|3.5"])
    assert roles(path) == [("text", "words", "values"), ("label", "team", "values")]


def test_chinese_prose(tmp_path: Path) -> None:
    """Prose of a script without spaces is prose."""
    path = table(tmp_path, ["no", "评论", "类别"], ["{}", "第{}次住这家酒店，感觉很不错", "好|坏"])
    assert roles(path) == [("text", "评论", "values"), ("label", "类别", "values")]


def test_the_only_column(tmp_path: Path) -> None:
    """One column of texts is the text."""
    assert roles(table(tmp_path, ["lines"], [PROSE])) == [("text", "lines", "only")]


@pytest.mark.parametrize(
    ("columns", "values", "role"),
    [
        (["premise", "hypothesis", "label"], [PROSE * 4, PROSE, "x|y"], "text"),
        (["en", "de", "no"], [PROSE, "zum {}. Mal hat jemand davon geschrieben", "{}"], "text"),
        (["words", "team", "day"], [PROSE, "red|blue", "mon|tue|wed"], "label"),
    ],
)
def test_two_by_values_are_left_open(
    tmp_path: Path, columns: list[str], values: list[str], role: str
) -> None:
    """Of two columns that look alike, none is taken: the data loads, and says so before anybody trains."""
    dataset = read(table(tmp_path, columns, values))
    assert dataset.roles.column(role) is None
    assert f"several columns could be the {role}" in findings(dataset)[f"no-{role}"]
    with pytest.raises(DataError, match=f"several columns could be the {role}") as caught:
        dataset.require(ROLES)
    assert f"--map {role}=" in (caught.value.hint or "")


@pytest.mark.parametrize(
    "values", ["{}", "1.0|2.5|3.5", "a rather long description of one thing|of another thing entirely"]
)
def test_what_is_no_label(tmp_path: Path, values: str) -> None:
    """Numbers of rows, measurements and sentences are no labels by their looks."""
    assert read(table(tmp_path, ["text", "thing"], [PROSE, values])).roles.column("label") is None


def test_a_synonym_with_unfit_values_is_passed_over(tmp_path: Path) -> None:
    """A column called output that holds stories is no label."""
    dataset = read(table(tmp_path, ["input", "output"], [PROSE, PROSE * 3], rows=300))
    assert dataset.roles.by_role == {"text": "input"}


def test_the_user_goes_before_names(tmp_path: Path) -> None:
    """--map overrides what the names say, and the column is free for no other role."""
    path = table(tmp_path, ["text", "body", "label"], [PROSE, "b " + PROSE, "x|y"])
    assert roles(path, map={"text": "body"}) == [("text", "body", "map"), ("label", "label", "name")]


def test_a_map_to_no_column(tmp_path: Path) -> None:
    """A column that is not there is answered with the nearest, and with those there are."""
    with pytest.raises(DataError, match="the columns are message, label") as caught:
        read(table(tmp_path, ["message", "label"], [PROSE, "x|y"]), map={"text": "mesage"})
    assert caught.value.hint == "did you mean --map text=message?"


def test_a_map_of_no_role(tmp_path: Path) -> None:
    """A role that no task wants is wrong usage."""
    with pytest.raises(UsageError, match="no role txt"):
        read(table(tmp_path, ["message", "label"], [PROSE, "x|y"]), map={"txt": "message"})


def test_no_label_names_the_columns(tmp_path: Path) -> None:
    """What is missing is said with what there is, and how to say it."""
    dataset = read(table(tmp_path, ["text", "category_id"], [PROSE, "{}"]))
    with pytest.raises(DataError, match="the columns are text, category_id") as caught:
        dataset.require(ROLES)
    assert caught.value.hint == "`--map label=category_id` says which it is"


@pytest.mark.parametrize(
    ("columns", "values", "role", "hint"),
    [
        (["note", "who"], ["ok {}", "x|y"], Role("text", "text"), "`--map text=note` says which it is"),
        (["image", "who"], ["{}.png", "x|y"], Role("text", "text"), None),
        (["note", "who"], [PROSE, "x|y"], Role("score", "number"), None),
    ],
)
def test_only_a_column_that_would_do_is_offered(
    tmp_path: Path, columns: list[str], values: list[str], role: Role, hint: str | None
) -> None:
    """Names of files are no texts, and texts are no numbers."""
    dataset = read(table(tmp_path, columns, values, rows=300))
    with pytest.raises(DataError, match=f"no column is the {role.name}") as caught:
        dataset.require([role])
    assert caught.value.hint == hint


def test_roles_of_several_tasks_with_one_name(tmp_path: Path) -> None:
    """Two tasks' roles of one name are each found by their own synonyms, whichever task comes first."""
    path = table(tmp_path, ["body_text", "label"], [PROSE, "x|y"])
    utterances, bodies = (Role.text("utterance"), Role.label()), (Role.text("body_text"), Role.label())
    for tasks in ([utterances, bodies], [bodies, utterances]):
        dataset = read(path, tasks=tasks)
        assert dataset.roles.by_role == {"text": "body_text", "label": "label"}
        assert dataset.for_task(bodies).roles.found[0].how == "name"


def test_roles_of_other_kinds(tmp_path: Path) -> None:
    """A role of a kind that nothing is known of is found by name, and its values come as they are."""
    rows = [{"marks": [{"start": 0, "end": 2}], "score": 0.5}, {"marks": [], "score": 1.0}]
    wanted = (Role("marks", "spans", ("marks",)), Role("score", "number", ("score",)))
    dataset = read(write_json_lines(tmp_path / "t.jsonl", rows), roles=wanted)
    assert list(dataset.train) == rows
    assert "no-text" not in findings(dataset)
