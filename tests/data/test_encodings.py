"""Encodings, compression and sizes of text files."""

from __future__ import annotations

import codecs
import gzip
from pathlib import Path

import pytest

from hfshell.data import lines
from hfshell.errors import DataError, UsageError
from tests.data.reading import all_rows, findings, read

TABLE = "text,label\nfin café 漢字,pos\nbad,neg\n"


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", codecs.BOM_UTF8), ("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE)],
)
@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz"])
def test_a_byte_order_mark_says_the_encoding(tmp_path: Path, encoding: str, mark: bytes, name: str) -> None:
    """UTF-8 and UTF-16 with their mark are read; the mark is no part of the first name."""
    content = mark + TABLE.encode(encoding)
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    dataset = read(tmp_path / name)
    assert dataset.columns == ("text", "label")
    assert [row["text"] for row in all_rows(dataset)] == ["fin café 漢字", "bad"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16", "utf-8", "utf_8_sig", "gb18030", "utf-32"])
def test_an_encoding_that_is_said(tmp_path: Path, encoding: str) -> None:
    """The user's word on the encoding goes, with a mark or without."""
    (tmp_path / "t.csv").write_bytes(TABLE.encode(encoding))
    assert [row["text"] for row in all_rows(read(tmp_path / "t.csv", encoding=encoding))] == [
        "fin café 漢字",
        "bad",
    ]


def test_latin_1_when_it_is_said(tmp_path: Path) -> None:
    """The hint of the error works."""
    (tmp_path / "t.csv").write_bytes("text,label\ncafé,a\nthé,b\n".encode("latin-1"))
    with pytest.raises(DataError) as caught:
        read(tmp_path / "t.csv")
    assert caught.value.message == "byte 0xe9 at offset 14 is not UTF-8"
    assert str(caught.value.place) == f"{tmp_path}/t.csv:2:4"
    assert [row["text"] for row in all_rows(read(tmp_path / "t.csv", encoding="latin-1"))] == ["café", "thé"]


@pytest.mark.parametrize("name", ["t.csv", "t.jsonl", "t.txt", "t.json", "t.csv.gz"])
def test_the_byte_that_is_no_text_is_named(tmp_path: Path, name: str) -> None:
    """Every text format names the line, the byte and its offset."""
    content = (
        b'[{"text": "ok"},\n {"text": "\xff"}]\n'
        if name == "t.json"
        else b'{"text": "ok"}\n{"text": "\xff"}\n'
    )
    content = b"text\nok\n\xff\n" if "csv" in name else content
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    with pytest.raises(DataError) as caught:
        read(tmp_path / name)
    assert f"byte 0xff at offset {content.index(0xFF)} is not UTF-8" in caught.value.message
    assert caught.value.place is not None
    assert caught.value.place.line == content[: content.index(0xFF)].count(b"\n") + 1


@pytest.mark.parametrize("encoding", ["nonsense", "hex", "rot13", "base64"])
def test_no_encoding_of_text(tmp_path: Path, encoding: str) -> None:
    """A codec that is none, or none of text, is a wrong option."""
    (tmp_path / "t.csv").write_text(TABLE, encoding="utf-8")
    with pytest.raises(UsageError, match=encoding):
        read(tmp_path / "t.csv", encoding=encoding)


@pytest.mark.parametrize("content", [b"\xff\xfea\x00\x00", b"\xff\xfea\x00\x00\xd8b\x00"])
def test_broken_utf_16(tmp_path: Path, content: bytes) -> None:
    """A UTF-16 file cut inside a character, or with half a pair, is refused."""
    (tmp_path / "t.txt").write_bytes(content)
    with pytest.raises(DataError, match="UTF-16"):
        read(tmp_path / "t.txt")


def test_utf_16_without_its_mark_is_recognised_by_its_zeros(tmp_path: Path) -> None:
    """NUL bytes every other place are no damage but another encoding, and the hint says which."""
    (tmp_path / "t.csv").write_bytes("text,label\na,b\n".encode("utf-16-le"))
    with pytest.raises(DataError) as caught:
        read(tmp_path / "t.csv")
    assert "--encoding utf-16-le" in (caught.value.hint or "")
    assert all_rows(read(tmp_path / "t.csv", encoding="utf-16-le")) == [{"text": "a", "label": "b"}]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda packed: packed[:-9], "cut short"),
        (lambda packed: packed[: len(packed) // 2], "cut short"),
        (lambda packed: packed[:-5] + bytes([packed[-5] ^ 1]) + packed[-4:], "damaged"),
        (lambda packed: b"no gzip" + packed[7:], "damaged"),
    ],
)
@pytest.mark.parametrize("name", ["t.csv.gz", "t.jsonl.gz", "t.json.gz", "t.txt.gz"])
def test_damaged_compression(tmp_path: Path, name: str, damage: object, message: str) -> None:
    """A compressed file that is not whole gives no rows at all, not even with bad rows skipped."""
    rows = "".join(f'{{"text": "row {n}", "label": "{n % 2}"}}\n' for n in range(200))
    assert callable(damage)
    (tmp_path / name).write_bytes(damage(gzip.compress(rows.encode())))
    with pytest.raises(DataError, match=message):
        read(tmp_path / name, skip_bad_rows=True, columns=("a", "b") if "csv" in name else None)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("t.csv", b"PK\x03\x04rest", "zip"),
        ("t.jsonl", b"PAR1rest", "Parquet"),
        ("t.txt", b"ARROW1\0\0", "Arrow"),
        ("t.csv", gzip.compress(b"text,label\na,b\n", mtime=0), "gzip"),
    ],
)
def test_another_format_under_a_text_name(tmp_path: Path, name: str, content: bytes, kind: str) -> None:
    """A file that is something else altogether is not called badly encoded text."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=kind):
        read(tmp_path / name)


def test_a_line_without_end_does_not_take_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gigabyte of zeros in a small gzip file is refused before it is all unpacked."""
    monkeypatch.setattr(lines, "LONGEST_LINE", 1 << 20)
    (tmp_path / "bomb.csv.gz").write_bytes(gzip.compress(b"0" * (1 << 24)))
    with pytest.raises(DataError, match="line without end"):
        read(tmp_path / "bomb.csv.gz")


def test_nul_in_a_json_escape_is_text(tmp_path: Path) -> None:
    """A NUL that JSON spells out is a character of the text, and the audit says that it is there."""
    (tmp_path / "t.jsonl").write_text('{"text": "a\\u0000b", "label": "x"}\n', encoding="utf-8")
    dataset = read(tmp_path / "t.jsonl")
    assert all_rows(dataset)[0]["text"] == "a\0b"
    assert "control-characters" in findings(dataset)
