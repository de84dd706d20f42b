"""CSV and TSV beyond what round trips show: quotes, delimiters, headers, places."""

from __future__ import annotations

from pathlib import Path

import pytest

from hfshell.errors import DataError, UsageError
from tests.data.reading import all_rows, findings, messages, read, write_csv


def put(folder: Path, text: str, name: str = "table.csv") -> Path:
    """Write a file as it is."""
    path = folder / name
    path.write_bytes(text.encode())
    return path


def refused(path: Path, **options: object) -> DataError:
    """Read a file that cannot be read, and return why."""
    with pytest.raises(DataError) as caught:
        read(path, **options)
    return caught.value


def test_a_row_after_a_long_cell_has_its_physical_line(tmp_path: Path) -> None:
    """An editor finds the row at the line that is named, however many lines the cells before it have."""
    error = refused(put(tmp_path, 'text,label\n"one\ntwo\nthree",pos\nfine,neg\nbroken\n'))
    assert str(error.place) == f"{tmp_path}/table.csv:6"
    assert error.place is not None
    assert error.place.text == "broken"


def test_ragged_rows_are_counted_with_those_that_can_be_read(tmp_path: Path) -> None:
    """The hint says what skipping would leave."""
    error = refused(put(tmp_path, "text,label\na,b,c\n" + "x,y\n" * 1200))
    assert error.hint is not None
    assert "a stray comma" in error.hint
    assert "the other 1,200 rows" in error.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('text,label\n"a" b,pos\n', "between a closing quote and the next comma"),
        ("text,label\nfoo\rbar,pos\n", "carriage return"),
        ('text,label\n"never,pos\n', "never closes"),
    ],
)
def test_broken_quoting_is_said_in_words(tmp_path: Path, text: str, message: str) -> None:
    """The reader's own words for a broken row are no help to a person."""
    error = refused(put(tmp_path, text))
    assert message in error.message
    assert error.place is not None
    assert error.place.line == 2


def test_rows_behind_a_broken_quote_are_read(tmp_path: Path) -> None:
    """A quote that never closes costs its own row, not the rest of the file."""
    path = put(tmp_path, 'text,label\n"never,pos\n' + "".join(f"row {n},neg\n" for n in range(50)))
    assert len(all_rows(read(path, skip_bad_rows=True))) == 50


def test_rows_inside_one_quoted_cell_are_noticed(tmp_path: Path) -> None:
    """Two lost quotes make one legal cell of several rows; it is said."""
    path = put(tmp_path, 'text,label\n"lost,pos\nnext row,neg\nlast row",pos\nx,neg\ny,pos\n')
    assert "line 2" in findings(read(path))["long-quotes"]


def test_a_text_of_two_lines_is_no_lost_quote(tmp_path: Path) -> None:
    """A comma in each line of a quoted text is no reason to doubt it."""
    path = put(tmp_path, 'text,label\n"At home, and\n.",pos\nx,neg\ny,pos\n')
    assert "long-quotes" not in findings(read(path))


def test_tsv_without_quoting_keeps_its_quotes(tmp_path: Path) -> None:
    """Most corpora write tabs and no quoting: a quote is a character of the text."""
    path = put(tmp_path, 'sentence\tlabel\n"Hello" she said.\t1\n"So be it.\t0\nHe left."\t1\n', "table.tsv")
    dataset = read(path)
    assert [row["text"] for row in all_rows(dataset)] == ['"Hello" she said.', '"So be it.', 'He left."']
    assert "quotes" in findings(dataset)


def test_tsv_broken_either_way_is_refused_for_its_first_reading(tmp_path: Path) -> None:
    """A ragged TSV is not saved by reading its quotes as text."""
    error = refused(put(tmp_path, "text\tlabel\na\tb\tc\n", "table.tsv"))
    assert "3 fields" in error.message


def test_old_mac_line_ends(tmp_path: Path) -> None:
    """A file without a single line feed has its lines at carriage returns."""
    path = put(tmp_path, "text,label\rgood film,pos\rbad film,neg\r")
    assert [row["text"] for row in all_rows(read(path))] == ["good film", "bad film"]


def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    """Blank lines between rows and at the end are nothing."""
    path = put(tmp_path, "text,label\n\ngood,pos\n\n\nbad,neg\n\n")
    dataset = read(path)
    assert [dataset.row_place("train", index).line for index in range(2)] == [3, 6]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("I love it,1\nI hate it,0\n", "'1' is a number"),
        ("fine,pos\nbad,neg\nwell,pos\nok,pos\n", "'pos' stands in 2 rows of its column too"),
        ("what a truly awful waste of time,x\nno,y\n", "is a text"),
    ],
)
def test_a_first_line_of_data_is_not_eaten(tmp_path: Path, text: str, why: str) -> None:
    """Without a header, the first row must not become column names in silence."""
    error = refused(put(tmp_path, text))
    assert why in error.message
    assert error.hint is not None
    assert "--columns text,label" in error.hint


def test_columns_name_a_file_without_header(tmp_path: Path) -> None:
    """With names given, every line is a row."""
    path = put(tmp_path, "I love it,1\nI hate it,0\n")
    assert all_rows(read(path, columns=("text", "label"))) == [
        {"text": "I love it", "label": "1"},
        {"text": "I hate it", "label": "0"},
    ]


def test_columns_given_for_a_file_with_that_header(tmp_path: Path) -> None:
    """A header that holds the very names is no row, and that is said."""
    dataset = read(write_csv(tmp_path / "t.csv", messages(4)), columns=("text", "label"))
    assert len(all_rows(dataset)) == 4
    assert "line 1" in findings(dataset)["header"]


def test_too_few_names(tmp_path: Path) -> None:
    """Names that are fewer than the cells are refused at the first row."""
    error = refused(put(tmp_path, "a b c,x,1\n"), columns=("text", "label"))
    assert error.message == "this row has 3 fields, there are 2 names"


def test_columns_are_for_delimited_files(tmp_path: Path) -> None:
    """An option that a format has no use for is not passed over."""
    with pytest.raises(UsageError, match="csv and tsv"):
        read(put(tmp_path, '{"text": "a"}\n', "t.jsonl"), columns=("text",))


def test_map_says_that_the_first_line_is_a_header(tmp_path: Path) -> None:
    """A table whose columns are called 0 and 1 can be read: somebody says so."""
    path = put(tmp_path, "0,1\ngood film,pos\nbad film,neg\n")
    dataset = read(path, map={"text": "0", "label": "1"})
    assert [row["text"] for row in all_rows(dataset)] == ["good film", "bad film"]


@pytest.mark.parametrize(("delimiter", "name"), [(";", "semicolon"), ("\t", "tab")])
def test_delimiter_is_found_and_said(tmp_path: Path, delimiter: str, name: str) -> None:
    """A spreadsheet of another country writes semicolons into .csv."""
    path = put(tmp_path, f"text{delimiter}label\nfine, really{delimiter}pos\n")
    dataset = read(path)
    assert all_rows(dataset) == [{"text": "fine, really", "label": "pos"}]
    assert name in findings(dataset)["delimiter"]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("text,label,text", "the header names 'text' more than once"),
        ("text,,", "leaves 2 columns without a name"),
    ],
)
def test_repeated_names_are_refused(tmp_path: Path, header: str, message: str) -> None:
    """One of two columns of a name would be lost in silence."""
    error = refused(put(tmp_path, f"{header}\na,b,c\n"))
    assert message in error.message
    assert error.place is not None
    assert error.place.line == 1


def test_cells_over_the_module_limit(tmp_path: Path) -> None:
    """A cell of a megabyte is a cell."""
    path = write_csv(tmp_path / "t.csv", [("x" * 1_000_000, "a"), ("y", "b")])
    assert len(all_rows(read(path))[0]["text"]) == 1_000_000
