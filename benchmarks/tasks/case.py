"""What a case is, and what its oracle is given."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

PREDICTIONS = "predictions.jsonl"
MODEL = "model"


@dataclass(frozen=True)
class Evidence:
    """What a script left behind.

    Attributes:
        data: folder of the sets.
        folder: where the script ran, with the files that it wrote.
        evaluation: what `eval` gave, as `--json` prints it.
    """

    data: Path
    folder: Path
    evaluation: Mapping[str, Any]

    @cached_property
    def predictions(self) -> list[Any]:
        """Return the prediction of each measured row, in order.

        Raises:
            ValueError: a row is missing, or not at its place.
        """
        rows = [json.loads(line) for line in (self.folder / PREDICTIONS).read_text().splitlines()]
        if [row["row"] for row in rows] != list(range(1, self.count + 1)):
            raise ValueError(f"the predictions are not those of rows 1 to {self.count}")
        return [row["prediction"] for row in rows]

    @property
    def count(self) -> int:
        """Return how many rows were measured."""
        return int(self.evaluation["n"])

    @property
    def model(self) -> Path:
        """Return the folder that `save` wrote the model to."""
        return self.folder / MODEL


Oracle = Callable[[Evidence], Mapping[str, float]]
"""Gives metrics by the names that `eval` has for them, the headline first."""


@dataclass(frozen=True)
class Case:
    """A set, a task, and the script that brings a model to both.

    Attributes:
        name: of the case.
        data: the set's folder.
        model: what is used, in words.
        lines: of the script; `$data` and `$models` stand for the folders. `ev` is what is held against the
            oracle.
        oracle: computes the same.
        by: what the oracle is, in words.
    """

    name: str
    data: str
    model: str
    lines: Sequence[str]
    oracle: Oracle
    by: str

    @property
    def script(self) -> str:
        """Return the script."""
        return "\n".join(("param data", "param models", *self.lines, ""))

    @property
    def epochs(self) -> float | None:
        """Return how often the script has a model see its rows; None where it trains none."""
        found = re.search(r"--epochs (\S+)", self.script)
        return float(found[1]) if found else None

    def trained_for(self, epochs: float | None) -> Case:
        """Return the same with another length of training; None is its own."""
        if epochs is None:
            return self
        return replace(
            self, lines=[re.sub(r"--epochs \S+", f"--epochs {epochs:g}", line) for line in self.lines]
        )
