"""Masked words and next sentences keep to the contract that a stranger's tasks have to keep."""

from __future__ import annotations

import json
from pathlib import Path
from typing import ClassVar

from hfshell.testing import TaskConformance

PLACES = ("river", "market", "harbour", "garden", "station", "bridge")


class TestFillMask(TaskConformance):
    """Masked words pass every check; each text hides one."""

    task = "fill-mask"
    options: ClassVar[dict[str, str]] = {"predict": "--top-k 3"}

    def dataset(self, folder: Path) -> Path:
        """Write texts in each of which one word is hidden."""
        rows = [
            {"text": f"my card was charged [MASK] at the {PLACES[number % 6]} {number}"}
            for number in range(60)
        ]
        return _written(folder, rows)


class TestNextSentence(TaskConformance):
    """Pairs of sentences pass every check."""

    task = "next-sentence-prediction"

    def dataset(self, folder: Path) -> Path:
        """Write pairs of which every other one goes together."""
        rows = [
            {
                "sentence1": f"we met at the {PLACES[number % 6]} {number}",
                "sentence2": f"the {PLACES[(number + number % 2) % 6]} was late",
                "label": ("is_next", "not_next")[number % 2],
            }
            for number in range(60)
        ]
        return _written(folder, rows)


def _written(folder: Path, rows: list[dict[str, str]]) -> Path:
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
