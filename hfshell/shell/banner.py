"""The first line of a session: what this machine has, and how to go on. Reads no library of torch's."""

from __future__ import annotations

import os
from pathlib import Path

import hfshell

_GIGABYTE = 1024**3
_NVIDIA = Path("/proc/driver/nvidia/gpus")


def banner(width: int) -> tuple[str, str]:
    """Return the program's name with its version, and as many facts as fit beside it.

    Args:
        width: of the screen, in cells.
    """
    import psutil

    free = psutil.virtual_memory().available / _GIGABYTE
    name = f"hfshell {short_version()}"
    facts = [
        f"{processor()}, {_counted(cores(), 'core')}",
        f"{free:.1f} GB free",
        "Tab completes",
        "`help` explains",
        "Ctrl-D leaves",
    ]
    while facts and len(" · ".join([name, *facts])) > width:
        facts.pop()
    return name, "".join(f" · {fact}" for fact in facts)


def short_version() -> str:
    """The version without a last zero."""
    return hfshell.__version__.removesuffix(".0")


def processor() -> str:
    """What will probably compute: graphics processors that a driver lists, else the CPU."""
    if os.environ.get("CUDA_VISIBLE_DEVICES") == "" or not _NVIDIA.is_dir():
        return "cpu"
    found = len(list(_NVIDIA.iterdir()))
    return _counted(found, "gpu") if found else "cpu"


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
