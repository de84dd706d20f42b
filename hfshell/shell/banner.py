"""The first line of a session: what this machine has, and how to go on. Reads no library of torch's."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import hfshell

_GIGABYTE = 1024**3
_MEMORY = Path("/proc/meminfo")
_NVIDIA = Path("/proc/driver/nvidia/gpus")


def greeting(
    width: int, first_lines: Sequence[str] = (), *, ascii_only: bool = False
) -> list[tuple[str, str]]:
    """Return the lines that a session begins with, each with what is to stand out in it first.

    Args:
        width: of the screen, in cells.
        first_lines: what somebody may type who is here for the first time.
        ascii_only: whether the screen shows nothing else.
    """
    lines = [banner(width, ascii_only=ascii_only)]
    if first_lines:
        lines += [
            ("", "new here? these lines work as they stand:"),
            *((f"  {line}", "") for line in first_lines),
        ]
    return lines


def banner(width: int, *, ascii_only: bool = False) -> tuple[str, str]:
    """Return the program's name with its version, and as many facts as fit beside it.

    Args:
        width: of the screen, in cells.
        ascii_only: whether the screen shows nothing else.
    """
    separator = ", " if ascii_only else " · "
    free = _free_bytes() / _GIGABYTE
    name = f"hfshell {short_version()}"
    facts = [
        f"{processor()}, {_counted(cores(), 'core')}",
        f"{free:.1f} GB free",
        "Tab completes",
        "`help` explains",
        "Ctrl-D leaves",
    ]
    while facts and len(separator.join([name, *facts])) > width:
        facts.pop()
    return name, "".join(f"{separator}{fact}" for fact in facts)


def _free_bytes() -> int:
    """Return the memory that is available, by the system's own file where it has one: psutil takes longer."""
    with contextlib.suppress(OSError, ValueError, StopIteration), _MEMORY.open() as facts:
        return 1024 * int(next(line for line in facts if line.startswith("MemAvailable:")).split()[1])
    import psutil

    return int(psutil.virtual_memory().available)


def short_version() -> str:
    """The version without a last zero."""
    return hfshell.__version__.removesuffix(".0")


def processor() -> str:
    """What will probably compute: graphics processors that a driver lists, else the CPU."""
    found = graphics_processors()
    return _counted(found, "gpu") if found else "cpu"


def graphics_processors() -> int:
    """How many a driver lists, unless they are hidden."""
    return 0 if os.environ.get("CUDA_VISIBLE_DEVICES") == "" else _listed(_NVIDIA)


@cache
def _listed(folder: Path) -> int:
    """Count what a folder holds; the toolbar asks at each look."""
    return len(list(folder.iterdir())) if folder.is_dir() else 0


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
