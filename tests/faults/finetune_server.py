"""Fine-tune in children that may be killed. Run as a program, it imports torch once and forks.

Each line on stdin is a `Trial` in JSON. When its child has ended, a line tells whether it was killed and how
many seconds it ran. A child that gets to its end writes what came out to `Trial.result`.
"""

from __future__ import annotations

import gc
import hashlib
import io
import json
import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import Trainer

from hfshell.api import Metric
from hfshell.compute import checkpoints
from hfshell.compute.finetune_trainer import FinetuneTrainer, TrainingOptions
from hfshell.compute.inference import stacked
from hfshell.compute.training import train
from hfshell.compute.validation import Validation
from hfshell.storage import Manifest
from tests.compute.tiny_bert import make_features, make_module, make_tokenizer

OPTIONS = TrainingOptions(epochs=2, batch_size=8, learning_rate=1e-2, save_every=1)
ROWS = 5 * 8 - 1


@dataclass(frozen=True)
class Trial:
    """One run, or its resumption.

    Attributes:
        folder: for checkpoints.
        result: file for the outcome.
        resume: whether to go on.
        protocol: `staged`, or `in place` for a run with the commit protocol taken out.
        kill_after: seconds after which it is killed; None for never.
        torn_save: which call of `torch.save` writes half a file and kills the process; 0 for none.
    """

    folder: str
    result: str
    resume: bool = False
    protocol: str = "staged"
    kill_after: float | None = None
    torn_save: int = 0


def take_the_protocol_out() -> None:
    """Save as a stock Trainer does, and resume from the highest number without a look at it."""

    def save_in_place(self: Any, model: Any, trial: Any) -> None:
        Trainer._save_checkpoint(self, model, trial)
        folder = checkpoints.checkpoint_path(Path(self.args.output_dir), self.state.global_step)
        for name, text in self.checkpoint_extras().items():
            (folder / name).write_text(text)
        checkpoints.prune(folder.parent, 2, {self.state.best_global_step})

    FinetuneTrainer._save_checkpoint = save_in_place
    checkpoints.faults_of = lambda _folder: ()
    checkpoints.read_manifest = lambda _folder: Manifest({}, {})
    checkpoints.differences = lambda _saved, _wanted: ()


def tear_save(number: int) -> None:
    """Make the n-th `torch.save` write half of its file and kill the process."""
    save, calls = torch.save, 0

    def torn(value: Any, path: Any, *rest: Any, **named: Any) -> None:
        nonlocal calls
        calls += 1
        if calls != number:
            save(value, path, *rest, **named)
            return
        whole = io.BytesIO()
        save(value, whole)
        Path(path).write_bytes(whole.getvalue()[: whole.tell() // 2])
        os.kill(os.getpid(), signal.SIGKILL)

    torch.save = torn


def digest(module: Any) -> str:
    """Return the SHA-256 of all weights."""
    total = hashlib.sha256()
    for name, value in sorted(module.state_dict().items()):
        total.update(name.encode() + value.numpy().tobytes())
    return total.hexdigest()


def finetune(trial: Trial) -> dict[str, Any]:
    """Train the model that every trial trains, and return what must not depend on kills."""
    held_out = make_features(24, seed=1)
    gold = torch.tensor([feature["labels"] for feature in held_out])

    def accuracy(outputs: Sequence[torch.Tensor]) -> list[Metric]:
        return [Metric("accuracy", (stacked(outputs).argmax(-1) == gold).float().mean().item())]

    module = make_module()
    run = train(
        module,
        make_features(ROWS),
        make_tokenizer(),
        OPTIONS,
        Path(trial.folder),
        validation=Validation(held_out, accuracy),
        resume=trial.resume,
    )
    outcome = {name: asdict(run)[name] for name in ("steps", "losses", "validation", "best_epoch", "rows")}
    return {"outcome": {**outcome, "weights": digest(module)}, "resumed_from": run.resumed_from}


def child(trial: Trial) -> None:
    """Run a trial and leave without a look back."""
    try:
        if trial.protocol == "in place":
            take_the_protocol_out()
        if trial.torn_save:
            tear_save(trial.torn_save)
        report = finetune(trial)
    except BaseException:  # noqa: BLE001 - whatever it was, it is the outcome
        report = {"error": traceback.format_exc(limit=-2)}
    Path(trial.result).write_text(json.dumps(report))
    os._exit(0)


def watch(pid: int, kill_after: float | None) -> tuple[bool, float]:
    """Wait for a child, kill it when its time has come, and tell whether a kill ended it, and its seconds."""
    began = time.monotonic()
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        seconds = time.monotonic() - began
        if ended:
            return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, seconds
        if kill_after is not None and seconds >= kill_after:
            os.kill(pid, signal.SIGKILL)  # not yet waited for, so still this child
        time.sleep(0.0005)


def main() -> None:
    """Fork a child for each line."""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        finetune(Trial(f"{folder}/run", f"{folder}/report"))  # what is imported late is imported once
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        trial = Trial(**json.loads(line))
        if not (pid := os.fork()):
            child(trial)
        print(json.dumps(watch(pid, trial.kill_after)), flush=True)


if __name__ == "__main__":
    main()
