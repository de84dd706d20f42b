"""The kernel with the session that it is made for."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

from hfshell.api.events import CommandFinished, SessionEvent
from hfshell.api.requests import RunRequest
from hfshell.api.results import Value
from hfshell.kernel.supervisor import KernelSupervisor


def test_a_name_outlives_its_kernel(folder: Path, until: Callable[..., bool]) -> None:
    """Protects what both sides agreed on: run, status, names, the journal, a second kernel."""
    events: list[SessionEvent] = []
    with KernelSupervisor(folder, ["--no-plugins"]) as supervisor:
        assert supervisor.client().run(RunRequest("let rate = 2e-5"), events.append) == 0
        assert isinstance(events[-1], CommandFinished)
        assert isinstance(events[-1].result, Value)
        status = supervisor.client().status(seconds=30)
        assert status is not None
        assert status.versions["torch"]
        assert supervisor.pid is not None
        os.kill(supervisor.pid, signal.SIGKILL)
        assert until(lambda: supervisor.state == "dead")
        assert supervisor.take_death() is not None
        assert until(supervisor.names, 30)
        names = supervisor.client().names(seconds=30)
        assert names is not None
        assert [(name.name, name.kind) for name in names] == [("rate", "value")]
    assert not (folder / "kernel.sock").exists()
