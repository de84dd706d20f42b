"""The processor's memory, and giving memory back. No torch: a session may do without it."""

from __future__ import annotations

import gc
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil

_CGROUP = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Memory:
    """A device's memory in bytes. On the processor, `used` is this process's resident memory."""

    used: int
    free: int
    total: int


def processor_memory() -> Memory:
    """Measure the processor's memory. A container's limit counts as its total."""
    used = psutil.Process().memory_info().rss
    system = psutil.virtual_memory()
    limit = _container_limit()
    if limit is None or limit >= system.total:
        return Memory(used, system.available, system.total)
    return Memory(used, max(0, min(system.available, limit - used)), limit)


def memory_at_once(device: str) -> Memory:
    """Measure a device's memory without waking it up: nothing is known of a GPU that sleeps."""
    if not device.startswith("cuda"):
        return processor_memory()
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_initialized():
        return Memory(0, 0, 0)
    free, total = torch.cuda.mem_get_info(device)
    return Memory(torch.cuda.memory_allocated(device), free, total)


def release_memory() -> None:
    """Give back what dropped models held: collect cycles, then empty the accelerator's cache."""
    gc.collect()
    torch = sys.modules.get("torch")  # where nobody imported it, it holds nothing
    if torch is not None and torch.accelerator.is_available():
        torch.accelerator.empty_cache()


def _container_limit() -> int | None:
    """The memory that a container may use (cgroup v2, then v1); None when there is no limit."""
    for name in ("memory.max", "memory/memory.limit_in_bytes"):
        path = _CGROUP / name
        if path.is_file() and os.access(path, os.R_OK):
            text = path.read_text().strip()
            return int(text) if text.isdecimal() else None
    return None


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether an error says that memory is too small: torch has no type for that of the processor."""
    return isinstance(error, MemoryError) or (
        isinstance(error, RuntimeError)
        and (type(error).__name__ == "OutOfMemoryError" or "can't allocate memory" in str(error))
    )
