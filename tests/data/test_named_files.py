"""Rows that name files: which they are, whether they are there, and which rows are the same."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from hfshell.api import DataError, DataFile, Place, Role
from hfshell.data import DataOptions, DataSet, load_data

ROLES = (Role.file("path", name="image", endings=(".png", ".jpg")), Role.label())
PROSE = (Role.text(), Role.label())
EVERYTHING = DataOptions(validation=0, test=0)


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., DataSet]:
    """Read a source in the folder of the test, for pictures and for texts."""

    def load(source: str = ".", options: DataOptions = EVERYTHING, folder: Path = tmp_path) -> DataSet:
        return load_data([source], options, [PROSE, ROLES], folder=folder)

    return load


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A table in a folder, with two files beside it."""
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "a.png").write_bytes(b"one")
    (folder / "b.JPG").write_bytes(b"two")
    (folder / "list.csv").write_text("path,label\na.png,cat\nb.JPG,dog\n")
    return folder


def test_paths_start_at_the_file_that_names_them(
    pictures: Path, load: Callable[..., DataSet], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder with its table can be moved, and read from anywhere."""
    found = load("photos/list.csv").for_task(ROLES)
    monkeypatch.chdir(pictures)
    again = load("list.csv", folder=pictures).for_task(ROLES)
    for seen in (found, again):
        assert [row["image"] for row in seen.train] == [str(pictures / "a.png"), str(pictures / "b.JPG")]
    assert found.row_keys("train") == again.row_keys("train")
    assert again.train.shown(0)["image"] == "a.png"


def test_a_row_says_where_it_stands(pictures: Path, load: Callable[..., DataSet]) -> None:
    """Whoever finds a file broken names the row; it survives the way to another process."""
    row = load("photos/list.csv").for_task(ROLES).train[1]
    for file in (row["image"], pickle.loads(pickle.dumps(row["image"]))):
        assert isinstance(file, DataFile)
        assert file.place == Place("photos/list.csv", 3)
        assert file.digest == "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3"


@pytest.mark.parametrize("name", ["missing.png", "folder.png", "pipe.png"])
def test_what_cannot_be_read_is_a_fault_of_its_row(
    pictures: Path, load: Callable[..., DataSet], name: str
) -> None:
    """Said when the data is read, with the line; such rows can be left out. A pipe is not waited for."""
    (pictures / "folder.png").mkdir()
    os.mkfifo(pictures / "pipe.png")
    with (pictures / "list.csv").open("a") as file:
        file.write(f"{name},cat\n")
    found = load("photos/list.csv")
    assert "bad-image" in [finding.name for finding in found.findings]
    with pytest.raises(DataError, match="is no image") as error:
        found.require(ROLES)
    assert error.value.place == Place("photos/list.csv", 4)
    less = load("photos/list.csv", DataOptions(validation=0, test=0, skip_bad_rows=True))
    less.require(ROLES)
    assert len(less.train) == 2


def test_a_row_without_a_file_has_no_empty_text(pictures: Path, load: Callable[..., DataSet]) -> None:
    """It is said once, and as what it is."""
    with (pictures / "list.csv").open("a") as file:
        file.write(",cat\n")
    said = {finding.name: finding.message for finding in load("photos/list.csv").for_task(ROLES).findings}
    assert said["bad-image"] == "photos/list.csv: 1 row has no image: line 4"
    assert "empty-text" not in said


def test_a_name_that_no_file_can_have_is_a_fault_too(tmp_path: Path, load: Callable[..., DataSet]) -> None:
    """JSON can write a NUL, and Python raises a ValueError at it."""
    rows = ['{"path": "a\\u0000.png", "label": "cat"}', '{"path": "b.png", "label": "dog"}']
    (tmp_path / "a.jsonl").write_text("\n".join(rows) + "\n")
    with pytest.raises(DataError, match="2 rows of 'path' are no image, lines 1, 2"):
        load("a.jsonl").require(ROLES)


def test_an_ending_says_whether_a_column_names_files(tmp_path: Path, load: Callable[..., DataSet]) -> None:
    """A column called as files are may hold texts."""
    lines = [f"the long way home through town {number},{number % 2}" for number in range(8)]
    (tmp_path / "a.csv").write_text("\n".join(["path,label", *lines]) + "\n")
    assert load("a.csv").is_for([PROSE, ROLES]) == [True, False]


def test_names_of_several_words_are_no_texts(tmp_path: Path, load: Callable[..., DataSet]) -> None:
    """A camera's owner writes `my dog in May.png`; a model of texts would learn from the name."""
    lines = [f"the dog in May {number}.png,{number % 2}" for number in range(8)]
    (tmp_path / "a.csv").write_text("\n".join(["photo,label", *lines]) + "\n")
    assert load("a.csv").is_for([PROSE, ROLES]) == [False, True]


def test_folders_named_after_labels(tmp_path: Path, load: Callable[..., DataSet]) -> None:
    """A row a file, in any case of its ending; what lies beside them is none of the data."""
    for label, names in {"cat": ("1.png", "2.PNG", "notes.md", ".hidden.png"), "dog": ("1.jpg",)}.items():
        (tmp_path / label).mkdir()
        for name in names:
            (tmp_path / label / name).write_bytes(f"{label}{name}".encode())
    found = load(".").for_task(ROLES)
    assert found.columns == ("image", "label")
    assert [(Path(row["image"]).name, row["label"]) for row in found.train] == [
        ("1.png", "cat"),
        ("2.PNG", "cat"),
        ("1.jpg", "dog"),
    ]
    assert found.train[0]["image"].place == Place("./cat/1.png", None)
    before = found.fingerprint
    (tmp_path / "dog" / "1.jpg").write_bytes(b"another")
    assert load(".").for_task(ROLES).fingerprint != before


def test_what_a_table_names_is_part_of_the_fingerprint(pictures: Path, load: Callable[..., DataSet]) -> None:
    """A picture that was drawn anew is other data, though its table is the same, byte for byte."""
    before = load("photos/list.csv").for_task(ROLES).fingerprint
    assert load("photos/list.csv").for_task(ROLES).fingerprint == before
    (pictures / "b.JPG").write_bytes(b"another")
    other = load("photos/list.csv").for_task(ROLES).fingerprint
    (pictures / "b.JPG").unlink()
    assert len({before, other, load("photos/list.csv").for_task(ROLES).fingerprint}) == 3


def test_split_folders_hold_folders_named_after_labels(tmp_path: Path, load: Callable[..., DataSet]) -> None:
    """As most sets of pictures lie on a disk."""
    for split in ("train", "test"):
        for label in ("cat", "dog"):
            (tmp_path / split / label).mkdir(parents=True)
            (tmp_path / split / label / "1.png").write_bytes(f"{split}{label}".encode())
    found = load(".").for_task(ROLES)
    assert (len(found.train), len(found.test)) == (2, 2)
    assert found.labels == ("cat", "dog")


def test_files_of_several_roles_are_not_mixed(tmp_path: Path) -> None:
    """Nobody knows whether to look or to listen."""
    sounds = (Role.file(name="audio", endings=(".wav",)), Role.label())
    for label, name in {"cat": "1.png", "dog": "1.wav"}.items():
        (tmp_path / label).mkdir()
        (tmp_path / label / name).write_bytes(b"x")
    with pytest.raises(DataError, match=r"several kinds: .*1\.png \(image\), .*1\.wav \(audio\)"):
        load_data([str(tmp_path)], EVERYTHING, [ROLES, sounds])


def test_copies_of_a_file_are_the_same_row(pictures: Path, load: Callable[..., DataSet]) -> None:
    """Two names of one picture must not stand on both sides of a split."""
    (pictures / "copy.png").write_bytes(b"one")
    (pictures / "train.csv").write_text("path,label\na.png,cat\nb.JPG,dog\n")
    (pictures / "test.csv").write_text("path,label\ncopy.png,cat\n")
    (pictures / "list.csv").unlink()
    found = load("photos").for_task(ROLES)
    assert [row["image"] for row in found.train] == [str(pictures / "b.JPG")]
    said = [item.message for item in found.findings if item.name == "duplicates-across"]
    assert said == ["1 file stood in both train and test: removed from train"]
