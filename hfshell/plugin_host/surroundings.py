"""What a plugin's code may change around it, remembered before it runs and put back behind it."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from pathlib import Path

from hfshell.plugin_host.namespaces import Namespaces

WATCH = "plugin-watch"
"""Name of the thread that watches over plugins; it is ours."""


@dataclass(frozen=True)
class Surroundings:
    """The process as it was: folder, environment, functions, threads, children.

    Variables that are new in the environment stay, for libraries add some when they are imported.
    """

    pid: int
    folder: str | None
    environment: dict[str, str]
    namespaces: Namespaces
    threads: frozenset[threading.Thread]
    children: frozenset[int]

    @classmethod
    def take(cls, namespaces: Namespaces) -> Surroundings:
        """Remember how things are."""
        namespaces.remember()
        return cls(
            pid=os.getpid(),
            folder=_folder(),
            environment=dict(os.environ),
            namespaces=namespaces,
            threads=frozenset(threading.enumerate()),
            children=_children(),
        )

    def is_other_process(self) -> bool:
        """Whether this is a process that the plugin forked: it must not go on as if it were us."""
        return os.getpid() != self.pid

    def put_back(self) -> list[str]:
        """Put everything back, and say what had been changed, a few words each."""
        changed = self.namespaces.put_back()
        if self.folder is not None and _folder() != self.folder:
            os.chdir(self.folder)
            changed.append("the folder that relative paths start from")
        for name, value in self.environment.items():
            if os.environ.get(name) != value:
                os.environ[name] = value
                changed.append(f"${name}")
        return changed

    def left_running(self) -> list[str]:
        """Name what the plugin started and did not end: threads, processes."""
        threads = [thread for thread in threading.enumerate() if thread not in self.threads]
        left = ["a thread"] if any(thread.name != WATCH for thread in threads) else []
        return [*left, "a process"] if _children() - self.children else left


def _folder() -> str | None:
    try:
        return os.fspath(Path.cwd())
    except FileNotFoundError:
        return None


def _children() -> frozenset[int]:
    """Process IDs of the children, running or ended and not yet waited for."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:  # none: the usual case, and a quick answer
        return frozenset()
    import psutil

    return frozenset(child.pid for child in psutil.Process().children())
