"""The right answers, read from the files with nothing but csv and json."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Record = dict[str, Any]


def records(path: Path) -> list[Record]:
    """Return the rows of a .csv, .tsv or .jsonl file."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    if path.suffix == ".tsv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in content.decode().split("\n") if line]


def sentences(path: Path) -> list[tuple[list[str], list[str]]]:
    """Return the tokens and the tags of each sentence of a CoNLL file with two columns."""
    blocks = path.read_text(encoding="utf-8").strip("\n").split("\n\n")
    pairs = [[line.split("\t") for line in block.split("\n") if line] for block in blocks]
    return [([token for token, _ in pair], [tag for _, tag in pair]) for pair in pairs]


def lines(path: Path) -> list[str]:
    """Return the lines of a file, blank ones too."""
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def column(path: Path, name: str, count: int) -> Sequence[Any]:
    """Return a column of the first rows."""
    return [row[name] for row in records(path)[:count]]
