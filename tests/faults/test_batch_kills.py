"""`kill -9` in a batch with a checkpoint: resumed, it comes to what a batch comes to that nobody kills.

And no line that was written down as done is done again. With the checkpoint's memory taken out, lines are.
"""

from __future__ import annotations

import csv
import hashlib
import json
import random
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from hfshell.session.checkpointing.file import CheckpointFile
from tests.faults.batch_server import Trial
from tests.faults.forking import ROOT, ForkingServer
from tests.models.tiny import bert

pytestmark = pytest.mark.timeout(600)  # the first test waits for the server's imports
TOPICS = {
    "billing": ("card", "charged", "twice", "refund", "money"),
    "delivery": ("parcel", "delivery", "late", "box", "broken"),
    "account": ("change", "password", "account", "log", "email"),
}
BATCH = """\
param rate
d = data rows.csv
set seed 7
let epochs = 2
base = load ./tiny
first = finetune base d --epochs $epochs --learning-rate $rate --batch-size 8 --save-every 3
source more.hfsh
expect seen.n > 4
predict second many.csv > out.jsonl
predict _ "my card" "the parcel" >> log.jsonl
eval first d.test
echo "$_.n rows, seed $epochs" >> log.txt
save second kept
unload base
sums = data many.csv --limit 20
predict second sums.train > few.csv
expect _.n > 3
"""
MORE = """\
second = finetune first d --epochs 1 --learning-rate 1e-3 --batch-size 8 --save-every 2
seen = eval second d.test
echo "$seen.n rows of the test" >> log.txt
"""
RUNS = 4
OUTPUTS = ("out.jsonl", "log.jsonl", "log.txt", "few.csv", "kept/model.safetensors")


def write_table(path: Path, rows: int) -> None:
    """Write messages in three queues, as a csv file."""
    draw = random.Random(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["message", "queue"])
        for number in range(rows):
            queue = list(TOPICS)[number % 3]
            words = draw.choices(TOPICS[queue], k=draw.randint(4, 9))
            writer.writerow([f"{' '.join(words)} {number}", queue])


@dataclass
class Place:
    """A folder in which a batch runs, and what came of its lives.

    Attributes:
        lives: how often it was killed.
        seconds: all its lives took.
        again: lines that were done again though they had been written down as done.
    """

    folder: Path
    lives: int = 0
    seconds: float = 0.0
    again: list[str] = field(default_factory=list)

    @classmethod
    def made(cls, folder: Path, model: Path) -> Place:
        """Make a folder with a batch, its data and a model."""
        folder.mkdir()
        (folder / "batch.hfsh").write_text(BATCH)
        (folder / "more.hfsh").write_text(MORE)
        (folder / "tiny").symlink_to(model)
        write_table(folder / "rows.csv", 60)
        write_table(folder / "many.csv", 150)
        return cls(folder)

    @property
    def trial(self) -> Trial:
        """One life of the batch."""
        return Trial(str(self.folder), str(self.folder / "home"), str(self.folder / "heard"))

    def done(self) -> set[str]:
        """Return the lines that are written down as done, and name no script that they source."""
        path = self.folder / "batch.checkpoint"
        if not path.exists():
            return set()
        checkpoint = CheckpointFile.open(str(path))
        checkpoint.close()
        found: dict[str, bool] = {}
        for record in checkpoint.records:
            if record["kind"] in ("begun", "done"):
                found[record["line"]] = record["kind"] == "done"
        return {_as_heard(line) for line, is_done in found.items() if is_done}

    def heard(self) -> list[str]:
        """Return the lines that began since this was last asked."""
        path = self.folder / "heard"
        lines = path.read_text().splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return lines

    def outcome(self) -> dict[str, Any]:
        """Return what must not depend on kills."""
        files = {name: hashlib.sha256((self.folder / name).read_bytes()).hexdigest() for name in OUTPUTS}
        runs = sorted((self.folder / "home" / "data" / "runs").glob("*/"))
        results = [json.loads((run / "result.json").read_text()) for run in runs]
        metrics = sorted(json.dumps([item["kind"], item["metrics"], item["n"]]) for item in results)
        states = [json.loads((run / "status.json").read_text())["state"] for run in runs]
        left = sorted(path.name for path in self.folder.iterdir() if not path.name.startswith((".", "heard")))
        return {"files": files, "metrics": metrics, "states": states, "left": left}


def _as_heard(line: str) -> str:
    outer, _, inner = line.partition("/")
    return f"more.hfsh:{inner}" if inner else f"batch.hfsh:{outer}"


class Server(ForkingServer):
    """The process that forks batches, and what one that nobody kills comes to."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            "batch_server.py", {"PYTHONPATH": f"{ROOT}:{ROOT / 'plugins'}", "HFSHELL_PLUGINS": ""}
        )
        self.folder = folder
        self.model = bert(folder / "tiny")
        self.run(replace(Place.made(folder / "first", self.model).trial, checkpoint=None))
        whole = Place.made(folder / "whole", self.model)
        killed, self.seconds, code = self.run(whole.trial)
        assert (killed, code) == (False, 0), whole.folder
        self.expected = whole.outcome()
        assert len(self.expected["metrics"]) == RUNS

    def run(self, trial: Trial) -> tuple[bool, float, int]:
        """Run a trial; return whether it was killed, its seconds, and its code."""
        killed, seconds, code = self.answer(asdict(trial))
        return killed, seconds, code

    def killed_and_resumed(self, draw: random.Random, name: str) -> Place:
        """Kill a batch at random moments, up to three times, resume it each time, and return its place."""
        place, left = Place.made(self.folder / name, self.model), self.seconds
        for _ in range(draw.randint(1, 3)):
            moment = draw.uniform(0, left)
            if not self._lived(place, replace(place.trial, kill_after=moment)):
                self.seconds = min(self.seconds, place.seconds)  # the machine has less to do than it had
                return place
            left = max(left - moment, self.seconds / 10)
        self._lived(place, place.trial)
        return place

    def _lived(self, place: Place, trial: Trial) -> bool:
        """Run one life, look which lines were done again, and return whether it was killed."""
        done = place.done()
        place.heard()
        killed, seconds, code = self.run(trial)
        place.seconds += seconds
        place.again += sorted(done & set(place.heard()))
        place.lives += killed
        errors = Path(f"{trial.heard}.errors")
        assert killed or code == 0, errors.read_text() if errors.exists() else code
        return killed


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start the server once, for importing torch takes longer than a batch."""
    server = Server(tmp_path_factory.mktemp("batches"))
    yield server
    server.close()


def kill(server: Server, kills: int, record_property: Any) -> None:
    """Kill batches that often, and hold what they come to against the one that nobody killed."""
    seed = random.randrange(1 << 32)
    draw, done, batches = random.Random(seed), 0, 0
    while done < kills:
        place = server.killed_and_resumed(draw, f"{kills}-{batches}")
        assert place.again == [], (seed, place.folder)
        assert place.outcome() == server.expected, (seed, place.folder)
        shutil.rmtree(place.folder)
        done, batches = done + place.lives, batches + 1
        print(done, end=" ", flush=True)
    figures = {"kills": done, "batches": batches, "seed": seed}
    record_property("figures", figures)
    print(figures)


@pytest.mark.slow
def test_killed_at_random_moments(server: Server, record_property: Any) -> None:
    """Four kills: the same bytes and metrics, no run left over, nothing done twice that was done."""
    kill(server, 4, record_property)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_two_hundred_kills(server: Server, record_property: Any) -> None:
    """Two hundred kills."""
    kill(server, 200, record_property)


@pytest.mark.slow
def test_without_the_checkpoint_lines_are_done_again(server: Server) -> None:
    """The same kills, with finished lines not known again, are noticed: the count of them counts."""
    draw = random.Random(1)
    for number in range(20):
        place = Place.made(server.folder / f"forgetful-{number}", server.model)
        killed, _, _ = server.run(replace(place.trial, kill_after=draw.uniform(0.5, 1) * server.seconds))
        if killed and place.done():
            break
    done = place.done()
    place.heard()
    server.run(replace(place.trial, forgetful=True))
    assert done & set(place.heard())
