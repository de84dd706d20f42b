"""Run batches in children that may be killed. Run as a program, it imports torch once and forks.

Each line on stdin is a `Trial` in JSON. When its child has ended, a line tells whether it was killed, how
many seconds it ran, and with which code it left.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import torch

from hfshell.api import task
from hfshell.api.events import CommandFinished, CommandStarted, SessionEvent
from hfshell.api.requests import RunRequest
from hfshell.session import Session
from hfshell.session.checkpointing import Batch

PART = 16
"""Rows of a part of predictions: fewer than anybody would take, so that kills fall between parts."""


@dataclass(frozen=True)
class Trial:
    """One life of a batch.

    Attributes:
        folder: where it runs; `batch.hfsh` lies there.
        home: where runs are kept.
        heard: file to which the lines that begin are added.
        checkpoint: its checkpoint; None for none.
        kill_after: seconds after which it is killed; None for never.
        forgetful: whether a line that was done is not recognised: the checkpoint taken out.
    """

    folder: str
    home: str
    heard: str
    checkpoint: str | None = "batch.checkpoint"
    kill_after: float | None = None
    forgetful: bool = False


def run(trial: Trial) -> int:
    """Run a batch in this process, and return its code."""
    os.environ["HFSHELL_HOME"] = trial.home
    os.chdir(trial.folder)
    heard, errors = Path(trial.heard), Path(f"{trial.heard}.errors")

    def hear(event: SessionEvent) -> None:
        if isinstance(event, CommandStarted):
            with heard.open("a", encoding="utf-8") as file:
                file.write(f"{Path(event.file).name}:{event.line}\n")
        if isinstance(event, CommandFinished) and event.error is not None:
            with errors.open("a", encoding="utf-8") as file:
                file.write(f"{event.started.line}: {event.error}\n{event.error.detail or ''}\n")

    request = RunRequest(
        Path("batch.hfsh").read_text(encoding="utf-8"),
        "batch.hfsh",
        parameters={"rate": "5e-3"},
        checkpoint=trial.checkpoint,
        resume=trial.checkpoint is not None,
    )
    with Session() as session:
        return session.execute(request, hear)


def child(trial: Trial) -> None:
    """Run a batch, and leave with its code without a look back."""
    if trial.forgetful:
        Batch.was_done = lambda *_: False  # type: ignore[method-assign]
    os._exit(run(trial))


def ended(pid: int, kill_after: float | None) -> tuple[bool, float, int]:
    """Wait for a child, kill it when its time has come, and tell how it ended."""
    began = time.monotonic()
    while True:
        found, status = os.waitpid(pid, os.WNOHANG)
        seconds = time.monotonic() - began
        if found:
            return os.WIFSIGNALED(status), seconds, os.waitstatus_to_exitcode(status)
        if kill_after is not None and seconds >= kill_after:
            os.kill(pid, signal.SIGKILL)  # not yet waited for, so still this child
        time.sleep(0.0005)


def main() -> None:
    """Run the first trial here, so that what is imported late is imported once; fork for each other."""
    torch.set_num_threads(1)
    task.MOST_AT_ONCE = PART
    for number, line in enumerate(sys.stdin):
        trial = Trial(**json.loads(line))
        if number == 0:
            began = time.monotonic()
            print(json.dumps([False, time.monotonic() - began, run(trial)]), flush=True)
            gc.collect()
            gc.freeze()
            continue
        if not (pid := os.fork()):
            child(trial)
        print(json.dumps(ended(pid, trial.kill_after)), flush=True)


if __name__ == "__main__":
    main()
