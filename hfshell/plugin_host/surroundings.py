"""What a plugin's code may change around it, remembered before it runs and put back behind it."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hfshell.plugin_host.namespaces import Namespaces

WATCH = "plugin-watch"
"""Name of the thread that watches over plugins; it is ours."""

_PROGRESS_BARS = "tqdm._monitor"
"""Module of the thread that tqdm keeps for its bars: libraries start it, and it ends with the process."""

_SEARCHED = ("path", "meta_path", "path_hooks")
"""Lists of `sys` by which modules are found."""


@dataclass(frozen=True)
class Surroundings:
    """The process as it was: folder, environment, functions, where modules are found, threads, children.

    Variables that are new in the environment stay, for libraries add some when they are imported; so do new
    places where modules are found.
    """

    pid: int
    folder: str | None
    environment: dict[str, str]
    namespaces: Namespaces
    searched: dict[str, tuple[Any, ...]]
    threads: frozenset[threading.Thread]
    children: frozenset[int]

    @classmethod
    def take(cls, namespaces: Namespaces, *, nested: bool = False) -> Surroundings:
        """Remember how things are.

        Args:
            namespaces: what remembers functions and classes.
            nested: whether another plugin runs already, so that what stands there may be its doing.
        """
        if not nested:
            namespaces.remember()
        return cls(
            pid=os.getpid(),
            folder=_folder(),
            environment=dict(os.environ),
            namespaces=namespaces,
            searched={name: tuple(getattr(sys, name)) for name in _SEARCHED},
            threads=frozenset(threading.enumerate()),
            children=_children(),
        )

    def is_other_process(self) -> bool:
        """Whether this is a process that the plugin forked: it must not go on as if it were us."""
        return os.getpid() != self.pid

    def put_back(self) -> list[str]:
        """Put everything back, and say what had been changed, a few words each."""
        changed = self.namespaces.put_back()  # first: all else is done with Python's own functions
        if self.folder is not None and _folder() != self.folder:
            with contextlib.suppress(OSError):  # it is gone, which `has_lost_folder` tells
                os.chdir(self.folder)
                changed.append("the folder that relative paths start from")
        for name, value in self.environment.items():
            if os.environ.get(name) != value:
                os.environ[name] = value
                changed.append(f"${name}")
        return [*changed, *(f"sys.{name}" for name in _SEARCHED if self._restore(name))]

    def has_lost_folder(self) -> bool:
        """Whether the folder that relative paths start from was there and is no more."""
        return self.folder is not None and _folder() is None

    def _restore(self, name: str) -> bool:
        """Put what was removed from a list of `sys` back in its place, before what is new; say if any was."""
        before, now = self.searched[name], getattr(sys, name)
        listed = now if isinstance(now, list) else []
        if now is listed and all(entry in listed for entry in before):
            return False
        setattr(sys, name, [*before, *(entry for entry in listed if entry not in before)])
        return True

    def left_running(self) -> list[str]:
        """Name what the plugin started and did not end: threads, processes."""
        threads = [thread for thread in threading.enumerate() if thread not in self.threads]
        left = ["a thread"] if any(_is_the_plugins(thread) for thread in threads) else []
        return [*left, "a process"] if _children() - self.children else left


def _is_the_plugins(thread: threading.Thread) -> bool:
    return thread.name != WATCH and type(thread).__module__ != _PROGRESS_BARS


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
