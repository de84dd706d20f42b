"""A script run by `hfshell` in a folder and a home of its own."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.tasks.case import Case, Evidence

_SAID = "said"
_LAST_LINES = 15


@dataclass(frozen=True)
class Ran:
    """What came of a script.

    Attributes:
        seconds: from start to end, the start of Python and torch included.
        processor_seconds: of all cores, in it and in the process that it starts.
        results: of each line that gave one, by the name that it binds, the last of a kind without one.
        evidence: for the oracle.
    """

    seconds: float
    processor_seconds: float
    results: Mapping[str, Any]
    evidence: Evidence


class FailedError(Exception):
    """A script ended before its end."""


@contextmanager
def ran(case: Case, data: Path, models: Path) -> Iterator[Ran]:
    """Run a case's script; what it wrote is gone afterwards.

    Raises:
        FailedError: it failed.
    """
    with tempfile.TemporaryDirectory(prefix="hfshell-bench-") as place:
        folder = Path(place)
        (folder / "case.hfsh").write_text(case.script)
        command = [str(Path(sys.executable).parent / "hfshell"), "case.hfsh", "--json"]
        arguments = [f"data={data.resolve()}", f"models={models.resolve()}"]
        environment = {**os.environ, "HFSHELL_HOME": str(folder / "home"), "HF_HUB_OFFLINE": "1"}
        began, processor = time.perf_counter(), _processor_seconds()
        with (folder / _SAID).open("w") as said:
            done = subprocess.run(
                [*command, *arguments], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=said,
                text=True, check=False,
            )  # fmt: skip
        seconds, used = time.perf_counter() - began, _processor_seconds() - processor
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        if done.returncode or any(line["status"] != "ok" for line in lines):
            raise FailedError(_last_words(folder, done))
        results = {line["name"] or line["command"]: line["result"] for line in lines if line.get("result")}
        yield Ran(seconds, used, results, Evidence(data, folder, results["ev"]))


def _processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _last_words(folder: Path, done: subprocess.CompletedProcess[str]) -> str:
    said = (folder / _SAID).read_text().splitlines()[-_LAST_LINES:]
    return "\n".join((f"exit code {done.returncode}", *done.stdout.splitlines()[-1:], *said))
