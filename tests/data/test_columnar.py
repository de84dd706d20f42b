"""Parquet, Feather and Arrow files: plain text out of whatever types they have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest

from hfshell.errors import DataError, UsageError
from tests.data.reading import ROLES, all_rows, findings, read


def table(**extra: Any) -> Any:
    """Make a small Arrow table."""
    return pa.table({"text": ["good film", "bad film", "fine film"], "label": ["pos", "neg", "pos"], **extra})


def write(path: Path, values: Any, how: str) -> Path:
    """Write an Arrow table the way that programs do."""
    if how == "parquet":
        pq.write_table(values, path)
    elif how == "feather":
        pyarrow.feather.write_feather(values, path)
    else:
        new = pa.ipc.new_stream if how == "stream" else pa.ipc.new_file
        with pa.OSFile(str(path), "wb") as sink, new(sink, values.schema) as writer:
            writer.write_table(values)
    return path


@pytest.mark.parametrize(
    ("name", "how"),
    [("t.parquet", "parquet"), ("t.feather", "feather"), ("t.arrow", "file"), ("t.arrow", "stream")],
)
def test_rows_and_places(tmp_path: Path, name: str, how: str) -> None:
    """Each kind of file gives its rows, numbered from 1."""
    dataset = read(write(tmp_path / name, table(), how), validation=0.0, test=0.0)
    assert [row["text"] for row in dataset.train] == ["good film", "bad film", "fine film"]
    assert str(dataset.row_place("train", 2)) == f"{tmp_path / name}:3"


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())], ids=str
)
def test_every_text_type_is_text(tmp_path: Path, kind: Any) -> None:
    """Categories, views and long strings are texts to a task."""
    values = pa.table({"text": pa.array(["a", "b"]).cast(kind), "label": pa.array(["x", "y"]).cast(kind)})
    path = write(tmp_path / "t.arrow", values, "file")
    assert all_rows(read(path)) == [{"text": "a", "label": "x"}, {"text": "b", "label": "y"}]


def test_declared_classes_are_named_in_their_order(tmp_path: Path) -> None:
    """The class names that `datasets` writes into a file stand for its numbers, and -1 for no label."""
    features = {"info": {"features": {"label": {"names": ["pos", "neg", "mixed"], "_type": "ClassLabel"}}}}
    values = pa.table({"text": ["a", "b", "c"], "label": [1, 0, -1]})
    values = values.replace_schema_metadata({"huggingface": json.dumps(features)})
    dataset = read(write(tmp_path / "t.parquet", values, "parquet"))
    assert [row["label"] for row in all_rows(dataset)] == ["neg", "pos", None]
    assert dataset.labels == ("pos", "neg", "mixed")


def test_whole_numbers_and_truths_are_labels_and_fractions_are_not(tmp_path: Path) -> None:
    """1 is "1" and true is "true"; 1.0 is nobody's label until somebody says so."""
    path = tmp_path / "t.parquet"
    assert read(write(path, table(label=pa.array([1, 0, 1])), "parquet")).labels == ("0", "1")
    truths = read(write(path, table(label=pa.array([True, False, True])), "parquet"))
    assert truths.labels == ("false", "true")
    assert "as labels they are these words" in findings(truths)["label-type"]
    with pytest.raises(DataError, match="3 number with a fraction"):
        read(write(path, table(label=pa.array([1.0, 0.0, 1.0])), "parquet")).require(ROLES)


def test_numbers_are_no_text(tmp_path: Path) -> None:
    """A column called text that holds numbers is not cast to look like one."""
    values = pa.table({"text": [1, 2], "label": ["a", "b"]})
    with pytest.raises(DataError, match="no column is the text"):
        read(write(tmp_path / "t.parquet", values, "parquet")).require(ROLES)


@pytest.mark.parametrize("keep", [0, 3, 30, -8, -1])
def test_a_file_that_is_not_whole(tmp_path: Path, keep: int) -> None:
    """A Parquet file cut anywhere is refused."""
    path = write(tmp_path / "t.parquet", table(), "parquet")
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(DataError, match="no whole Parquet file"):
        read(path)


@pytest.mark.parametrize("how", ["file", "stream"])
def test_an_arrow_file_that_is_not_whole(tmp_path: Path, how: str) -> None:
    """An Arrow file cut in its middle is refused."""
    path = write(tmp_path / "t.arrow", table(), how)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(DataError, match="no whole Arrow file"):
        read(path)


def test_an_encoding_is_for_text(tmp_path: Path) -> None:
    """An option that the format has no use for is not passed over."""
    with pytest.raises(UsageError, match="--encoding is for text files"):
        read(write(tmp_path / "t.parquet", table(), "parquet"), encoding="latin-1")


def test_columns_without_rows(tmp_path: Path) -> None:
    """A file of columns alone has no rows."""
    with pytest.raises(DataError, match="no rows"):
        read(write(tmp_path / "t.parquet", table().slice(0, 0), "parquet"))


def test_invalid_text_inside_is_refused(tmp_path: Path) -> None:
    """Bytes that call themselves text are checked before anybody prints them."""
    broken = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xff\xfe")]
    )
    path = write(tmp_path / "t.arrow", pa.table({"text": broken}), "file")
    with pytest.raises(DataError, match="no whole Arrow file"):
        read(path)
