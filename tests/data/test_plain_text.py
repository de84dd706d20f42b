"""Text files: a row a line, or a file a row."""

from __future__ import annotations

from pathlib import Path

import pytest

from hfshell.errors import DataError
from tests.data.reading import findings, read

WHOLE = {"validation": 0.0, "test": 0.0}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_each_line_is_a_row(tmp_path: Path, end: str) -> None:
    """Lines come without their ends, blank ones too, and a last one without an end."""
    path = tmp_path / "t.txt"
    path.write_bytes(end.join(["one", "", " two ", "three\u2028four"]).encode())
    dataset = read(path, **WHOLE)
    assert [row["text"] for row in dataset.train] == ["one", "", " two ", "three\u2028four"]
    assert dataset.row_place("train", 2).line == 3
    assert dataset.columns == ("text",)


def test_repeated_lines_of_a_book_stay(tmp_path: Path) -> None:
    """Lines with nothing but a text are not removed for standing in another split too."""
    (tmp_path / "train.txt").write_text("GREMIO:\nGood morrow\n", encoding="utf-8")
    (tmp_path / "dev.txt").write_text("GREMIO:\nGod save you\n", encoding="utf-8")
    dataset = read(tmp_path)
    assert [row["text"] for row in dataset.train] == ["GREMIO:", "Good morrow"]
    assert "both train and validation" in findings(dataset)["duplicates-across"]


def test_nothing_in_it(tmp_path: Path) -> None:
    """An empty file has no rows."""
    (tmp_path / "t.txt").touch()
    with pytest.raises(DataError, match="no rows"):
        read(tmp_path / "t.txt")


def test_a_folder_for_each_label(tmp_path: Path) -> None:
    """Files in folders named after labels are rows; a final line end is no part of the text."""
    contents = {
        "pos/1.txt": "good\n",
        "pos/2.txt": "two\nlines\r\n",
        "neg/1.txt": "bad",
        "neg/note.md": "no data",
    }
    for name, content in contents.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content.encode())
    dataset = read(tmp_path, **WHOLE)
    rows = [(row["text"], row["label"]) for row in dataset.train]
    assert rows == [("bad", "neg"), ("good", "pos"), ("two\nlines", "pos")]
    assert dataset.row_place("train", 2).file == f"{tmp_path}/pos/2.txt"


def test_split_folders_of_label_folders(tmp_path: Path) -> None:
    """The layout of the original movie review data, with lists of addresses beside the folders."""
    for split in ("train", "test"):
        for label in ("pos", "neg"):
            folder = tmp_path / split / label
            folder.mkdir(parents=True)
            for number in range(5):
                (folder / f"{number}.txt").write_text(f"a {label} film of {split} {number}", encoding="utf-8")
            (tmp_path / split / f"urls_{label}.txt").write_text("http://x", encoding="utf-8")
    dataset = read(tmp_path)
    assert (len(dataset.train), len(dataset.validation), len(dataset.test)) == (9, 1, 10)
    assert dataset.labels == ("neg", "pos")


def test_marked_texts_are_rows(tmp_path: Path) -> None:
    """Where a marker has lines to itself, the rows are what stands between; blank edges are cut off."""
    path = tmp_path / "t.txt"
    path.write_text("\none\n\ntwo\n<|endoftext|>\n\nthree\n\n<|endoftext|>\n\n", encoding="utf-8")
    dataset = read(path, **WHOLE)
    assert [row["text"] for row in dataset.train] == ["one\n\ntwo", "three"]
    assert [dataset.row_place("train", row).line for row in (0, 1)] == [2, 7]
    assert "<|endoftext|>" in findings(dataset)["read-as"]


def test_marker_within_a_line_is_text(tmp_path: Path) -> None:
    """A text that speaks of the marker is no border."""
    path = tmp_path / "t.txt"
    path.write_text("they end with <|endoftext|>\nand go on\n", encoding="utf-8")
    assert len(read(path, **WHOLE).train) == 2
