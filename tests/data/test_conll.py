"""CoNLL files: sentences of tokens and tags, as they stand, and the lines that are bad."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hfshell.api.roles import Role
from hfshell.data import DataSet
from hfshell.errors import DataError
from tests.data.reading import all_rows, findings, read

ROLES = (Role.tokens(), Role.tags())
WHOLE: dict[str, Any] = {"roles": ROLES, "validation": 0.0, "test": 0.0}

cells = st.text(
    st.characters(blacklist_characters="\t\n\r\0 ", blacklist_categories=["Cs"]), min_size=1, max_size=6
)
tokens = cells.filter(lambda text: not text.startswith(("#", "-DOCSTART-", "\ufeff")))
sentences = st.lists(
    st.lists(st.tuples(tokens, st.sampled_from(["O", "B-PER", "B-LOC"])), min_size=1, max_size=5),
    min_size=1,
    max_size=5,
)


def write(folder: Path, text: str, name: str = "t.conll") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def pairs(dataset: DataSet) -> list[list[tuple[str, str]]]:
    return [list(zip(row["tokens"], row["tags"], strict=True)) for row in all_rows(dataset)]


@settings(max_examples=60, deadline=None)
@given(rows=sentences, tabs=st.booleans(), ends=st.sampled_from(["\n", "\r\n"]))
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[tuple[str, str]]], tabs: bool, ends: str
) -> None:
    """Every token comes back as it was, whatever Python takes for a blank or the end of a line."""
    between = "\t" if tabs else " "
    text = f"{ends}{ends}".join(ends.join(between.join(pair) for pair in row) for row in rows)
    path = write(tmp_path_factory.mktemp("conll"), text + ends)
    assert pairs(read(path, **WHOLE)) == rows


def test_columns_documents_and_remarks(tmp_path: Path) -> None:
    """The first column is the token, the last one its tag; what begins a document is no sentence."""
    text = (
        "# a corpus\n-DOCSTART- -X- O O\n\n# sent 1\nEU NNP B-NP B-ORG\n# NN I-NP O\n\n\n"
        "-DOCSTART- -X- O O\n\nParis NNP B-NP B-LOC"
    )
    dataset = read(write(tmp_path, text), **WHOLE)
    assert dataset.columns == ("tokens", "col2", "col3", "tags")
    assert pairs(dataset) == [[("EU", "B-ORG"), ("#", "O")], [("Paris", "B-LOC")]]
    assert [dataset.row_place("train", row).line for row in (0, 1)] == [5, 11]
    chunks = read(tmp_path / "t.conll", map={"tags": "col3"}, **WHOLE)
    assert chunks.train[0]["tags"] == ("B-NP", "I-NP")


def test_tokens_that_begin_with_a_hash(tmp_path: Path) -> None:
    """A hashtag with a tag is a token, wherever it stands."""
    text = "#nlp\tO\nis\tO\n\n#\tO\nof\tO\nParis\tB-LOC\n"
    assert [row["tokens"] for row in all_rows(read(write(tmp_path, text), **WHOLE))] == [
        ("#nlp", "is"),
        ("#", "of", "Paris"),
    ]


@pytest.mark.parametrize("name", ["t.conll", "t.bio", "t.iob", "t.conll.gz"])
def test_endings(tmp_path: Path, name: str) -> None:
    """All the usual endings are read, packed or not."""
    text = "Paris B-LOC\n"
    if name.endswith(".gz"):
        (tmp_path / name).write_bytes(gzip.compress(text.encode()))
    else:
        write(tmp_path, text, name)
    assert pairs(read(tmp_path / name, **WHOLE)) == [[("Paris", "B-LOC")]]


def test_bad_lines_are_named(tmp_path: Path) -> None:
    """A line with too few columns is said with its file and line; its sentence alone may be left out."""
    path = write(tmp_path, "a X O\nb O\nc\n\nd X O\n\ne X Y O\n")
    with pytest.raises(DataError, match="this line has 2 columns between blanks, the first has 3") as caught:
        read(path, **WHOLE)
    assert caught.value.place is not None
    assert (caught.value.place.line, caught.value.place.text) == (2, "b O")
    assert "lines 3, 7" in (caught.value.hint or "")
    skipped = read(path, skip_bad_rows=True, **WHOLE)
    assert [row["tokens"] for row in all_rows(skipped)] == [("d",)]
    assert "skipped 2 rows" in findings(skipped)["skipped-rows"]


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "-DOCSTART- O\n"])
def test_nothing_in_it(tmp_path: Path, text: str) -> None:
    """A file without a sentence says so."""
    with pytest.raises(DataError, match="no rows"):
        read(write(tmp_path, text), **WHOLE)


def test_words_without_tags(tmp_path: Path) -> None:
    """A list of words under this name is no data with empty tags."""
    with pytest.raises(DataError, match="one column only"):
        read(write(tmp_path, "a\nb\n"), **WHOLE)
