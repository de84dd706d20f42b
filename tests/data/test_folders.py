"""Folders: which files are which split."""

from __future__ import annotations

from pathlib import Path

import datasets
import pytest

from hfshell.errors import DataError
from tests.data.reading import findings, messages, read, write_csv, write_json_lines


def rows(count: int, word: str) -> list[tuple[str, str]]:
    """Return rows that no other split has."""
    return [(f"{word} {text}", label) for text, label in messages(count)]


@pytest.mark.parametrize("validation", ["validation", "valid", "val", "dev", "Dev", "development"])
def test_split_files_by_their_usual_names(tmp_path: Path, validation: str) -> None:
    """Files named after splits are the splits, whatever the field calls them."""
    write_csv(tmp_path / "train.csv", rows(8, "a"))
    write_csv(tmp_path / f"{validation}.csv", rows(4, "b"))
    write_json_lines(tmp_path / "test.jsonl", [{"text": "c", "label": "billing"}])
    dataset = read(tmp_path)
    assert (len(dataset.train), len(dataset.validation), len(dataset.test)) == (8, 4, 1)
    assert dataset.how == "as given"


def test_a_file_named_exactly_goes_before_its_variants(tmp_path: Path) -> None:
    """train.csv beside train_v2.csv is train; what was not read is said."""
    for name in ("train.csv", "train_v2.csv", "dev.csv", "labels.txt"):
        write_csv(tmp_path / name, rows(4, name))
    (tmp_path / "README.md").write_text("about", encoding="utf-8")
    dataset = read(tmp_path)
    assert dataset.row_place("train", 0).file == f"{tmp_path}/train.csv"
    assert findings(dataset)["not-read"] == f"not read in {tmp_path}: labels.txt, train_v2.csv"


def test_shards_are_one_split(tmp_path: Path) -> None:
    """train-00000-of-00002 and its sister are train, in a folder `data` as the Hub has it."""
    (tmp_path / "data").mkdir()
    for shard in range(2):
        write_csv(tmp_path / "data" / f"train-0000{shard}-of-00002.csv", rows(4, f"shard {shard}"))
    write_csv(tmp_path / "data" / "test-00000-of-00001.csv", rows(4, "test"))
    dataset = read(tmp_path, validation=0.0)
    assert (len(dataset.train), len(dataset.test)) == (8, 4)


def test_the_only_data_file(tmp_path: Path) -> None:
    """One data file in a folder is the data, to be split."""
    write_csv(tmp_path / "tickets.csv", messages(20))
    (tmp_path / "notes.txt").write_text("not data", encoding="utf-8")
    dataset = read(tmp_path)
    assert (len(dataset.train), len(dataset.validation), len(dataset.test)) == (16, 2, 2)
    assert "notes.txt" in findings(dataset)["not-read"]


def test_what_datasets_saves(tmp_path: Path) -> None:
    """`save_to_disk` writes Arrow streams and class names; both are read."""
    features = datasets.Features(
        {"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["no", "yes"])}
    )
    split = {
        name: {"text": [f"{name} {n}" for n in range(6)], "label": [n % 2 for n in range(6)]}
        for name in ("train", "test")
    }
    datasets.disable_progress_bars()
    saved = datasets.DatasetDict(
        {name: datasets.Dataset.from_dict(part, features=features) for name, part in split.items()}
    )
    saved.save_to_disk(str(tmp_path / "saved"))
    dataset = read(tmp_path / "saved", validation=0.0)
    assert dataset.test[1] == {"text": "test 1", "label": "yes"}
    assert dataset.labels == ("no", "yes")


def refused(folder: Path) -> DataError:
    """Read a folder that cannot be read, and return why."""
    with pytest.raises(DataError) as caught:
        read(folder)
    return caught.value


def test_several_files_are_not_chosen_between(tmp_path: Path) -> None:
    """Of two data files, none is the data by a guess."""
    write_csv(tmp_path / "a.csv", messages(2))
    write_csv(tmp_path / "b.csv", messages(2))
    error = refused(tmp_path)
    assert "a.csv, b.csv" in error.message
    assert f"`data {tmp_path}/a.csv`" in (error.hint or "")


def test_two_files_of_one_split(tmp_path: Path) -> None:
    """train.csv and train.jsonl might be the same rows twice."""
    write_csv(tmp_path / "train.csv", messages(2))
    write_json_lines(tmp_path / "train.jsonl", [{"text": "a"}])
    assert "named train: train.csv, train.jsonl" in refused(tmp_path).message


@pytest.mark.parametrize("content", [[], ["x.conllu"], [".hidden.csv"]])
def test_no_data_in_it(tmp_path: Path, content: list[str]) -> None:
    """A folder without data says what it holds."""
    for name in content:
        (tmp_path / name).touch()
    message = refused(tmp_path).message
    assert message == (
        "this folder holds no data that hfshell reads: x.conllu"
        if "x.conllu" in content
        else "this folder is empty"
    )


def test_a_link_to_itself_is_no_endless_folder(tmp_path: Path) -> None:
    """Links that go round end somewhere."""
    (tmp_path / "data").symlink_to(tmp_path)
    (tmp_path / "train").symlink_to(tmp_path)
    assert "holds no data" in refused(tmp_path).message


def test_shards_with_other_columns(tmp_path: Path) -> None:
    """Shards that do not fit together are refused by the names of their columns."""
    write_csv(tmp_path / "train-0.csv", messages(2))
    write_csv(tmp_path / "train-1.csv", messages(2), header=("body", "label"))
    assert "its columns are body, label" in refused(tmp_path).message
