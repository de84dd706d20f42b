"""JSON Lines and JSON documents: lines, types, and what is no row."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hfshell.errors import DataError
from tests.data.reading import all_rows, findings, read


def put(folder: Path, text: str, name: str = "table.jsonl") -> Path:
    """Write a file as it is."""
    path = folder / name
    path.write_bytes(text.encode())
    return path


def refused(path: Path) -> DataError:
    """Read a file that cannot be read, and return why."""
    with pytest.raises(DataError) as caught:
        read(path)
    return caught.value


@pytest.mark.parametrize("key", ["data", "rows", "examples", "my_rows"])
def test_rows_under_a_key(tmp_path: Path, key: str) -> None:
    """An object may wrap the array of rows, with whatever else beside it."""
    document = {
        "version": 2,
        "notes": ["a", "b"],
        key: [{"text": "x", "label": "a"}, {"text": "y", "label": "b"}],
    }
    path = put(tmp_path, json.dumps(document, indent=2), "t.json")
    dataset = read(path)
    assert [row["text"] for row in all_rows(dataset)] == ["x", "y"]
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[(dataset.row_place("train", 1).line or 0)].strip() == '"text": "y",'


def test_two_lists_of_rows_are_not_chosen_between(tmp_path: Path) -> None:
    """Of two lists of rows, neither is the data by a guess."""
    error = refused(put(tmp_path, '{"a": [{"text": "x"}], "b": [{"text": "y"}]}', "t.json"))
    assert "a, b" in error.message


def test_json_lines_by_the_name_of_json(tmp_path: Path) -> None:
    """JSON Lines in a .json file, as many programs write them, are read and said."""
    dataset = read(put(tmp_path, '{"text": "x", "label": "a"}\n{"text": "y", "label": "b"}\n', "t.json"))
    assert len(all_rows(dataset)) == 2
    assert "json-lines" in findings(dataset)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[{"text": "x"},', "cut short"),
        ('[{"text": "x"}', "cut short"),
        ('[{"text": "x"}] more', "something follows"),
        ('[{"text": "x", "text": "y"}]', "stands twice"),
        ('[{"text": x}]', "not JSON"),
        ('"text"', "a text, not an array"),
        ("[1, 2]", "a whole number, not an object"),
        ('{"text": "x"}', "no key of this object holds rows"),
        ("[]", "no rows"),
        ("", "no rows"),
        ("[" * 5000, "nested too deeply"),
        ('[{"n": ' + "9" * 5000 + "}]", "more digits"),
    ],
)
def test_documents_that_are_no_data(tmp_path: Path, text: str, message: str) -> None:
    """Each way to be no array of rows is said as what it is."""
    assert message in refused(put(tmp_path, text, "t.json")).message


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"text": "x", "text": "y"}\n', "the key 'text' stands twice"),
        ('{"text": "x",}\n', "not JSON"),
        ('{"text": "x" "label": "y"}\n', "not JSON"),
        ('{"text": "a\tb"}\n', "not JSON"),
        ('{"n": ' + "9" * 5000 + "}\n", "more digits"),
        ('{"text": "x", "label": "a"', "cut short"),
        ('{"a": ' * 300 + "1" + "}" * 300 + "\n", "nested more than 200 levels deep"),
        ('{"a": ' * 50_000 + "1" + "}" * 50_000 + "\n", "nested too deeply"),
        ("[1]\n", "a list, not an object"),
    ],
)
def test_lines_that_are_no_row(tmp_path: Path, line: str, message: str) -> None:
    """Each way to be no row is said, at its line."""
    error = refused(put(tmp_path, '{"text": "fine", "label": "a"}\n' + line))
    assert message in error.message
    assert error.place is not None
    assert error.place.line == 2


def test_a_row_without_a_key_has_nothing_there(tmp_path: Path) -> None:
    """Keys may come and go from row to row; columns stand in the order of their first row."""
    dataset = read(put(tmp_path, '{"text": "x"}\n{"label": "a", "text": "y"}\n{"text": "z", "more": 1}\n'))
    assert dataset.columns == ("text", "label", "more")
    assert [row["label"] for row in all_rows(dataset)] == [None, "a", None]


def test_whole_numbers_as_labels_are_their_digits(tmp_path: Path) -> None:
    """0 is the label "0", and never "0.0"."""
    path = put(tmp_path, "".join(json.dumps({"text": f"t {n}", "label": n % 3}) + "\n" for n in range(30)))
    dataset = read(path)
    assert dataset.labels == ("0", "1", "2")
    assert {row["label"] for row in dataset.train} == {"0", "1", "2"}


def test_types_that_change_late_stay_what_they_are(tmp_path: Path) -> None:
    """A column of whole numbers with one text after 20,000 rows is mixed from its first row on."""
    lines = [json.dumps({"text": f"t {n}", "label": n % 2}) + "\n" for n in range(20_000)]
    dataset = read(put(tmp_path, "".join(lines) + '{"text": "last", "label": "1"}\n'))
    assert "1 text" in findings(dataset)["bad-label"]
    assert {type(row["label"]) for row in dataset.train[:10]} == {int}


def test_half_a_surrogate_pair_is_kept_as_its_escape(tmp_path: Path) -> None:
    """A text cut inside an emoji is readable everywhere, nested ones too; a whole pair is a character."""
    cut = '{"text": "cut \\ud83d", "more": ["\\udc00", {"k\\udfff": 1}], "label": "a"}\n'
    whole = '{"text": "\\ud83d\\ude00"}\n'
    dataset = read(put(tmp_path, cut + whole), roles=(), validation=0.0, test=0.0)
    first = dataset.train.shown(0)
    assert first == {"text": "cut \\ud83d", "more": ["\\udc00", {"k\\udfff": 1}], "label": "a"}
    assert dataset.train.shown(1)["text"] == "😀"
    assert "1 row of" in findings(dataset)["surrogates"]
    json.dumps(first, ensure_ascii=False).encode()


def test_a_backslash_before_u_is_no_surrogate(tmp_path: Path) -> None:
    """The six characters themselves are a text like any other."""
    dataset = read(put(tmp_path, '{"text": "\\\\ud83d", "label": "a"}\n'))
    assert all_rows(dataset)[0]["text"] == "\\ud83d"
    assert "surrogates" not in findings(dataset)
