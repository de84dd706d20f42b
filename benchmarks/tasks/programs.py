"""Oracle of programs: each run with its tests by a bare Python."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence

from benchmarks.tasks import gold
from benchmarks.tasks.case import Evidence, Oracle

_SECONDS = 20


def programs(file: str) -> Oracle:
    """Return the oracle of pass@1. The set's own programs must pass too, else it proves nothing.

    Args:
        file: with `code`, `test_setup_code` and `test_list`, under the folder of the sets.
    """

    def measured(evidence: Evidence) -> Mapping[str, float]:
        rows = gold.records(evidence.data / file)[: evidence.count]
        own = [_passes(row["test_setup_code"], row["code"], row["test_list"]) for row in rows]
        if not all(own):
            raise ValueError(f"{own.count(False)} of the set's own programs do not pass their tests")
        passed = [
            _passes(row["test_setup_code"], prediction["generated_text"], row["test_list"])
            for row, prediction in zip(rows, evidence.predictions, strict=True)
        ]
        return {"pass_at_1": sum(passed) / len(passed)}

    return measured


def _passes(setup: str, code: str, tests: Sequence[str]) -> bool:
    text = "\n".join((setup, code, *tests, "print('all hold')"))
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", text], capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (subprocess.TimeoutExpired, ValueError):  # a NUL is no argument
        return False
    return done.returncode == 0 and done.stdout.endswith("all hold\n")
