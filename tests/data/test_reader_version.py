"""The readers' version is part of every fingerprint: no run goes on with other rows than it began with."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from hfshell.api.roles import Role
from hfshell.data.fingerprint import READER_VERSION
from tests.data.reading import all_rows, read

_CONTEXT = "Ada wrote notes."
_SQUAD = [
    {"context": _CONTEXT, "qas": [{"question": "Who?", "answers": [{"text": "Ada", "answer_start": 0}]}]}
]
_ANSWER = {"text": ["Ada"], "answer_start": [0]}

_TWO = """{"question": "a?", "choices": ["x", "y"], "answer": KEY}
{"question": "b?", "choices": ["x", "y"], "answer": OTHER}"""

FILES: dict[str, tuple[str, tuple[Role, ...]]] = {
    "labels.csv": ("text,label\nmy card,0\n a box ,1\n", (Role.text(), Role.label())),
    "several.jsonl": (
        '{"text": "a", "labels": "x; y"}\n{"text": "b", "labels": ""}',
        (Role.text(), Role.labels()),
    ),
    "numbers.tsv": ("text\tscore\na b\t1.5\nc d\t2.5\n", (Role.text(), Role.number())),
    "one_based.jsonl": (
        _TWO.replace("KEY", "1").replace("OTHER", "2"),
        (Role.text("question", name="text"), Role.choices(), Role.index()),
    ),
    "lettered.jsonl": (
        _TWO.replace("KEY", '"B"').replace("OTHER", '"A"'),
        (Role.text("question", name="text"), Role.choices(), Role.index()),
    ),
    "tags.conll": ("Ada I-PER\nwrote O\n\nBox O\n\n", (Role.tokens(), Role.tags())),
    "squad.json": (
        json.dumps({"data": [{"title": "T", "paragraphs": _SQUAD}]}),
        (Role.text("question", name="question"), Role.text("context", name="context"), Role.answers()),
    ),
    "talks.jsonl": (
        '{"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"}]}',
        (Role.messages(),),
    ),
    "stories.txt": ("One.\n<|endoftext|>\nTwo.\n<|endoftext|>\n", (Role.text(),)),
}


def _read(folder: Path) -> list[Any]:
    found = []
    for name, (text, roles) in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
        found.append([name, all_rows(read(folder / name, roles=roles, validation=0, test=0))])
    return found


def test_other_rows_have_another_version(tmp_path: Path) -> None:
    """Whoever has the readers give other rows for these bytes raises `READER_VERSION`, and notes both."""
    rows = _read(tmp_path)
    digest = hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()[:16]
    assert (READER_VERSION, digest) == (2, "5886ff809fae09b8"), json.dumps(rows, indent=1)
