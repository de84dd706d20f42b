"""What a plugin's code may change around it, remembered before it runs and put back behind it."""

from __future__ import annotations

import builtins
import os
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any

_OURS = "hfshell"
_PATCHABLE = (FunctionType, classmethod, staticmethod, property)
_MISSING = object()


@dataclass(frozen=True)
class Surroundings:
    """The process as it was: folder, environment, built-in functions, hfshell's own code, threads, children.

    Patches of other libraries are not seen: what they are for cannot be told from what they break. Variables
    that are new in the environment stay, for libraries add some when they are imported.
    """

    pid: int
    folder: str | None
    environment: dict[str, str]
    namespaces: tuple[tuple[str, Any, dict[str, Any]], ...]
    threads: frozenset[threading.Thread]
    children: bool

    @classmethod
    def take(cls) -> Surroundings:
        """Remember how things are."""
        return cls(
            pid=os.getpid(),
            folder=_folder(),
            environment=dict(os.environ),
            namespaces=tuple(_namespaces()),
            threads=frozenset(threading.enumerate()),
            children=_has_children(),
        )

    def is_other_process(self) -> bool:
        """Whether this is a process that the plugin forked: it must not go on as if it were us."""
        return os.getpid() != self.pid

    def put_back(self) -> list[str]:
        """Put everything back, and say what had been changed, a few words each."""
        changed = [name for name, owner, before in self.namespaces for name in _restore(name, owner, before)]
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
        now = threading.enumerate()
        started = [thread for thread in now if thread not in self.threads and not thread.daemon]
        left = [f"a thread ({thread.name})" for thread in started[:3]]
        if _has_children() and not self.children:
            left.append("a process")
        return left


def _folder() -> str | None:
    try:
        return os.fspath(Path.cwd())
    except FileNotFoundError:
        return None


def _namespaces() -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Yield the functions of Python and of hfshell: those of modules, and those of the classes in them."""
    yield "builtins", builtins, dict(vars(builtins))
    for name, module in list(sys.modules.items()):
        if name != _OURS and not name.startswith(f"{_OURS}."):
            continue
        yield name, module, _code(vars(module))
        for item in list(vars(module).values()):
            if isinstance(item, type) and item.__module__ == name:
                yield f"{name}.{item.__qualname__}", item, _code(vars(item))


def _code(namespace: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in list(namespace.items()) if isinstance(value, (*_PATCHABLE, type))}


def _restore(name: str, owner: Any, before: dict[str, Any]) -> Iterator[str]:
    now = vars(owner)
    for attribute, value in before.items():
        if now.get(attribute, _MISSING) is not value and attribute != "_":
            setattr(owner, attribute, value)
            yield f"{name}.{attribute}"


def _has_children() -> bool:
    """Whether this process has a child, running or ended and not yet waited for."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True
