"""Rows with other texts: which of them are new, and files that they can be read from again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hfshell.api.guards import Guard
from hfshell.data.dataset import DataSet
from hfshell.data.fingerprint import EMPTY_KEY, row_key
from hfshell.data.folder import SPLITS
from hfshell.data.table import RowTable
from hfshell.storage import write_file_atomically

Texts = tuple[str, ...]
"""A row's texts, one for each of the columns that are edited."""


@dataclass(frozen=True)
class Augmentation:
    """What became of the texts that were made.

    Attributes:
        columns: those whose texts were edited.
        made: for each new row, the number of the training row that it is made of, and its texts.
        unchanged: texts that came back as they were, or empty.
        repeated: texts that train, or another new row, has already.
        leaking: texts that a validation or test split has.
    """

    columns: tuple[str, ...]
    made: tuple[tuple[int, Texts], ...]
    unchanged: int = 0
    repeated: int = 0
    leaking: int = 0

    def leaks(self) -> Guard | None:
        """Say that rows of a test would have been trained on."""
        if not self.leaking:
            return None
        message = f"{self.leaking:,} edited texts stand in validation or test: they were left out"
        return Guard("leakage", "warn", message, count=self.leaking)


def texts_of(dataset: DataSet, split: str, columns: Sequence[str]) -> list[Texts]:
    """Return the texts of a split's rows; a missing one is empty."""
    part = dataset.loaded.parts.get(split)
    if part is None:
        return []
    cells = [part.rows.take(part.chosen).cells(column) for column in columns]
    return [tuple(str(cell or "") for cell in row) for row in zip(*cells, strict=True)]


def augmented(dataset: DataSet, columns: Sequence[str], made: Sequence[tuple[int, Texts]]) -> Augmentation:
    """Keep the rows that are new: not blank, of no other text, and in no split that is measured.

    Texts are the same when they differ in case and white space alone.

    Args:
        dataset: where they come from.
        columns: those whose texts were edited.
        made: number of a training row, and its edited texts.
    """
    before = [row_key(*texts) for texts in texts_of(dataset, "train", columns)]
    seen = set(before)
    measured = {
        row_key(*texts) for split in SPLITS if split != "train" for texts in texts_of(dataset, split, columns)
    }
    kept: list[tuple[int, Texts]] = []
    unchanged = repeated = leaking = 0
    for number, texts in made:
        key = row_key(*texts)
        if key in (before[number], EMPTY_KEY):
            unchanged += 1
        elif key in measured:
            leaking += 1
        elif key in seen:
            repeated += 1
        else:
            seen.add(key)
            kept.append((number, texts))
    return Augmentation(tuple(columns), tuple(kept), unchanged, repeated, leaking)


def write(dataset: DataSet, new: Augmentation, parent: Path) -> Path:
    """Write a data set and its new training rows to JSONL files, one a split.

    Args:
        dataset: the rows that there are; all of their columns are written that are not made of others.
        new: rows to add to train, behind those that there are.
        parent: the folder is in it, named after the content: the same rows are written once.

    Raises:
        StorageError: the disk refused.
    """
    lines = {split: list(_lines(part.rows.take(part.chosen))) for split, part in dataset.loaded.parts.items()}
    train = [json.loads(line) for line in lines["train"]]
    added = [{**train[number], **dict(zip(new.columns, texts, strict=True))} for number, texts in new.made]
    lines["train"] += map(_line, added)
    files = {f"{split}.jsonl": "".join(f"{line}\n" for line in rows) for split, rows in lines.items()}
    content = hashlib.sha256("\0".join(name + files[name] for name in sorted(files)).encode())
    folder = parent / content.hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        if not (folder / name).exists():
            write_file_atomically(folder / name, text)
    return folder


def _lines(rows: RowTable) -> Iterator[str]:
    columns = [column for column in rows.columns if column not in rows.derived]
    cells = [rows.cells(column) for column in columns]
    for row in zip(*cells, strict=True):
        yield _line(dict(zip(columns, row, strict=True)))


def _line(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=True, default=str)
