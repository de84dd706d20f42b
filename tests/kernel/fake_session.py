"""A session without models, for kernels under test: each line of a request is one of the words below."""

from __future__ import annotations

import ctypes
import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import psutil

from hfshell.api.events import CommandFinished, CommandStarted, Note, Progress, SessionEvent
from hfshell.api.requests import NameInfo, RunRequest
from hfshell.api.results import KernelStatus, LabelScore, Message, PredictionResult, Result
from hfshell.errors import DataError, HfshellError, Interrupted, Place, Refused

STEP_SECONDS = 0.01
SECRET = "caf\udce9.csv"


@dataclass(frozen=True, kw_only=True)
class Tagged(Result):
    """A plugin's result: its kind is registered in no other process."""

    kind: ClassVar[str] = "tagged"
    tags: tuple[str, ...]


class FakeSession:
    """Does what its lines say, one request at a time."""

    def __init__(self, *, state: Path | None = None, plugins_enabled: bool = True) -> None:
        self._state = state
        self._plugins_enabled = plugins_enabled
        self._level = 0
        self._worker = threading.Lock()
        self._journal = state / "names" if state else Path(os.devnull)
        self._names = self._journal.read_text().split() if self._journal.exists() else []
        self._watch: Callable[[SessionEvent], None] = print

    def execute(self, request: RunRequest, watch: Callable[[SessionEvent], None]) -> int:
        with self._worker:
            self._level = 0
            self._watch = watch
            codes = [self._line(text, request) for text in request.text.splitlines()]
            return max(codes, default=0)

    def cancel(self, level: int) -> None:
        self._level = level

    def status(self) -> KernelStatus:
        return KernelStatus(
            state="in-process", pid=None, uptime_seconds=0.0, restarts=0,
            memory_used=1, memory_total=2, device="cpu", versions={"fake": "1"},
        )  # fmt: skip

    def known_names(self) -> tuple[NameInfo, ...]:
        return tuple(NameInfo(name, "value", detail="parked") for name in self._names)

    def preload(self) -> None:
        pass

    def close(self) -> None:
        if self._state:
            (self._state / "closed").touch()

    def _line(self, text: str, request: RunRequest) -> int:
        word, _, rest = text.partition(" ")
        if word == "bug":
            raise KeyError("a fault\nof the session's own")
        started = CommandStarted(word, None, text, request.file, request.line)
        self._watch(started)
        try:
            result, error = getattr(self, f"do_{word}")(rest), None
        except HfshellError as failure:
            result, error = None, failure
        self._watch(CommandFinished(started, 0.5, result, error))
        return error.exit_code if error else 0

    def do_echo(self, rest: str) -> Result:
        return Message(lines=(rest,))

    def do_steps(self, rest: str) -> Result:
        total = int(rest.split(" ", maxsplit=1)[0])
        for step in range(total):
            if self._level == 1:
                raise Interrupted(f"stopped after step {step}")
            if self._level == 2:
                raise Interrupted("aborted")
            self._watch(Progress("finetune", step, total))
            time.sleep(STEP_SECONDS)
        return Message(lines=("all steps",))

    def do_stubborn(self, _rest: str) -> Result:
        self._watch(Progress("finetune", 0))
        while self._level < 2:
            time.sleep(STEP_SECONDS)
        raise Interrupted("aborted")

    def do_wedge(self, _rest: str) -> Result:
        self._watch(Progress("finetune", 0))
        time.sleep(60)
        return Message(lines=())

    def do_fail(self, _rest: str) -> Result:
        place = Place("rows.csv", 7, 3, 2, "a,b,c")
        raise DataError("this row has 3 fields, the header has 2", place=place, hint="a stray comma?")

    def do_refuse(self, _rest: str) -> Result:
        raise Refused("labels", "the labels do not match", hint="--allow labels")

    def do_signal(self, rest: str) -> Result:
        os.kill(os.getpid(), int(rest))
        time.sleep(STEP_SECONDS)
        return Message(lines=("still here",))

    def do_leave(self, rest: str) -> Result:
        os._exit(int(rest))

    def do_segfault(self, _rest: str) -> Result:
        ctypes.string_at(0)
        return Message(lines=())

    def do_nan(self, _rest: str) -> Result:
        self._watch(Progress("finetune", 1, loss=math.nan, metrics={"accuracy": math.nan, "f1": 0.5}))
        return PredictionResult(
            model="m", task="t", rows=([LabelScore("a", math.inf)],), inputs=("x",), seconds=0.1
        )

    def do_huge(self, rest: str) -> Result:
        return Message(lines=("x" * int(rest),))

    def do_tagged(self, _rest: str) -> Result:
        return Tagged(tags=("PER", "LOC"))

    def do_opaque(self, _rest: str) -> Result:
        return PredictionResult(model="m", task="t", rows=(object(),), inputs=("x",), seconds=0.1)

    def do_surrogate(self, rest: str) -> Result:
        self._watch(Note(SECRET))
        if rest == "fail":
            raise DataError(f"no file {SECRET}", place=Place(SECRET, 1))
        return Message(lines=(SECRET,))

    def do_spawn(self, _rest: str) -> Result:
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        child.returncode = 0  # nobody waits for it: it is the kernel's to clear away
        return Message(lines=(str(child.pid),))

    def do_print(self, rest: str) -> Result:
        print(rest)
        return Message(lines=())

    def do_flood(self, rest: str) -> Result:
        for step in range(int(rest)):
            self._watch(Progress("finetune", step, metrics={"filler" * 100: 1.0}))
        return Message(lines=("flooded",))

    def do_name(self, rest: str) -> Result:
        self._names.append(rest)
        self._journal.write_text(" ".join(self._names))
        return Message(lines=())

    def do_surroundings(self, _rest: str) -> Result:
        process = psutil.Process()
        facts = (
            str(Path.cwd()),
            str(str(Path.cwd()) in sys.path),
            str(process.terminal()),
            str(self._plugins_enabled),
        )
        return Message(lines=facts)


class BrokenSession(FakeSession):
    """Cannot be made."""

    def __init__(self, **_: object) -> None:
        raise ImportError("no module that would be needed")


class SlowSession(FakeSession):
    """Takes a while to be made, as one that imports torch."""

    def __init__(self, *, state: Path | None = None, plugins_enabled: bool = True) -> None:
        time.sleep(0.6)
        super().__init__(state=state, plugins_enabled=plugins_enabled)


class ColdSession(FakeSession):
    """Takes a while to preload, and its preloading fails."""

    def preload(self) -> None:
        time.sleep(0.4)
        raise OSError("a library that cannot be loaded")
