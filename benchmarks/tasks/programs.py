"""Oracle of programs: each run with its tests by a bare Python."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.tasks import gold
from benchmarks.tasks.case import Evidence, Oracle
from hfshell_tasks.code_generation.running import Limits, run

_SECONDS = 20


def programs(file: str) -> Oracle:
    """Return the oracle of pass@1.

    A small model passes nothing, which proves little: the set's own programs are run too, here and by the
    task's own runner, each with its tests, which it must pass, and with those of the next row.

    Args:
        file: with `code`, `test_setup_code` and `test_list`, under the folder of the sets.
    """

    def measured(evidence: Evidence) -> Mapping[str, float]:
        rows = gold.records(evidence.data / file)[: evidence.count]
        _require_agreement(rows)
        passed = [
            _passes(row["test_setup_code"], prediction["generated_text"], row["test_list"])
            for row, prediction in zip(rows, evidence.predictions, strict=True)
        ]
        return {"pass_at_1": sum(passed) / len(passed)}

    return measured


def _require_agreement(rows: Sequence[Mapping[str, Any]]) -> None:
    for row, before in zip(rows, [*rows[-1:], *rows[:-1]], strict=True):
        setup, tests = row["test_setup_code"], row["test_list"]
        for code in (row["code"], before["code"]):
            expected = _passes(setup, code, tests)
            ending = run(f"{setup}\n{code}\n", tests, Limits(seconds=_SECONDS)).ending
            if expected != (ending == "passed") or (code is row["code"] and not expected):
                raise ValueError(f"task {row['task_id']}: {ending}, and {expected} here, of {code!r:.60}")


def _passes(setup: str, code: str, tests: Sequence[str]) -> bool:
    text = "\n".join((setup, code, *tests, "print('all hold')"))
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", text], capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (subprocess.TimeoutExpired, ValueError):  # a NUL is no argument
        return False
    return done.returncode == 0 and done.stdout.endswith("all hold\n")
