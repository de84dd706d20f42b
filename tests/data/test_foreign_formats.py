"""Files that plugins read: as exact as our own, and whatever goes wrong names the format and the file."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hfshell.api.cancel import CancelToken
from hfshell.data import DataOptions, DataSet, ForeignFormat, Formats, load_data, load_recipe
from hfshell.errors import DataError, HfshellError, Interrupted, PluginError, UsageError
from tests.data.reading import ROLES, all_rows

WHO = "format sentences (hfshell-sentences 1.2)"
ROWS: list[dict[str, Any]] = [
    {"text": f"the {n}th time that it was said", "label": "ab"[n % 2]} for n in range(20)
]


def formats(read: Callable[[Path], Iterable[Any]], *endings: str) -> Formats:
    known = ForeignFormat(WHO, read)
    return Formats(dict.fromkeys(endings or (".sent",), known))


def load(path: Path | str, read: Callable[[Path], Iterable[Any]], **options: Any) -> DataSet:
    return load_data([str(path)], DataOptions(**options), [ROLES], formats=formats(read))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tickets.sent"
    path.write_text("whatever\n")
    return path


def test_rows_are_rows_like_any_other(file: Path) -> None:
    """They get roles, splits and an audit, and their places count rows; the reader sees the file's path."""
    asked: list[Path] = []

    def read(path: Path) -> Iterator[dict[str, Any]]:
        asked.append(path)
        yield from ROWS

    dataset = load(file, read)
    assert asked == [file]
    assert all_rows(dataset) == ROWS
    assert dataset.how == "stratified, seed 42"
    assert dataset.name == "tickets"
    assert str(dataset.row_place("train", 0)) == f"{file}:1"


def test_values_come_as_they_are(file: Path) -> None:
    """Lists, objects, large numbers, missing keys, NaN, halves of surrogate pairs: nothing is lost."""
    rows = [
        {"text": "a", "tokens": ["x", "y"], "n": 2**70, "extra": {"k": [None, 1.5, True]}},
        {"text": "b \ud83d", "tokens": (), "n": 7},
    ]
    table = load(file, lambda _path: rows, validation=0.0, test=0.0).loaded.parts["train"].rows
    assert table.cells("tokens") == [["x", "y"], []]
    assert table.cells("n") == [2**70, 7]
    assert table.cells("extra") == [{"k": [None, 1.5, True]}, None]
    assert table.cells("text") == ["a", "b \\ud83d"]
    nan = load(file, lambda _path: [{"text": "a", "x": math.nan}]).loaded.parts["train"].rows
    assert math.isnan(nan.cells("x")[0])


def test_many_rows(file: Path) -> None:
    """Rows over several batches are all there, in order, with a column that only some have."""
    rows = [{"text": f"row {n}", **({"late": n} if n > 9_000 else {})} for n in range(10_000)]
    dataset = load(file, lambda _path: iter(rows), validation=0.0, test=0.0)
    table = dataset.loaded.parts["train"].rows
    assert table.cells("text") == [row["text"] for row in rows]
    assert table.cells("late") == [row.get("late") for row in rows]
    assert str(dataset.row_place("train", 9_999)) == f"{file}:10000"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["a"], "is no dict but list"),
        (None, "is no dict but NoneType"),
        ({1: "a"}, "has a column named 1, which is no text"),
        ({"text": b"bytes"}, "holds a bytes in column 'text'"),
        ({"text": "a", "when": {"at": [object()]}}, "holds a object in column 'when'"),
        ({"text": "a", "map": {"deep": {2: 3}}}, "holds the key 2 in column 'map'"),
        ({"text": "a", "path": Path("x")}, "holds a .*Path in column 'path'"),
    ],
)
def test_what_is_no_row_is_the_plugins_fault(file: Path, row: Any, said: str) -> None:
    """A row of a wrong type names the format, the plugin, the file and the row."""
    with pytest.raises(PluginError, match=said) as caught:
        load(file, lambda _path: [*ROWS[:4], row, *ROWS])
    assert caught.value.message.startswith(f"{WHO} gave a row that")
    assert str(caught.value.place) == f"{file}:5"


def test_a_row_without_bottom_is_refused(file: Path) -> None:
    """A list that holds itself ends in one line, not in a crash."""
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(PluginError, match="more than 200 levels"):
        load(file, lambda _path: [{"text": endless}])


@pytest.mark.parametrize("when", ["called", "in the middle"])
def test_a_reader_that_fails_names_format_and_file(file: Path, when: str) -> None:
    """Whatever it raises, at once or half-way, is told in one line with the file."""

    def read(_path: Path) -> Iterable[dict[str, Any]]:
        if when == "called":
            raise KeyError("columns")
        return middle()

    def middle() -> Iterator[dict[str, Any]]:
        yield from ROWS[:3]
        raise KeyError("columns")

    with pytest.raises(PluginError, match="cannot read this file: KeyError: 'columns'") as caught:
        load(file, read)
    assert caught.value.message.startswith(WHO)
    assert caught.value.place is not None
    assert caught.value.place.file == str(file)


def test_a_reader_says_itself_what_is_wrong_with_a_file(file: Path) -> None:
    """A `DataError` of the reader's passes: with its own place, or with the file's."""
    from hfshell.api import DataError as Published
    from hfshell.api import Place

    for place, shown in ((Place("tickets.sent", 7, 3), "tickets.sent:7:3"), (None, str(file))):

        def read(_path: Path, place: Place | None = place) -> Iterator[dict[str, Any]]:
            yield ROWS[0]
            raise Published("a bracket is never closed", place=place)

        with pytest.raises(DataError, match="never closed") as caught:
            load(file, read)
        assert str(caught.value.place) == shown


def test_no_rows_and_no_file(file: Path, tmp_path: Path) -> None:
    """A file without rows, and one that cannot be opened, are said as for other formats."""
    with pytest.raises(DataError, match="no rows"):
        load(file, lambda _path: [])
    with pytest.raises(DataError, match="cannot read this file: No such file"):
        load(file, lambda _path: (tmp_path / "gone").read_text().splitlines())  # type: ignore[arg-type]
    with pytest.raises(DataError, match="there is no file"):
        load(tmp_path / "missing.sent", lambda _path: ROWS)


def test_reading_is_cancelled_between_rows(file: Path) -> None:
    """An endless reader ends with Ctrl-C."""
    token, given = CancelToken(), []

    def read(_path: Path) -> Iterator[dict[str, Any]]:
        while True:
            given.append(1)
            if len(given) == 10:
                token.set()
            yield {"text": "again"}

    with pytest.raises(Interrupted):
        load_data([str(file)], DataOptions(), [ROLES], cancelled=token, formats=formats(read))
    assert len(given) == 10


def test_fingerprint_is_of_the_bytes(file: Path) -> None:
    """The same bytes are the same data, others are not, whatever the reader makes of them."""
    first = load(file, lambda _path: ROWS).fingerprint
    assert load(file, lambda _path: ROWS).fingerprint == first
    file.write_text("whatever else\n")
    assert load(file, lambda _path: ROWS).fingerprint != first


def test_a_recipe_reads_it_again(file: Path) -> None:
    """After a restart the same plugin reads the same file."""
    dataset = load(file, lambda _path: ROWS)
    recipe = json.loads(json.dumps(dict(dataset.recipe)))
    again = load_recipe(recipe, formats=formats(lambda _path: ROWS))
    assert again.fingerprint == dataset.fingerprint
    with pytest.raises(DataError, match=r"does not read \.sent files"):
        load_recipe(recipe)


def test_folders_and_splits_hold_such_files(tmp_path: Path) -> None:
    """Split files and shards in a plugin's format are found as others are."""
    for name in ("train.sent", "dev.SENT", "notes.md"):
        (tmp_path / name).write_text("x")
    dataset = load(tmp_path, lambda path: ROWS if path.stem == "train" else ROWS[:4])
    assert dataset.how.startswith("as given")
    assert len(dataset.validation) == 4


def test_the_longest_ending_reads(tmp_path: Path) -> None:
    """A plugin may read files that end in one of our endings and more; it cannot take ours away."""
    for name in ("a.sent.txt", "a.txt"):
        (tmp_path / name).write_text("a line that is long enough\nanother line, not the same\n")
    known = formats(lambda _path: [{"text": "the plugin's"}], ".sent.txt", ".txt")
    texts = [
        load_data([str(tmp_path / name)], DataOptions(), [ROLES], formats=known).train[0]["text"]
        for name in ("a.sent.txt", "a.txt")
    ]
    assert texts == ["the plugin's", "a line that is long enough"]


@pytest.mark.parametrize("options", [{"encoding": "latin-1"}, {"columns": ("text", "label")}])
def test_options_that_the_reader_would_not_see_are_refused(file: Path, options: dict[str, Any]) -> None:
    """An option that would change nothing is not taken in silence."""
    with pytest.raises(UsageError, match=r"not for \.sent files"):
        load(file, lambda _path: ROWS, **options)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("a.snt", "is it a .sent file? Then give its name that ending"),
        ("a.jsno", "is it a .json file? Then give its name that ending"),
        ("a.conllu", "hfshell-conllu gives it"),
        ("a.xlsx", "save the sheet as CSV in UTF-8"),
        ("a.pdf", "it reads csv, tsv, .*, sent"),
    ],
)
def test_an_unknown_ending_names_what_it_may_be(tmp_path: Path, name: str, hint: str) -> None:
    """A near miss, a package that reads it, or all that there is."""
    (tmp_path / name).write_text("x")
    packages = {".conllu": "hfshell-conllu gives it"}
    known = Formats(formats(lambda _path: ROWS).by_ending, packages.get)
    with pytest.raises(HfshellError, match="hfshell does not read") as caught:
        load_data([str(tmp_path / name)], DataOptions(), [ROLES], formats=known)
    assert caught.value.hint is not None
    assert re.fullmatch(hint.replace("?", r"\?"), caught.value.hint)
