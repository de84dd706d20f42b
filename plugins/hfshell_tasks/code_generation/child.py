"""The other side of `running`: limits this process, then runs the program that it was given.

It is run as a file by a Python of its own and imports nothing of hfshell. What it found goes to the file
descriptor that was its standard output, behind a word that the program was never told.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import sys
import types
from collections.abc import Callable
from typing import Any

_REFUSED = (
    "socket.", "subprocess.", "ctypes.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn",
    "os.kill", "os.chdir", "os.putenv", "pty.", "signal.pthread_kill", "webbrowser.", "syslog.", "fcntl.",
    "sqlite3.", "resource.prlimit", "resource.setrlimit",
)  # fmt: skip
"""Python's audit events, by their beginnings, of what no program may do here."""

_CHANGING = (
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod",
    "os.chown", "os.utime", "os.setxattr",
)  # fmt: skip
"""Audit events of what a program may do in its own folder alone; paths are among their arguments."""

_UNHEARD_MODULES = (
    "_posixsubprocess", "ctypes", "_ctypes", "_posixshmem", "_dbm", "_gdbm", "readline", "_xxsubinterpreters",
)  # fmt: skip
"""Modules whose calls are not always audited."""

_UNHEARD_CALLS = (
    "mkfifo", "mknod", "pidfd_open", "setpriority", "sched_setaffinity", "sched_setparam",
    "sched_setscheduler",
)  # fmt: skip
"""Calls of `os` that start, change or limit something elsewhere, and raise no audit event."""

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_MESSAGE = 300


def main() -> None:
    """Run the request that stands on the standard input."""
    request = json.loads(sys.stdin.read())
    report = _reporter(_leave_streams(), request.pop("word"))
    held = _limit(request["limits"])
    outcome, message = _run(request["program"], request["tests"])
    report({"outcome": outcome, "message": message[:_MESSAGE], "held": held})
    os._exit(0)  # without what the program wants done at the exit


def _leave_streams() -> int:
    """Give the program an empty input, and outputs that nobody reads; return where the report goes."""
    report = os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    sys.argv = [""]
    return report


def _reporter(descriptor: int, word: str) -> Callable[[dict[str, Any]], None]:
    """Keep the word where no frame has it by name while the program runs; one that looks for it finds it."""
    dumps, write = json.dumps, os.write  # the program may put others in their place

    def report(found: dict[str, Any]) -> None:
        write(descriptor, f"{word}{dumps(found)}".encode())

    return report


def _limit(limits: dict[str, int]) -> list[str]:
    """Limit this process for good; return what of it the system itself sees to."""
    held = []
    if _cut_network():
        held.append("network")
    if os.geteuid() != 0 and _set_limit(resource.RLIMIT_NPROC, 0):  # root may start as many as it likes
        held.append("processes")
    if _set_limit(resource.RLIMIT_AS, limits["memory"]):
        held.append("memory")
    _set_limit(resource.RLIMIT_CPU, limits["seconds"])
    _set_limit(resource.RLIMIT_FSIZE, limits["file"])
    _set_limit(resource.RLIMIT_NOFILE, 64)
    _set_limit(resource.RLIMIT_CORE, 0)
    return held


def _set_limit(what: int, most: int) -> bool:
    try:
        resource.setrlimit(what, (most, most))
    except (ValueError, OSError):  # a system that has no such limit, or a lower one already
        return False
    return True


def _cut_network() -> bool:
    """Move to a network of its own, with nothing in it, where the system lets a process do so."""
    try:
        unshare = ctypes.CDLL(None).unshare
    except (OSError, AttributeError):  # not Linux
        return False
    return bool(unshare(_NEW_NETWORK) == 0 or unshare(_NEW_USER | _NEW_NETWORK) == 0)


def _watch(folder: str) -> None:
    """Refuse from now on what a program has no business with. A hook cannot be taken away again."""
    own, realpath, isdir, kinds = folder + os.sep, os.path.realpath, os.path.isdir, (str, bytes, os.PathLike)

    def require_own(event: str, values: tuple[Any, ...]) -> None:
        for path in (os.fsdecode(value) for value in values if isinstance(value, kinds)):
            if not f"{realpath(path)}{os.sep}".startswith(own):
                raise PermissionError(f"{event}: {path} is not in the program's own folder")

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(_REFUSED):
            raise PermissionError(f"{event} is not for generated programs")
        if event.startswith(_CHANGING):
            require_own(event, arguments)
        elif event == "open" and (arguments[2] & _WRITING or isdir(arguments[0])):
            require_own(event, arguments[:1])  # a folder that is open is a way to the files in it

    for unheard in _UNHEARD_MODULES:
        sys.modules[unheard] = None  # type: ignore[assignment] # so that an import of it fails
    for name in _UNHEARD_CALLS:
        _take_away(name)
    sys.addaudithook(hook)


def _take_away(name: str) -> None:
    """Put a refusal in the place of a call of `os`, where this system has it."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(f"os.{name} is not for generated programs")

    for module in (os, sys.modules[os.name]):
        if hasattr(module, name):
            setattr(module, name, refuse)


def _run(program: str, tests: list[str]) -> tuple[str, str]:
    """Return how a program and its tests ended."""
    module = types.ModuleType("program")
    sys.modules["program"] = module
    try:
        code = compile(program, "program.py", "exec", dont_inherit=True)
        checks = [compile(test, "test.py", "exec", dont_inherit=True) for test in tests]
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        return "syntax", _told(error)
    _watch(os.path.realpath("."))
    try:
        exec(code, module.__dict__)  # noqa: S102 - what this process is for
        for check in checks:
            exec(check, module.__dict__)  # noqa: S102
    except AssertionError as error:
        return "failed", _told(error)
    except BaseException as error:  # noqa: BLE001 - whatever it raises, it is over
        return "error", _told(error)
    return "passed", ""


def _told(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}".rstrip(": ")
    except Exception:  # noqa: BLE001 - an error of the program's own making
        return type(error).__name__


if __name__ == "__main__":
    main()
