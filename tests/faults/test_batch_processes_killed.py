"""`kill -9` of the processes of a batch: shell, kernel, or both. Resumed, nothing is lost or done twice."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.faults.test_batch_kills import ROOT, write_table
from tests.models.tiny import bert

pytestmark = [pytest.mark.timeout(600), pytest.mark.slow]
BATCH = """\
d = data rows.csv
base = load ./tiny
m = finetune base d --epochs 12 --learning-rate 5e-3 --batch-size 8 --save-every 2
echo trained >> log.txt
predict m many.csv > out.jsonl
echo predicted >> log.txt
"""
VICTIMS = ("shell", "kernel", "both")


@dataclass
class RealBatch:
    """A folder in which `hfshell` runs a batch with a checkpoint.

    Attributes:
        folder: the folder.
        began: lines that began, in all lives.
        again: lines that began though they had been written down as done.
        kills: how many there were.
    """

    folder: Path
    began: list[int] = field(default_factory=list)
    again: list[int] = field(default_factory=list)
    kills: int = 0

    def __post_init__(self) -> None:
        """Write the batch and its data."""
        self.folder.mkdir()
        (self.folder / "batch.hfsh").write_text(BATCH)
        bert(self.folder / "tiny")
        write_table(self.folder / "rows.csv", 90)
        write_table(self.folder / "many.csv", 600)

    def start(self) -> subprocess.Popen[bytes]:
        """Begin, or go on."""
        (self.folder / "events").unlink(missing_ok=True)
        environment = {
            **os.environ,
            "PYTHONPATH": f"{ROOT}:{ROOT / 'plugins'}",
            "OMP_NUM_THREADS": "1",
            "HFSHELL_PLUGINS": "",
            "HFSHELL_HOME": str(self.folder / "home"),
        }
        command = [sys.executable, "-m", "hfshell", "batch.hfsh", "--checkpoint", "batch.checkpoint"]
        with (self.folder / "said").open("ab") as said:
            return subprocess.Popen(
                [*command, "--resume", "--log", "events"],
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
            )

    def records(self) -> list[dict[str, Any]]:
        """Return the whole records of the checkpoint, which may be written meanwhile."""
        path = self.folder / "batch.checkpoint"
        lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
        return [json.loads(line)["record"] for line in lines if line.endswith(b"}\n")]

    def life(self, ends: Callable[[], bool], victim: str) -> int | None:
        """Run until something is so, kill, and return None; the exit code when it ended before."""
        done = {int(record["line"]) for record in self.records() if record["kind"] == "done"}
        shell = self.start()
        try:
            while shell.poll() is None:
                if ends():
                    self._kill(shell, victim)
                    self.kills += 1
                    break
                time.sleep(0.002)
            code = shell.wait(300)
        finally:
            shell.kill()
        began = {int(record["line"]) for record in self.records() if record["kind"] == "begun"}
        self.began += sorted(began)
        events = self.folder / "events"
        lines = [json.loads(line) for line in events.read_text().splitlines()] if events.exists() else []
        started = {event["line"] for event in lines if event.get("event") == "started"}
        self.again += sorted(done & started)
        return None if code != 0 else code

    def _kill(self, shell: subprocess.Popen[bytes], victim: str) -> None:
        kernels = [
            child for child in psutil.Process(shell.pid).children() if "hfshell.kernel" in child.cmdline()
        ]
        if victim in ("shell", "both"):
            os.kill(shell.pid, signal.SIGKILL)
        if victim in ("kernel", "both"):
            for kernel in kernels:
                kernel.kill()

    def checkpointed(self) -> bool:
        """Whether training has left a checkpoint."""
        return any(self.folder.glob("home/data/runs/*/checkpoints/checkpoint-*/MANIFEST.json"))

    def outcome(self) -> dict[str, Any]:
        """Return what must not depend on kills."""
        (run,) = (self.folder / "home" / "data" / "runs").glob("*/")
        result = json.loads((run / "result.json").read_text())
        return {
            "weights": hashlib.sha256((run / "model" / "model.safetensors").read_bytes()).hexdigest(),
            "out": hashlib.sha256((self.folder / "out.jsonl").read_bytes()).hexdigest(),
            "log": (self.folder / "log.txt").read_text(),
            "steps": result["steps"],
            "losses": result["losses"],
        }


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the batch comes to when nobody kills it."""
    batch = RealBatch(tmp_path_factory.mktemp("whole") / "batch")
    assert batch.life(lambda: False, "nobody") == 0, (batch.folder / "said").read_text()
    return batch.outcome()


@pytest.mark.parametrize(
    "victim", ["shell", *(pytest.param(victim, marks=pytest.mark.slow) for victim in ("kernel", "both"))]
)
def test_killed_in_training(tmp_path: Path, expected: dict[str, Any], victim: str) -> None:
    """Training goes on from its checkpoint, in its run directory, to the same weights."""
    batch = RealBatch(tmp_path / "batch")
    assert batch.life(batch.checkpointed, victim) is None
    assert batch.kills == 1
    assert batch.life(lambda: False, "nobody") == 0, (batch.folder / "said").read_text()
    assert batch.outcome() == expected
    assert batch.again == []
    (run,) = (batch.folder / "home" / "data" / "runs").glob("*/")
    assert json.loads((run / "result.json").read_text())["resumed_from"] is not None


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_killed_at_random_moments(tmp_path: Path, expected: dict[str, Any], record_property: Any) -> None:
    """Twenty kills of shells, kernels and both, at random moments."""
    seed = random.randrange(1 << 32)
    draw, kills, batches = random.Random(seed), 0, 0
    longest = 20.0
    while kills < 20:
        batch = RealBatch(tmp_path / f"batch-{batches}")
        for _ in range(4):
            end = time.monotonic() + draw.uniform(0, longest)
            began = time.monotonic()
            if batch.life(lambda end=end: time.monotonic() >= end, draw.choice(VICTIMS)) == 0:  # type: ignore[misc]
                longest = min(longest, time.monotonic() - began)
                break
        else:
            assert batch.life(lambda: False, "nobody") == 0, (seed, (batch.folder / "said").read_text())
        assert batch.outcome() == expected, (seed, batch.folder)
        assert batch.again == [], (seed, batch.folder)
        kills, batches = kills + batch.kills, batches + 1
        print(kills, end=" ", flush=True)
    record_property("figures", {"kills": kills, "batches": batches, "seed": seed})
