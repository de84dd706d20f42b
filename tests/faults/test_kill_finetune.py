"""`kill -9` in a fine-tune: the resumed run gives the weights of a run that nobody killed, to the bit.

The same trials with the commit protocol taken out must fail, or these tests would prove nothing.
"""

from __future__ import annotations

import json
import random
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.finetune_server import Trial
from tests.faults.forking import ForkingServer

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow  # daily: damaged checkpoints in tests/compute
STEPS = 10
TORN = {"weights": 1, "optimizer": 2, "scheduler": 3, "random numbers": 4}
"""Calls of `torch.save` in a checkpoint; the first, of training arguments, follows the weights."""


class Server(ForkingServer):
    """The process that forks fine-tunes, and what one that nobody kills comes to."""

    def __init__(self, folder: Path) -> None:
        super().__init__("finetune_server.py", {})
        self.folder = folder
        trial = self.trial("whole")
        killed, self.seconds = self.run(trial)
        assert not killed
        self.expected = self.report(trial)["outcome"]
        assert self.expected["steps"] == STEPS

    def trial(self, name: str, protocol: str = "staged") -> Trial:
        """Return a fresh trial."""
        return Trial(str(self.folder / name / "run"), str(self.folder / name / "report"), protocol=protocol)

    def run(self, trial: Trial) -> tuple[bool, float]:
        """Run a trial; return whether it was killed, and its seconds."""
        Path(trial.result).parent.mkdir(exist_ok=True)
        Path(trial.result).unlink(missing_ok=True)
        killed, seconds = self.answer(asdict(trial))
        return killed, seconds

    @staticmethod
    def report(trial: Trial) -> dict[str, Any]:
        """Return what a trial that came to its end wrote."""
        body: dict[str, Any] = json.loads(Path(trial.result).read_text())
        return body

    def resumed(self, trial: Trial) -> dict[str, Any]:
        """Resume a killed trial to its end and return its report, with whether a save was under way."""
        mid_save = any(Path(trial.folder).glob(".staging-*"))
        killed, _ = self.run(replace(trial, resume=True, kill_after=None, torn_save=0))
        assert not killed
        return {**self.report(trial), "mid_save": mid_save}

    def killed_at_random(self, draw: random.Random, name: str, protocol: str = "staged") -> dict[str, Any]:
        """Kill a run at a random moment, resume it, and return the report of that."""
        for attempt in range(20):
            trial = self.trial(f"{name}-{attempt}", protocol)
            killed, _ = self.run(replace(trial, kill_after=draw.uniform(0, self.seconds)))
            if killed:
                return self.resumed(trial)
        pytest.fail("no kill landed while a run was under way")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start the server once, for importing torch takes longer than a trial."""
    server = Server(tmp_path_factory.mktemp("kills"))
    yield server
    server.close()


def test_killed_at_random_moments(server: Server) -> None:
    """Six kills, each resumed: weights, losses and validation are those of the run that nobody killed."""
    seed = random.randrange(1 << 32)
    draw = random.Random(seed)
    reports = [server.killed_at_random(draw, f"random-{number}") for number in range(6)]
    assert [report.get("outcome") for report in reports] == [server.expected] * 6, f"{seed=} {reports=}"


@pytest.mark.parametrize("checkpoint", [1, STEPS])
@pytest.mark.parametrize("file", TORN)
def test_killed_within_a_file(server: Server, file: str, checkpoint: int) -> None:
    """A file torn in the middle of any checkpoint is never read: the one before it is taken."""
    trial = server.trial(f"torn-{file}-{checkpoint}")
    killed, _ = server.run(replace(trial, torn_save=len(TORN) * (checkpoint - 1) + TORN[file]))
    assert killed
    report = server.resumed(trial)
    assert report["mid_save"]
    assert report["resumed_from"] == (checkpoint - 1 or None)
    assert report["outcome"] == server.expected


@pytest.mark.parametrize("file", TORN)
def test_without_the_protocol_it_fails(server: Server, file: str) -> None:
    """The same crash in a run that saves in place cannot be resumed, or comes to other weights."""
    trial = server.trial(f"in-place-{file}", "in place")
    killed, _ = server.run(replace(trial, torn_save=len(TORN) * (STEPS - 3) + TORN[file]))
    assert killed
    assert server.resumed(trial).get("outcome") != server.expected


def test_without_the_protocol_it_works_when_nobody_kills(server: Server) -> None:
    """Saving in place is at fault in the test above, not the way the protocol was taken out."""
    trial = server.trial("in-place-whole", "in place")
    server.run(trial)
    assert server.report(trial)["outcome"] == server.expected


@pytest.mark.timeout(900)
def test_thirty_kills(server: Server, record_property: Any) -> None:
    """Thirty kills at random moments, some within a save: thirty identical; in place they are not."""
    seed = random.randrange(1 << 32)
    staged = [server.killed_at_random(random.Random(seed + n), f"staged-{n}") for n in range(30)]
    in_place = [server.killed_at_random(random.Random(seed + n), f"stock-{n}", "in place") for n in range(30)]
    same = {
        name: sum(report.get("outcome") == server.expected for report in reports)
        for name, reports in (("staged", staged), ("in place", in_place))
    }
    figures = {**same, "killed in a save": sum(report["mid_save"] for report in staged), "seed": seed}
    record_property("figures", figures)
    print(figures)
    assert same["staged"] == 30, figures
    assert figures["killed in a save"] >= 5, figures
    assert same["in place"] < 30, figures
