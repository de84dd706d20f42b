"""Headers and counts without the reader: what is said of a file is what the reader says."""

from __future__ import annotations

import ast
import gzip
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hfshell.checking import data_files
from hfshell.checking.data_files import ENDINGS, ending, is_encoding, look_at
from hfshell.checking.data_lines import MADE_COLUMNS
from hfshell.checking.scene import is_split
from hfshell.data.encodings import find_encoding
from hfshell.data.folder import split_named
from hfshell.data.formats import READERS
from hfshell.data.header import find_delimiter
from hfshell.errors import HfshellError, UsageError
from tests.data.reading import read

ROOT = Path(__file__).parents[2]
SHARED = sorted((ROOT / "examples" / "data").glob("*.*"))
CELLS = st.text(st.sampled_from('ab1,;\t"é \r\n\ufeff'), max_size=5)


def test_endings_are_those_of_the_reader() -> None:
    """A file that the reader takes is no finding."""
    assert set(ENDINGS) == set(READERS)
    assert ending("a.JSONL.gz") == ".jsonl.gz"
    assert ending("a.conllu", [".conllu"]) == ".conllu"
    assert ending("a.doc") is None


@pytest.mark.parametrize("path", SHARED, ids=lambda path: path.name)
def test_examples_are_told_as_the_reader_tells_them(path: Path) -> None:
    """Columns and rows of what we ship are exact."""
    facts = look_at(str(path), count=True)
    assert facts is not None
    dataset = read(path, validation=0.0, test=0.0, dedup=False)
    derived = set(dataset.loaded.parts["train"].rows.derived)
    assert [column for column in dataset.columns if column not in derived] == list(facts.columns or ())
    assert (facts.rows, facts.estimated) == (sum(len(rows) for rows in dataset.splits.values()), False)


@given(
    header=st.lists(CELLS, min_size=1, max_size=4),
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=4),
    kind=st.sampled_from([".csv", ".tsv"]),
    delimiter=st.sampled_from(",;\t"),
    end=st.sampled_from(["\n", "\r\n"]),
)
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_header_is_the_readers_or_is_not_said(
    tmp_path: Path, header: list[str], rows: list[list[str]], kind: str, delimiter: str, end: str
) -> None:
    """Of any table that the reader takes, the columns are its columns, or None."""
    path = tmp_path / f"table{kind}"
    text = end.join(delimiter.join(row) for row in [header, *rows]) + end
    path.write_text(text, encoding="utf-8", newline="")
    facts = look_at(str(path), count=True)
    try:
        dataset = read(path, validation=0.0, test=0.0, dedup=False)
    except HfshellError:
        return
    assert facts is not None
    if facts.columns is not None:
        assert facts.columns == dataset.columns


@pytest.mark.parametrize(
    ("name", "content", "columns", "complete", "rows"),
    [
        ("a.csv", b"text;label\na;b\n", ("text", "label"), True, 1),
        ("a.csv", b'"a, b",c\n"x\ny",z\n', ("a, b", "c"), True, 1),
        ("a.csv", b'"a\nb",c\nx,z\n', None, False, 1),
        ("a.csv", "text,label\na,b\n".encode("utf-16"), ("text", "label"), True, 1),
        ("a.csv", b"\xef\xbb\xbftext,label\na,b\n\n\n", ("text", "label"), True, 1),
        ("a.csv", b"\xff\xff,label\n", None, False, None),
        ("a.tsv", b"text\tlabel\na\tb\n", ("text", "label"), True, 1),
        ("a.jsonl", b'{"a": 1}\n\n{"b": 2}\n', ("a", "b"), True, 2),
        ("a.jsonl", b'{"a": [1]}\n', ("a",), False, 1),
        ("a.jsonl", b"{broken\n", None, False, 1),
        ("a.json", b'[{"a": 1}, {"b": "x"}]', ("a", "b"), True, 2),
        ("a.json", b'{"data": []}', None, False, None),
        ("a.conll", b"# one\nAsk O\nfor O\n\nMira B-PER\n", ("tokens", "tags"), True, 2),
        ("a.conll", b"Ask\tV\tO\nx\tN\tO\n", ("tokens", "col2", "tags"), True, 1),
        ("a.txt", b"one\ntwo\n", ("text",), True, 2),
        ("a.txt", b"one\ntwo\n<|endoftext|>\nthree\n", ("text",), True, 2),
        ("a.parquet", b"PAR1", None, False, None),
        ("a.unknown", b"x", None, False, None),
    ],
)
def test_what_is_said_of_a_file(
    tmp_path: Path,
    name: str,
    content: bytes,
    columns: tuple[str, ...] | None,
    complete: bool,
    rows: int | None,
) -> None:
    """What cannot be told by the first bytes is not said."""
    (tmp_path / name).write_bytes(content)
    facts = look_at(str(tmp_path / name), count=True)
    assert facts is not None
    assert (facts.columns, facts.complete, facts.rows) == (columns, complete, rows)
    if not name.endswith((".parquet", ".unknown")):
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(content))
        packed = look_at(str(tmp_path / f"{name}.gz"), count=True)
        assert packed is not None
        assert (packed.columns, packed.complete, packed.rows) == (columns, complete, rows)


def test_a_long_file_is_estimated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a long file a part is read, and the rest is guessed by it; its keys may not be all."""
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"text": "x" * 20, "n": number}) + "\n" for number in range(1000)))
    monkeypatch.setattr(data_files, "_WHOLE", 1 << 12)
    monkeypatch.setattr(data_files, "_COUNTED", 1 << 13)
    facts = look_at(str(path), count=True)
    assert facts is not None
    assert facts.estimated
    assert not facts.complete
    assert 900 < (facts.rows or 0) < 1100


def test_a_long_table_is_read_by_its_head(tmp_path: Path) -> None:
    """A header is found in the first bytes, whatever follows; one that has no end there is not."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"text,label\n" + b"x,y\n" * 100_000)
    facts = look_at(str(path))
    assert facts is not None
    assert facts.columns == ("text", "label")
    path.write_bytes(b"a," * 50_000 + b"b\n")
    facts = look_at(str(path))
    assert facts is not None
    assert facts.columns is None


def test_other_things_are_no_data(tmp_path: Path) -> None:
    """A folder, a missing file and a name that no file can have give nothing."""
    assert look_at(str(tmp_path)) is None
    assert look_at(str(tmp_path / "missing.csv")) is None
    assert look_at("a\0.csv") is None
    assert look_at("~nobody-of-this-name/a.csv") is None


@given(st.text(st.sampled_from('a,;\t" '), max_size=12))
def test_delimiters_are_the_readers(line: str) -> None:
    """The separator is found as the reader finds it."""
    assert data_files.find_delimiter(line) == find_delimiter(line)


@pytest.mark.parametrize(
    "word", ["train", "Training", "dev", "val", "eval", "testing", "test", "tets", "all", ""]
)
def test_splits_are_the_readers(word: str) -> None:
    """Words for splits are those that the reader knows."""
    assert is_split(word) == (split_named(word) is not None)


def test_columns_that_shapes_make_are_known() -> None:
    """A column that the reader makes of others is no finding in `--map`."""
    sources = (ROOT / "hfshell" / "data" / "shapes").glob("*.py")
    made = {name for path in sources for name in _made(path.read_text(encoding="utf-8"))}
    assert made
    assert {name for name in made if name not in MADE_COLUMNS and "." not in name} == set()


def _made(text: str) -> list[str]:
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    made = [node for node in calls if isinstance(node.func, ast.Name) and node.func.id == "Made"]
    return [str(node.args[0].value) for node in made if isinstance(node.args[0], ast.Constant)]


@pytest.mark.parametrize("name", ["utf-8", "latin-1", "UTF_16", "shift_jis", "utf-99", "base64", "hex", ""])
def test_encodings_are_the_readers(name: str) -> None:
    """The checker knows the encodings that the reader knows, and no others."""
    try:
        find_encoding(name, b"")
        known = True
    except UsageError:
        known = False
    assert is_encoding(name) is known


def test_a_file_is_read_once_until_it_changes(tmp_path: Path) -> None:
    """Who asks again is answered from memory, and never with what the file held before."""
    path = tmp_path / "a.csv"
    path.write_text("text,label\na,x\n")
    first = look_at(str(path), count=True)
    assert look_at(str(path), count=True) is first
    path.write_text("text,other\na,x\nb,y\n")
    changed = look_at(str(path), count=True)
    assert changed is not None
    assert (changed.columns, changed.rows) == (("text", "other"), 2)
