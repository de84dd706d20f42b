"""Kernels with plugins installed that misbehave at work, and what is seen of them from outside."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from hfshell.api.events import CommandFinished, Note, SessionEvent
from hfshell.api.requests import RunRequest
from hfshell.errors import HfshellError
from hfshell.kernel import log
from hfshell.kernel.supervisor import KernelSupervisor
from tests.faults.misbehaviour import MISBEHAVIOUR

HERE = Path(__file__).parent
CULPRIT = "hfshell-bad 1.2"
GOOD = 'predict good:x "hello"'
STATE = "predict good:state x"
"""A plugin that behaves says what it sees of the process."""

PATIENCE = 0.5
ONCE = "once"
"""A file beside the plugins; what it says is done where no name can say it."""


def word(kind: str) -> str:
    """A kind as one word of a command line."""
    return kind.replace(" ", "-")


@dataclass
class Told:
    """What a user was told by one run.

    Attributes:
        said: notes and errors.
        results: of its commands.
        code: its exit code.
        patience_lost: whether it was stopped because it took too long.
    """

    said: list[str] = field(default_factory=list)
    results: list[Any] = field(default_factory=list)
    code: int = 0
    patience_lost: bool = False

    @property
    def named(self) -> bool:
        """Whether the culprit was named."""
        return any(CULPRIT in line for line in self.said)

    def hear(self, event: SessionEvent) -> None:
        """Take note of an event."""
        if isinstance(event, Note):
            self.said.append(event.text)
        if isinstance(event, CommandFinished):
            if event.error is not None:
                self.said.append(event.error.message)
            if event.result is not None:
                self.results.append(event.result)


class Kernels:
    """A kernel with the plugins, and whatever takes its place when it dies.

    Args:
        factory: what in `quick_session` makes its session.
        folder: for the kernel.
        site: where the plugins are installed.
        patience: seconds that a plugin may be silent.
    """

    def __init__(self, factory: str, folder: Path, site: Path, patience: float = PATIENCE) -> None:
        self.site = site
        self._patience = patience
        self._folder = folder
        self.supervisor = KernelSupervisor(folder, ["--session-factory", f"quick_session:{factory}"])
        self.supervisor.start()
        self.ready()

    def ready(self) -> None:
        """Have the plugins that listen imported at leisure, and be impatient from then on."""
        self.run(f"load good:x\nset patience {self._patience:g}", then_ready=False)

    def restart(self) -> None:
        """Start the kernel again, and tell the plugin things even if it ended a process by listening."""
        self.run("plugins enable bad", then_ready=False)
        self.supervisor.restart()
        self.ready()

    def run(self, text: str, seconds: float = 60, *, then_ready: bool = True) -> Told:
        """Run lines; how a kernel that dies meanwhile ended is what is said."""
        told = Told()

        def lose_patience() -> None:
            told.patience_lost = True
            self.supervisor.kill()

        timer = threading.Timer(seconds, lose_patience)
        timer.start()
        try:
            told.code = self.supervisor.client().run(RunRequest(text), told.hear)
        except HfshellError as error:
            timer.cancel()
            told.said.append(error.message)
            told.code = error.exit_code
            self.supervisor.client()
            if then_ready:
                self.ready()
        finally:
            timer.cancel()
        return told

    def log_size(self) -> int:
        """Bytes in the kernel's log."""
        return (self._folder / log.NAME).stat().st_size

    def processes(self) -> int:
        """How many processes the kernel has started that still run."""
        children = psutil.Process(self.supervisor.pid).children(recursive=True)
        return sum(child.status() != psutil.STATUS_ZOMBIE for child in children)


@contextmanager
def kernels(factory: str, site: Path, patience: float = PATIENCE) -> Iterator[Kernels]:
    """Kernels whose sessions are made by a factory."""
    root = Path(tempfile.mkdtemp(prefix="hf-test-"))  # short, for a socket's path
    made = Kernels(factory, root / "kernel", site, patience)
    try:
        yield made
    finally:
        made.supervisor.stop()
        shutil.rmtree(root, ignore_errors=True)


def install(site: Path) -> None:
    """Install the plugins in a folder."""
    for file in (*(HERE / "plugin").glob("*.py"), HERE / "misbehaviour.py"):
        shutil.copy(file, site)
    for number in range(len(MISBEHAVIOUR)):
        shutil.copy(HERE / "plugin" / "hfshell_bad_import.py", site / f"hfshell_bad_import{number}.py")
    for name in ("bad", "good"):
        info = site / f"hfshell_{name}-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: hfshell-{name}\nVersion: 1.2\n")
        (info / "entry_points.txt").write_text(f"[hfshell.tasks]\n{name} = hfshell_{name}\n")
    (site / "rows.csv").write_text(
        "text,wanted\n" + "".join(f"some text {n},{'ab'[n % 2]}\n" for n in range(20))
    )


def environment(site: Path) -> dict[str, str]:
    """Variables with which kernels find the plugins, and what is known of them."""
    path = os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")])
    return {"PYTHONPATH": path, "HFSHELL_HOME": str(site / "home")}
