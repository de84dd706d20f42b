"""What was measured, kept in a JSON file, so that cases may be run one at a time."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.tasks.case import Case
from benchmarks.tasks.running import Ran

_TOLERANCE = 5e-5
"""Half of the fourth digit; of numbers above 1 relative to them."""


@dataclass(frozen=True)
class Measured:
    """What `eval` and the oracle said.

    Attributes:
        case: its name.
        data: the set.
        task: as it was found.
        model: what was used, in words.
        trained: rows learnt from, each as often as `epochs` says; 0 of none.
        epochs: passes over them.
        rows: that were measured.
        seconds: from start to end.
        processor_seconds: of all cores.
        values: of each metric that the oracle computed, the headline first.
        low, high: 95 % interval of the headline; None where `eval` gives none.
        oracle: the same metrics by the oracle.
        by: what the oracle is.
        date: of the run.
    """

    case: str
    data: str
    task: str
    model: str
    trained: int
    epochs: float
    rows: int
    seconds: float
    processor_seconds: float
    values: Mapping[str, float]
    low: float | None
    high: float | None
    oracle: Mapping[str, float]
    by: str
    date: str

    @property
    def differing(self) -> list[str]:
        """Return the metrics that are not equal to four digits."""
        return [
            name
            for name, value in self.oracle.items()
            if not math.isclose(self.values[name], value, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)
        ]


def measured(case: Case, ran: Ran) -> Measured:
    """Hold what `eval` said against the oracle.

    Raises:
        KeyError: `eval` has no metric of a name that the oracle has.
    """
    evaluation = ran.evidence.evaluation
    metrics = {metric["name"]: metric for metric in evaluation["metrics"]}
    oracle = {name: float(value) for name, value in case.oracle(ran.evidence).items()}
    headline = metrics[next(iter(oracle))]
    trained = _trained(ran.results)
    return Measured(
        case=case.name,
        data=case.data,
        task=str(evaluation["task"]),
        model=case.model,
        trained=int(trained["rows"]),
        epochs=float(trained["epochs"]),
        rows=ran.evidence.count,
        seconds=ran.seconds,
        processor_seconds=ran.processor_seconds,
        values={name: float(metrics[name]["value"] or 0) for name in oracle},  # None where libraries say 0
        low=headline["low"],
        high=headline["high"],
        oracle=oracle,
        by=case.by,
        date=datetime.now(tz=UTC).date().isoformat(),
    )


def _trained(results: Mapping[str, Any]) -> Mapping[str, float]:
    """Return on how many rows the model was trained, and how often on each."""
    tuned = [result for result in results.values() if result["kind"] == "finetune"]
    if not tuned:
        return {"rows": 0, "epochs": 0}
    splits = {split["name"]: split["rows"] for split in results["d"]["splits"]}
    return {"rows": splits["train"], "epochs": round(tuned[-1]["epochs"], 2)}


def read(path: Path) -> dict[str, Measured]:
    """Return what a file holds, by case; nothing of a file that is not there."""
    if not path.exists():
        return {}
    return {record["case"]: Measured(**record) for record in json.loads(path.read_text())}


def write(path: Path, found: Mapping[str, Measured]) -> None:
    """Write what was measured."""
    path.write_text(json.dumps([asdict(one) for one in found.values()], indent=1) + "\n")
