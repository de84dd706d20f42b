"""Where models compute and what memory there is; models larger than a device are spread by accelerate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from hfshell.errors import ModelError
from hfshell.models.memory import Memory, processor_memory

if TYPE_CHECKING:
    from collections.abc import Mapping

DeviceMap = dict[str, str | int]
"""Where the parts of a model go, in accelerate's words: `{"layer.0": 0, "layer.1": "disk"}`."""

_HEADROOM = 0.9
"""Share of a device's free memory that weights may take: the rest is for activations."""


def devices() -> tuple[str, ...]:
    """Name this machine's devices as torch does, the processor first: `cpu`, `cuda:0`, `cuda:1`."""
    accelerator = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else None
    if accelerator is None:
        return ("cpu",)
    return ("cpu", *(f"{accelerator.type}:{index}" for index in range(torch.accelerator.device_count())))


def choose_device(setting: str = "auto") -> str:
    """Resolve a device setting to one of `devices`.

    Args:
        setting: `auto` (an accelerator when there is one), `cpu`, `cuda`, `cuda:1`, `mps`, `xpu`, ….

    Raises:
        ModelError: this machine has no such device.
    """
    there = devices()
    if setting == "auto":
        return there[min(1, len(there) - 1)]
    wanted = setting if setting == "cpu" or ":" in setting else f"{setting}:0"
    if wanted not in there:
        raise ModelError(f"there is no device {setting}", hint=f"this machine has {', '.join(there)}")
    return wanted


def memory(device: str = "cpu") -> Memory:
    """Measure a device's memory. A container's limit counts as the processor's total."""
    if device == "cpu":
        return processor_memory()
    if device.startswith("cuda"):
        free, total = torch.cuda.mem_get_info(device)
        return Memory(torch.cuda.memory_allocated(device), free, total)
    shared = processor_memory()  # mps shares the processor's memory; others report none
    return Memory(0, shared.free, shared.total)


def plan(
    skeleton: Any, device: str, dtype: torch.dtype, max_memory: Mapping[str | int, int] | None = None
) -> DeviceMap:
    """Decide where each part of a model goes: the device, then the processor's memory, then the disk.

    Args:
        skeleton: the module on torch's `meta` device: shapes without numbers.
        device: where the model should compute.
        dtype: of the weights when they are loaded.
        max_memory: bytes that may be used, by accelerator index, `cpu` and `disk`; None: what is free.

    Returns:
        `{"": device}` when it fits there, else accelerate's map.
    """
    from accelerate import infer_auto_device_map

    if max_memory is None and _bytes(skeleton, dtype) <= _HEADROOM * memory(device).free:
        return {"": device}
    limits = dict(max_memory) if max_memory is not None else _free_memory(device)
    skeleton.tie_weights()
    return dict(
        infer_auto_device_map(
            skeleton,
            max_memory=limits,
            no_split_module_classes=list(skeleton._no_split_modules or ()),  # noqa: SLF001 - accelerate's own way
            dtype=dtype,
        )
    )


def _bytes(module: Any, dtype: torch.dtype) -> int:
    return sum(parameter.numel() * dtype.itemsize for parameter in module.parameters())


def _free_memory(device: str) -> dict[str | int, int]:
    limits: dict[str | int, int] = {"cpu": int(_HEADROOM * memory("cpu").free)}
    if device != "cpu":
        limits = {torch.device(device).index or 0: int(_HEADROOM * memory(device).free), **limits}
    return limits
