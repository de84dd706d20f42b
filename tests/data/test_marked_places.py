"""Two things at places beside their text are read as a text with marks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hfshell.errors import DataError
from hfshell_tasks.relation_extraction import SPEC
from tests.data.reading import read, write_json_lines

TEXT = "the fire number {} came of a spark"
MARKED = "the <e1>fire</e1> number 0 came of a <e2>spark</e2>"


def first_text(folder: Path, row: dict[str, Any]) -> str:
    """Return what relation extraction reads of the first of thirty such rows."""
    rows = [
        {
            **{name: _numbered(cell, number) for name, cell in row.items()},
            "relation": ("cause", "none")[number % 2],
        }
        for number in range(9)
    ]
    found = read(write_json_lines(folder / "rows.jsonl", rows), roles=SPEC.roles, validation=0, test=0)
    return str(
        min(
            (one["text"] for one in found.for_task(SPEC.roles).train), key=lambda text: "number 0" not in text
        )
    )


def _numbered(cell: Any, number: int) -> Any:
    if isinstance(cell, str):
        return cell.replace("{}", str(number))
    return [_numbered(item, number) for item in cell] if isinstance(cell, list) else cell


@pytest.mark.parametrize(
    "row",
    [
        {"text": TEXT, "head": {"start": 4, "end": 8}, "tail": {"start": 28, "end": 33}},
        {"sentence": TEXT, "e1": [4, 8], "e2": [28, 33]},
        {
            "token": TEXT.split(" "),
            "subj_start": 1, "subj_end": 1, "obj_start": 7, "obj_end": 7,
        },
    ],
    ids=["objects", "lists", "tokens"],
)  # fmt: skip
def test_places_become_marks(tmp_path: Path, row: dict[str, Any]) -> None:
    """However the places are written; the first thing is the head, wherever it stands."""
    assert first_text(tmp_path, row) == MARKED


def test_the_head_may_stand_behind_the_tail(tmp_path: Path) -> None:
    """The marks say which is which, not the order."""
    row = {"text": TEXT, "head": {"start": 28, "end": 33}, "tail": {"start": 4, "end": 8}}
    assert first_text(tmp_path, row) == "the <e2>fire</e2> number 0 came of a <e1>spark</e1>"


@pytest.mark.parametrize("tail", [{"start": 6, "end": 12}, {"start": 28, "end": 99}])
def test_places_that_cannot_be_marked_are_said(tmp_path: Path, tail: dict[str, int]) -> None:
    """Things that overlap, or lie outside of the text, are faults of their rows."""
    good = {
        "text": TEXT,
        "head": {"start": 4, "end": 8},
        "tail": {"start": 28, "end": 33},
        "relation": "cause",
    }
    rows = [{**good, "text": TEXT.replace("{}", str(number))} for number in range(8)]
    path = write_json_lines(
        tmp_path / "rows.jsonl", [{**rows[0], "tail": tail, "relation": "none"}, *rows[1:]]
    )
    with pytest.raises(DataError):
        read(path, roles=SPEC.roles, validation=0, test=0).require(SPEC.roles)
