"""What the user may give: files, splits, names that are not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hfshell.data import DataOptions, load_data
from hfshell.errors import DataError, UsageError
from tests.data.reading import ROLES, findings, messages, read, write_csv


def refused(source: str | Path) -> DataError:
    """Read what cannot be read, and return why."""
    with pytest.raises(DataError) as caught:
        read(source)
    return caught.value


def test_split_files_are_taken_as_they_are(tmp_path: Path) -> None:
    """train=, test= and validation= (or dev=) name the splits."""
    for number, name in enumerate("abc"):
        write_csv(
            tmp_path / f"{name}.csv", [(f"{name} {text}", label) for text, label in messages(4 + number)]
        )
    dataset = read(f"test={tmp_path}/c.csv", f"train={tmp_path}/a.csv", f"dev={tmp_path}/b.csv")
    assert (len(dataset.train), len(dataset.validation), len(dataset.test)) == (4, 5, 6)
    assert dataset.how == "as given"


def test_validation_is_carved_from_train_when_it_is_missing(tmp_path: Path) -> None:
    """Train and test given, a tenth of train chooses the best epoch, and test stays whole."""
    write_csv(tmp_path / "a.csv", messages(100))
    write_csv(tmp_path / "b.csv", [(f"other {text}", label) for text, label in messages(10)])
    dataset = read(tmp_path / "a.csv", f"test={tmp_path}/b.csv")
    assert (len(dataset.train), len(dataset.validation), len(dataset.test)) == (90, 10, 10)
    assert dataset.how == "as given, validation from train stratified, seed 42"


def test_no_test_is_carved_where_a_validation_split_is_given(tmp_path: Path) -> None:
    """Given splits stay whole, unless a share for test is asked for."""
    write_csv(tmp_path / "train.csv", messages(100))
    write_csv(tmp_path / "dev.csv", [(f"other {text}", label) for text, label in messages(10)])
    assert len(read(tmp_path).test) == 0
    assert len(read(tmp_path, test=0.2).test) == 20


def test_a_split_alone(tmp_path: Path) -> None:
    """A test set alone is not split, and cannot be trained on."""
    write_csv(tmp_path / "a.csv", messages(10))
    dataset = read(f"test={tmp_path}/a.csv")
    assert (len(dataset.train), len(dataset.test)) == (0, 10)
    with pytest.raises(DataError, match="no rows to train on"):
        dataset.require(ROLES, training=True)


def test_several_files_are_one(tmp_path: Path) -> None:
    """Files without a split stand below each other, each row at its place."""
    write_csv(tmp_path / "a.csv", messages(5))
    write_csv(tmp_path / "b.csv", [("last", "billing")])
    dataset = read(tmp_path / "a.csv", tmp_path / "b.csv", validation=0.0, test=0.0)
    assert str(dataset.row_place("train", 5)) == f"{tmp_path}/b.csv:2"


def test_relative_paths_start_where_they_are_told(tmp_path: Path) -> None:
    """A script's paths are relative to the folder it is told, and shown as written."""
    (tmp_path / "here").mkdir()
    write_csv(tmp_path / "here" / "a.csv", messages(4))
    dataset = load_data(["a.csv"], DataOptions(), [ROLES], folder=tmp_path / "here")
    assert dataset.row_place("train", 0).file == "a.csv"
    assert dataset.name == "a"


def test_a_file_whose_name_has_an_equals_sign(tmp_path: Path) -> None:
    """A path that is there is a path, whatever it looks like."""
    (tmp_path / "lr=1").mkdir()
    write_csv(tmp_path / "lr=1" / "a.csv", messages(4))
    assert len(load_data(["lr=1/a.csv"], DataOptions(), [ROLES], folder=tmp_path).train) > 0


def test_a_missing_file_names_its_neighbour(tmp_path: Path) -> None:
    """A slip of the pen is answered with the name that was meant."""
    write_csv(tmp_path / "reviews.csv", messages(2))
    error = refused(tmp_path / "reviws.csv")
    assert error.message == f"there is no file {tmp_path}/reviws.csv"
    assert error.hint == f"did you mean {tmp_path}/reviews.csv?"


def test_names_that_lead_nowhere(tmp_path: Path) -> None:
    """Missing folders, dead and circular links, and names no file can have are all data errors."""
    (tmp_path / "dead.csv").symlink_to("nothing.csv")
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    assert "no folder" in refused(tmp_path / "nowhere" / "a.csv").message
    assert "leads nowhere" in refused(tmp_path / "dead.csv").message
    assert "leads nowhere" in refused(tmp_path / "loop.csv").message
    assert "no file" in refused(tmp_path / ("x" * 5000 + ".csv")).message
    assert "no file" in refused(f"{tmp_path}/a\0b.csv").message


def test_pipes_and_unknown_formats_are_refused(tmp_path: Path) -> None:
    """A pipe might never end; a spreadsheet is no text."""
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "sheet.xlsx").touch()
    (tmp_path / "noending").touch()
    assert "not a plain file" in refused(tmp_path / "pipe.csv").message
    assert "save the sheet as CSV" in (refused(tmp_path / "sheet.xlsx").hint or "")
    assert "no ending" in refused(tmp_path / "noending").message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    """Permissions are said as such."""
    write_csv(tmp_path / "a.csv", messages(2)).chmod(0)
    assert "Permission denied" in refused(tmp_path / "a.csv").message


@pytest.mark.parametrize("words", [[], [""], ["eval_set=x.csv"]])
def test_words_that_are_no_sources(words: list[str]) -> None:
    """Nothing to read, and a split that there is not, are wrong usage."""
    with pytest.raises(UsageError):
        read(*words)


def test_shared_texts_are_removed_from_train(tmp_path: Path) -> None:
    """A row that is tested on is not trained on; case and spaces make no other text of it."""
    write_csv(tmp_path / "train.csv", [*messages(10), ("Shared  TEXT", "billing"), ("", "billing")])
    write_csv(tmp_path / "test.csv", [("shared text", "refunds"), ("new", "billing"), ("", "refunds")])
    dataset = read(tmp_path, validation=0.0)
    assert "Shared  TEXT" not in [row["text"] for row in dataset.train]
    assert len(dataset.train) == 11
    assert findings(dataset)["duplicates-across"] == "1 text stood in both train and test: removed from train"
    kept = read(tmp_path, validation=0.0, dedup=False)
    assert len(kept.train) == 12
    assert findings(kept)["duplicates-across"] == "1 text is in both train and test"


def test_train_that_is_test_is_refused(tmp_path: Path) -> None:
    """The same file given twice leaves nothing to train on, and says what keeps it."""
    path = write_csv(tmp_path / "a.csv", messages(10))
    with pytest.raises(DataError, match="every text of train stands in test too") as caught:
        read(f"train={path}", f"test={path}")
    assert "--no-dedup" in (caught.value.hint or "")


@pytest.mark.parametrize(
    "shares", [{"validation": 1.0}, {"test": -0.1}, {"validation": 0.6, "test": 0.6}, {"limit": 0}]
)
def test_shares_that_leave_nothing(shares: dict[str, float]) -> None:
    """Options that cannot be are refused before anything is read."""
    with pytest.raises(UsageError):
        DataOptions(**shares)
