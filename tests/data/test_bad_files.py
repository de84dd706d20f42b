"""Every malformed and awkward input: read exactly, or refused with a place; never a traceback."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from hfshell.errors import DataError, HfshellError
from tests.data.reading import ROLES, all_rows, findings, read

STANDARD = (
    ("the film was wonderful and moving", "pos"),
    ("a dull , lifeless mess", "neg"),
    ("i would watch it again tomorrow", "pos"),
    ("two hours i will never get back", "neg"),
    ("sharp writing and a fine cast", "pos"),
    ("the plot makes no sense at all", "neg"),
    ("warm , funny and very human", "pos"),
    ("badly lit , badly cut , badly acted", "neg"),
)


@dataclass(frozen=True)
class Refused:
    """The file cannot be read: what is said, at which line, and what the hint offers."""

    message: str
    line: int | None = None
    hint: str = ""


@dataclass(frozen=True)
class Loaded:
    """The file is read: its rows exactly (or their count), what the audit says, why training refuses."""

    rows: tuple[tuple[str | None, str | None], ...] | int
    finding: str | None = None
    unfit: str | None = None


EXPECTED: dict[str, Refused | Loaded] = {
    "truncated.jsonl": Refused("cut short", 8, "`--skip-bad-rows` reads the other 7 rows"),
    "ragged.csv": Refused("this row has 1 field, the header has 2", 3, "line 4"),
    "latin1.csv": Refused("byte 0xe9 at offset 17 is not UTF-8", 2, "--encoding latin-1"),
    "utf16.csv": Loaded(STANDARD),
    "bom.csv": Loaded(STANDARD),
    "bom.jsonl": Loaded(STANDARD),
    "empty.csv": Refused("no rows"),
    "empty.jsonl": Refused("no rows"),
    "only_newlines.jsonl": Refused("no rows"),
    "header_only.csv": Refused("no rows"),
    "no_header.csv": Refused("looks like data", 1, "--columns text,label"),
    "nul_bytes.csv": Refused("NUL", 2, "line 3"),
    "mixed_labels.jsonl": Loaded(8, "bad-label", "mixes types: 2 null · 2 text · 1 list · 1 number"),
    "missing_label.csv": Loaded(
        (("a fine film", None), ("a bad film", None)), "no-label", "the columns are text, category_id"
    ),
    "missing_text.jsonl": Loaded(STANDARD),
    "nan_empty_text.csv": Loaded(
        (
            ("", "pos"), ("NaN", "neg"), ("   ", "pos"), ("null", "neg"), ("None", "pos"), ("n/a", "neg"),
            ("", "pos"), ("truly a sentence", "neg"),
        ),
        "empty-text",
    ),
    "one_mb_line.jsonl": Loaded(3),
    "huge_field.csv": Loaded(2),
    "duplicate_columns.csv": Refused("'text', 'label' more than once", 1),
    "unseen_labels": Loaded(13, "unseen-labels"),
    "crlf.csv": Loaded(STANDARD),
    "crlf.jsonl": Loaded(STANDARD),
    "unicode.jsonl": Loaded(12),
    "lone_surrogate.jsonl": Loaded((("broken \\ud83d emoji", "pos"), ("fine", "neg")), "surrogates"),
    "deep_nested.json": Refused("nested too deeply", 1),
    "deep_nested.jsonl": Refused("nested too deeply", 2),
    "truncated.jsonl.gz": Refused("the compressed file is cut short"),
    "not_objects.jsonl": Refused("not an object", 2, "lines 3, 4, 5"),
    "comments.jsonl": Refused("not JSON", 1, "line 3"),
    "csv_inside.jsonl": Refused("does not look like JSON Lines", 1, ".csv"),
    "unbalanced_quote.csv": Refused("never closes", 2),
    "multiline_quoted.csv": Loaded(
        (("first line\nsecond line\n\nfourth line", "pos"), ('he said "no" and left', "neg"))
    ),
    "semicolon.csv": Loaded(STANDARD, "delimiter"),
    "tab.csv": Loaded(STANDARD, "delimiter"),
    "array.json": Loaded(STANDARD),
    "wrapped.json": Loaded(STANDARD),
    "bad_tags.conll": Refused("this line has 2 columns between blanks", 4, "line 11"),
    "bad_offsets.jsonl": Loaded(6, "no-label", "the columns are id, context, question, answers"),
    "single_class.csv": Loaded(
        tuple((text, "pos") for text, _ in STANDARD), "single-class", "one label only, pos"
    ),
    "one_row.csv": Loaded((("only row", "pos"),), "too-few-rows", "one label only, pos"),
    "pair_missing_second.jsonl": Loaded(3, "no-text", "the columns are sentence1, sentence2, label"),
    "regression_not_numbers.csv": Loaded(5, "no-label", "the columns are sentence1, sentence2, score"),
    "conflicting_duplicates.csv": Loaded(7, "contradictory-labels"),
    "numeric_strings.csv": Loaded(
        (
            ("zero pad a", "007"), ("zero pad b", "7"), ("big", "12345678901234567890"), ("neg", "-1"),
            ("exp", "1e3"),
        )
    ),
    "terminal_escapes.jsonl": Loaded(
        (
            ("clear \x1b[2J\x1b[H screen \x1b]0;title\x07 \x1b[31mred", "pos"),
            ("bell \x07\x07 and back\b\b\b space", "neg"),
        ),
        "control-characters",
    ),
    "formula.csv": Loaded(
        (("=cmd|' /C calc'!A0", "pos"), ("@SUM(1+1)", "neg"), ("+1-800-555", "pos"), ("-dash first", "neg"))
    ),
    "name with spaces & (odd).csv": Loaded(STANDARD),
    "odd_columns.csv": Loaded((("fine", "pos"), ("bad", "neg"))),
    "invalid_utf8_middle.jsonl": Refused("byte 0xff", 321, "the other 328 rows"),
    "bad_chat.jsonl": Loaded(8, "no-text", "the columns are messages"),
}  # fmt: skip


@pytest.fixture
def bad(shared: Path) -> Path:
    """The folder of malformed inputs."""
    return shared / "data" / "bad"


@pytest.mark.parametrize("name", EXPECTED)
def test_bad_file_is_read_exactly_or_refused(bad: Path, name: str) -> None:
    """What may be in users' files comes out as it is, or as one error with a place and a next step."""
    expected = EXPECTED[name]
    if isinstance(expected, Loaded):
        check_loaded(bad / name, expected)
    else:
        check_refused(bad / name, expected)


def test_every_bad_file_has_an_expectation(bad: Path) -> None:
    """A file added to the folder, or to its manifest, is not forgotten here."""
    listed = re.findall(r"^\| `([^`]+)`", (bad / "MANIFEST.md").read_text(encoding="utf-8"), re.MULTILINE)
    names = {name.partition("/")[0] for name in listed}
    assert names == set(EXPECTED)
    assert names | {"MANIFEST.md"} == {path.name for path in bad.iterdir()}


@pytest.mark.parametrize(
    ("name", "kept", "line"),
    [
        ("truncated.jsonl", 7, "line 8"),
        ("ragged.csv", 3, "lines 3, 4"),
        ("nul_bytes.csv", 1, "lines 2, 3"),
        ("not_objects.jsonl", 2, "lines 2, 3, 4, 5"),
        ("comments.jsonl", 1, "lines 1, 3"),
        ("unbalanced_quote.csv", 2, "line 2"),
        ("invalid_utf8_middle.jsonl", 328, "line 321"),
        ("deep_nested.jsonl", 1, "line 2"),
    ],
)
def test_skipped_rows_are_named(bad: Path, name: str, kept: int, line: str) -> None:
    """Rows that the user lets go are counted and named, and all others are there."""
    dataset = read(bad / name, skip_bad_rows=True)
    assert len(all_rows(dataset)) == kept
    assert line in findings(dataset)["skipped-rows"]


def check_loaded(path: Path, expected: Loaded) -> None:
    """Hold a data set against what its file says."""
    dataset = read(path)
    rows = tuple(
        (row.get("text"), row.get("label")) for row in all_rows(read(path, validation=0.0, test=0.0))
    )
    if isinstance(expected.rows, int):
        assert len(rows) == expected.rows
    else:
        assert rows == expected.rows
    if expected.finding:
        assert expected.finding in findings(dataset)
    if expected.unfit is None:
        dataset.require(ROLES)
    else:
        with pytest.raises(DataError, match=re.escape(expected.unfit)):
            dataset.require(ROLES, training=True)


def check_refused(path: Path, expected: Refused) -> None:
    """Hold an error against what its file deserves."""
    with pytest.raises(HfshellError) as caught:
        read(path)
    error = caught.value
    assert isinstance(error, DataError)
    assert expected.message in error.message
    assert "\n" not in error.message
    assert error.place is not None
    assert (error.place.file, error.place.line) == (str(path), expected.line)
    assert expected.hint in (error.hint or "")
