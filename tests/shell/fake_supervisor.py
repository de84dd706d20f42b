"""Stands where the kernel's supervisor stands, so that a prompt can be tested without a kernel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hfshell.api.events import CommandFinished, CommandStarted, SessionEvent
from hfshell.api.requests import NameInfo, RunRequest
from hfshell.api.results import KernelStatus, Message
from hfshell.errors import HfshellError

NAMES = (
    NameInfo("base", "model", "BertModel", state="warm"),
    NameInfo("router", "model", state="warm", current=True),
    NameInfo("tickets", "data", splits=("train", "validation", "test"), rows=480),
    NameInfo("ev", "result", "evaluation", fields=("accuracy", "accuracy_low", "n")),
    NameInfo("lr", "value", "2e-5"),
)


@dataclass
class FakeSupervisor:
    """Stands where the kernel's supervisor stands: answers at once, and runs by a script of the test's.

    Attributes:
        action: called with a request and a watcher; returns the exit code.
        requests: what was run.
        cancelled: levels of cancellation that were asked for.
        killed: whether it was killed.
    """

    action: Callable[[RunRequest, Callable[[SessionEvent], None]], int] | None = None
    death: HfshellError | None = None
    bound: Sequence[NameInfo] | None = NAMES
    requests: list[RunRequest] = field(default_factory=list)
    cancelled: list[int] = field(default_factory=list)
    killed: bool = False
    connected: int = 0
    restarted: int = 0
    stopped: bool = False

    def client(self) -> FakeSupervisor:
        self.connected += 1
        return self

    def run(self, request: RunRequest, watch: Callable[[SessionEvent], None]) -> int:
        self.requests.append(request)
        if self.action is not None:
            return self.action(request, watch)
        started = CommandStarted("echo", None, request.text, request.file, request.line)
        watch(started)
        watch(CommandFinished(started, 0.0, Message(lines=(f"ran {request.text}",))))
        return 0

    def cancel(self, level: int) -> None:
        self.cancelled.append(level)

    def kill(self) -> None:
        self.killed = True

    def restart(self) -> None:
        self.restarted += 1

    def stop(self) -> None:
        self.stopped = True

    def status(self) -> KernelStatus:
        return KernelStatus(
            state="idle",
            pid=1,
            uptime_seconds=1.0,
            restarts=self.restarted,
            memory_used=2**30,
            memory_total=8 * 2**30,
            device="cpu",
        )

    def names(self) -> Sequence[NameInfo] | None:
        return self.bound

    def take_death(self) -> HfshellError | None:
        death, self.death = self.death, None
        return death
