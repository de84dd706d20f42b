"""Short ways to write a file and read it as a data set."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from hfshell.api.roles import Role
from hfshell.data import DataOptions, DataSet, load_data

ROLES = (Role.text(), Role.label())


def read(
    *sources: str | Path, roles: Sequence[Role] = ROLES, tasks: Sequence[Sequence[Role]] = (), **options: Any
) -> DataSet:
    """Read a data set as the `data` command does for text classification, or for other tasks."""
    return load_data([str(source) for source in sources], DataOptions(**options), tasks or [roles])


def write_csv(
    path: Path, rows: Iterable[Sequence[str]], *, header: Sequence[str] = ("text", "label")
) -> Path:
    """Write a CSV file as most programs do."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def write_json_lines(path: Path, rows: Iterable[Any]) -> Path:
    """Write a JSON Lines file, text as it is."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def all_rows(dataset: DataSet) -> list[dict[str, Any]]:
    """Return the rows of all splits, in the order of the file."""
    placed = [
        (dataset.row_place(split, index).line, dict(row))
        for split, rows in dataset.splits.items()
        for index, row in enumerate(rows)
    ]
    return [row for _, row in sorted(placed, key=lambda item: item[0] or 0)]


def findings(dataset: DataSet) -> dict[str, str]:
    """Return the audit's messages by name; of several with one name, joined."""
    found: dict[str, str] = {}
    for finding in dataset.findings:
        found[finding.name] = "\n".join(filter(None, (found.get(finding.name), finding.message)))
    return found


def messages(count: int, labels: Sequence[str] = ("billing", "refunds")) -> list[tuple[str, str]]:
    """Return distinct texts with labels in turn."""
    return [(f"message number {n} of many", labels[n % len(labels)]) for n in range(count)]
