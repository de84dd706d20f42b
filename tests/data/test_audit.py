"""The audit: each fault of a data set is said, counted and placed, and a good one gets no warning."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data.reading import findings, messages, read, write_csv, write_json_lines

WHOLE = {"validation": 0.0, "test": 0.0}


def audit(folder: Path, rows: list[tuple[str, str]], **options: object) -> dict[str, str]:
    """Return what the audit says about a table, unsplit."""
    return findings(read(write_csv(folder / "t.csv", rows), **{**WHOLE, **options}))


def test_good_data_is_not_warned_about(tmp_path: Path) -> None:
    """Clean data in several labels and splits has nothing to say."""
    assert findings(read(write_csv(tmp_path / "t.csv", messages(200)))) == {}


def test_empty_texts_are_named(tmp_path: Path) -> None:
    """Empty and blank texts are counted, the first ones by line; the word NA is a text."""
    said = audit(tmp_path, [*messages(12), ("", "billing"), (" \t", "refunds"), ("NA", "billing")])
    assert said["empty-text"] == f"2 rows of train have an empty text: {tmp_path}/t.csv lines 14, 15"


def test_missing_labels_are_named_and_refused_where_they_matter(tmp_path: Path) -> None:
    """Rows without a label are said by line."""
    said = audit(tmp_path, [*messages(12), ("a", ""), ("b", "  ")])
    assert said["bad-label"] == f"{tmp_path}/t.csv: 2 rows have no label: lines 14, 15"


def test_skipping_leaves_rows_without_label_out(tmp_path: Path) -> None:
    """Rows without a label can be left out, and are counted."""
    path = write_csv(tmp_path / "t.csv", [*messages(12), ("a", ""), ("b", "  ")])
    dataset = read(path, skip_bad_rows=True, **WHOLE)
    assert len(dataset.train) == 12
    assert findings(dataset)["skipped-rows"] == "skipped 2 rows without a text or label that fits"


def test_contradictory_labels(tmp_path: Path) -> None:
    """One text with two labels is contradictory in any case and spacing, and across splits."""
    rows = [*messages(40), ("same text", "billing"), ("Same  text", "refunds"), ("same text", "billing")]
    dataset = read(write_csv(tmp_path / "t.csv", rows))
    [finding] = [finding for finding in dataset.findings if finding.name == "contradictory-labels"]
    assert (finding.message, finding.rows) == ("1 text has contradictory labels", 3)


def test_contradictions_are_seen_before_rows_are_removed(tmp_path: Path) -> None:
    """A row that is removed from train for standing in test still contradicts it."""
    write_csv(tmp_path / "train.csv", [*messages(12), ("same", "billing")])
    write_csv(tmp_path / "test.csv", [("same", "refunds")])
    said = findings(read(tmp_path, validation=0.0))
    assert "1 text has contradictory labels" in said["contradictory-labels"]


def test_duplicates_inside_a_split(tmp_path: Path) -> None:
    """Repeated texts are counted."""
    assert (
        audit(tmp_path, [*messages(12), *messages(3)])["duplicates"]
        == "3 rows of train repeat an earlier text of it"
    )


def test_labels_that_train_lacks(tmp_path: Path) -> None:
    """A label that only the test set has is named, with its rows; one that it lacks is no matter."""
    write_csv(tmp_path / "train.csv", messages(30, ["a", "b", "c"]))
    write_csv(tmp_path / "test.csv", [("x", "a"), ("y", "mixed"), ("z", "mixed")])
    dataset = read(tmp_path, validation=0.0)
    assert findings(dataset)["unseen-labels"] == "test has labels that train lacks: mixed (2 rows)"
    assert dataset.labels == ("a", "b", "c", "mixed")


def test_imbalance_and_rare_labels(tmp_path: Path) -> None:
    """A label ten times as frequent as another is said, and one of under five rows."""
    said = audit(tmp_path, [*messages(40, ["much"]), *[(f"few {n}", "few") for n in range(4)]])
    assert said["imbalance"] == "imbalance: much has 40 rows of train, few 4 rows"
    assert said["rare-labels"] == "1 label with under 5 rows in train: few"
    said = audit(tmp_path, [*messages(40, ["much"]), *[(f"few {n}", "few") for n in range(5)]])
    assert set(said) == set()


def test_one_label_only(tmp_path: Path) -> None:
    """One label is nothing to learn."""
    assert "one label only, a" in audit(tmp_path, messages(12, ["a"]))["single-class"]


@pytest.mark.parametrize("labels", [["pos", " pos"], ["Pos", "pos"], ["on-hold", "on hold"]])
def test_labels_that_differ_in_dress_alone(tmp_path: Path, labels: list[str]) -> None:
    """Labels that differ in case, spaces or punctuation stay two, and are named."""
    path = write_csv(tmp_path / "t.csv", messages(20, labels))
    dataset = read(path)
    assert set(dataset.labels) == set(labels)
    assert repr(labels[0]) in findings(dataset)["similar-labels"]


def test_numbers_are_no_such_labels(tmp_path: Path) -> None:
    """1 and -1, 7 and 007 are different labels beyond doubt."""
    assert audit(tmp_path, messages(40, ["1", "-1", "7", "007"])) == {}


def test_control_characters(tmp_path: Path) -> None:
    """Escapes that would reach a terminal are noticed; tabs, line ends and U+0085 are text."""
    said = audit(
        tmp_path,
        [*messages(12), ("a\x1b[2Jb", "billing"), ("c\x9bd", "billing"), ("e\t\n\u0085f", "refunds")],
    )
    assert said["control-characters"].startswith("2 rows of train have control characters")


def test_mixed_labels_name_their_types(tmp_path: Path) -> None:
    """A column of several types is said with how many there are of each."""
    rows = [
        {"text": f"t {n}", "label": label}
        for n, label in enumerate([0, 0, "0", True, None, 1.0, [1], {"a": 1}])
    ]
    said = findings(read(write_json_lines(tmp_path / "t.jsonl", rows)))["bad-label"]
    types = "2 whole number · 1 list · 1 null · 1 number with a fraction · 1 object · 1 text · 1 true/false"
    assert f"mixes types: {types}" in said
