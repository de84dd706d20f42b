"""Damaged files of every format: rows, or an error of ours; never a traceback."""

from __future__ import annotations

import gzip
import io
import json
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hfshell.errors import HfshellError
from tests.data.reading import ROLES, messages, read

ROWS = [{"text": text, "label": label} for text, label in [*messages(12), ('über 漢字\n"q"', "é")]]


def whole_files() -> dict[str, bytes]:
    """Return a sound file of each format."""
    table = pa.Table.from_pylist(ROWS)
    parquet, arrow = io.BytesIO(), io.BytesIO()
    pq.write_table(table, parquet)
    with pa.ipc.new_file(arrow, table.schema) as writer:
        writer.write_table(table)
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode()
    delimited = "".join(f'"{row["text"].replace(chr(34), chr(34) * 2)}",{row["label"]}\n' for row in ROWS)
    return {
        "t.csv": b"text,label\n" + delimited.encode(),
        "t.tsv": b"text\tlabel\n" + delimited.replace('",', '"\t').encode(),
        "t.jsonl": lines,
        "t.json": json.dumps({"data": ROWS}, indent=1).encode(),
        "t.txt": lines,
        "t.jsonl.gz": gzip.compress(lines, mtime=0),
        "t.parquet": parquet.getvalue(),
        "t.arrow": arrow.getvalue(),
    }


WHOLE = whole_files()
EDITS = st.lists(
    st.tuples(
        st.integers(0, 10_000),
        st.sampled_from(["flip", "cut", "insert", "drop"]),
        st.binary(min_size=1, max_size=4),
    ),
    min_size=1,
    max_size=4,
)


def damaged(content: bytes, edits: list[tuple[int, str, bytes]]) -> bytes:
    """Return the content with some bytes changed, inserted, dropped, or its end cut off."""
    for position, how, new in edits:
        at = position % (len(content) + 1)
        rest = {
            "flip": new + content[at + len(new) :],
            "cut": b"",
            "insert": new + content[at:],
            "drop": content[at + 2 :],
        }
        content = content[:at] + rest[how]
    return content


@pytest.mark.parametrize("name", WHOLE)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(edits=EDITS, skip=st.booleans())
def test_damage_is_read_or_refused(
    tmp_path: Path, name: str, edits: list[tuple[int, str, bytes]], skip: bool
) -> None:
    """Whatever happened to a file on its way, it gives rows or one error of ours."""
    (tmp_path / name).write_bytes(damaged(WHOLE[name], edits))
    with suppress(HfshellError):
        dataset = read(tmp_path / name, skip_bad_rows=skip)
        assert sum(len(list(rows)) for rows in dataset.splits.values()) > 0
        dataset.require(ROLES, training=True)


@pytest.mark.parametrize("name", WHOLE)
def test_the_files_are_sound_before(tmp_path: Path, name: str) -> None:
    """What is damaged above is read whole when it is not."""
    (tmp_path / name).write_bytes(WHOLE[name])
    dataset = read(tmp_path / name)
    assert sum(len(rows) for rows in dataset.splits.values()) == len(ROWS)
