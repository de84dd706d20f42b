"""Whatever text a program writes, the readers give back: property tests over all of Unicode."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.data.reading import all_rows, read

ENDS = [
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\u0085",
    "\u2028",
    "\u2029",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x1a",
    "\ufeff",
    "\x1b[2J",
]
WORDS = [
    "",
    " ",
    "NA",
    "null",
    "NaN",
    "007",
    "1e3",
    "true",
    "é",
    "e\u0301",
    "漢字",
    "\U0001f469\u200d\U0001f467",
]
AWKWARD = st.sampled_from([*ENDS, *WORDS, '"', '""', ",", ";", "\\", "#", "{", "}"])
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
CELLS = st.one_of(st.text(CHARACTERS, max_size=30), st.lists(AWKWARD, max_size=8).map("".join))
TABLES = st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=20)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | CELLS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(CELLS, inner, max_size=4),
    max_leaves=8,
)
RELAXED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
WHOLE = {"validation": 0.0, "test": 0.0}


def text_rows(rows: list[tuple[str, str]]) -> list[dict[str, str | None]]:
    """Return what rows mean: a blank label is none."""
    return [{"text": text, "label": label if label.strip() else None} for text, label in rows]


@RELAXED
@given(rows=TABLES, line_end=st.sampled_from(["\r\n", "\n"]), everything=st.booleans(), packed=st.booleans())
def test_csv_reads_back(
    tmp_path: Path, rows: list[tuple[str, str]], line_end: str, everything: bool, packed: bool
) -> None:
    """A table that a CSV writer wrote reads back cell for cell."""
    written = io.StringIO(newline="")
    # A bare carriage return is quoted, as Python's writer does since 3.13 and spreadsheets always did.
    loose = line_end == "\n" and any("\r" in cell for row in rows for cell in row)
    quoting = csv.QUOTE_ALL if everything or loose else csv.QUOTE_MINIMAL
    writer = csv.writer(written, lineterminator=line_end, quoting=quoting)
    writer.writerow(["text", "label"])
    writer.writerows(rows)
    content = written.getvalue().encode()
    path = tmp_path / ("table.csv.gz" if packed else "table.csv")
    path.write_bytes(gzip.compress(content) if packed else content)
    assert all_rows(read(path, **WHOLE)) == text_rows(rows)


@example(rows=[("\t\n", "")])
@RELAXED
@given(rows=TABLES)
def test_tsv_of_a_spreadsheet_reads_back(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    """Tab-separated cells that a program quoted read back cell for cell."""
    path = tmp_path / "table.tsv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_ALL)
        writer.writerow(["text", "label"])
        writer.writerows(rows)
    assert all_rows(read(path, **WHOLE)) == text_rows(rows)


@RELAXED
@given(rows=TABLES, escaped=st.booleans(), line_end=st.sampled_from(["\r\n", "\n"]))
def test_json_lines_read_back(
    tmp_path: Path, rows: list[tuple[str, str]], escaped: bool, line_end: str
) -> None:
    """Objects that a JSON writer wrote read back, whichever way it writes what is not ASCII."""
    texts = text_rows(rows)
    lines = [json.dumps(row, ensure_ascii=escaped) + line_end for row in texts]
    path = tmp_path / "table.jsonl"
    path.write_bytes("".join(lines).encode())
    assert all_rows(read(path, **WHOLE)) == texts


@RELAXED
@given(values=st.lists(JSON_VALUES, min_size=1, max_size=10), indent=st.sampled_from([None, 1]))
def test_json_values_keep_their_type(tmp_path: Path, values: list[Any], indent: int | None) -> None:
    """0, 0.0, false, "0", null, lists and objects come back as what they were, alone or mixed."""
    path = tmp_path / "table.json"
    path.write_text(json.dumps([{"cell": value} for value in values], indent=indent), encoding="utf-8")
    rows = read(path, roles=(), **WHOLE).train
    shown = [rows.shown(index)["cell"] for index in range(len(rows))]
    assert json.dumps(shown) == json.dumps(values)


@RELAXED
@given(rows=TABLES)
def test_parquet_reads_back(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    """A Parquet table's texts read back."""
    path = tmp_path / "table.parquet"
    pq.write_table(pa.table({"text": [row[0] for row in rows], "label": [row[1] for row in rows]}), path)
    assert all_rows(read(path, **WHOLE)) == text_rows(rows)


@RELAXED
@given(
    lines=st.lists(CELLS.map(lambda text: text.replace("\n", "").rstrip("\r").lstrip("\ufeff")), min_size=1)
)
def test_text_lines_read_back(tmp_path: Path, lines: list[str]) -> None:
    """Lines end with a line feed alone, whatever else Unicode calls a line end."""
    path = tmp_path / "lines.txt"
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())
    assert [row["text"] for row in read(path, **WHOLE).train] == lines
