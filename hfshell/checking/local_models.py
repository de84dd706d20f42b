"""Models in folders here, looked at without loading them: their task, kind, size and parameters."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hfshell.home import hub_cache

CONFIG, SIDECAR = "config.json", "hfshell.json"
_LARGEST_JSON = 1 << 22
_LARGEST_HEADER = 1 << 26


@dataclass(frozen=True)
class ModelFacts:
    """What is known of a model that lies here.

    Attributes:
        bytes: of its weights on the disk.
        parameters: how many numbers these are; None when the files do not say.
        architecture: `BertModel`; empty when its configuration does not say.
        task: the task that its folder says it is for.
    """

    bytes: int
    parameters: int | None
    architecture: str
    task: str | None


def task_of_folder(folder: Path) -> str | None:
    """Return the task that a folder, saved by hfshell, says its model is for."""
    task = _read_json(folder / SIDECAR).get("task")
    return task if isinstance(task, str) else None


def look_at_model(folder: Path) -> ModelFacts | None:
    """Look at a model's folder; None when it is none, or cannot be read."""
    try:
        if not any((folder / name).is_file() for name in (CONFIG, SIDECAR)):
            return None
        config = _read_json(folder / CONFIG)
        weights = list(_weights(folder))
        size = sum(path.stat().st_size for path in weights)
    except OSError:
        return None
    named = config.get("architectures")
    architecture = str(named[0]) if isinstance(named, list) and named else str(config.get("model_type", ""))
    return ModelFacts(size, _parameters(weights), architecture, task_of_folder(folder))


def cached_snapshot(repository: str) -> Path | None:
    """Return the folder of a model that was downloaded from the Hub before, `ORG/NAME[@REVISION]`."""
    name, _, revision = repository.removeprefix("hub:").partition("@")
    folder = hub_cache() / f"models--{name.replace('/', '--')}"
    try:
        reference = folder / "refs" / (revision or "main")
        commit = reference.read_text(encoding="utf-8").strip() if reference.is_file() else revision
        snapshot = folder / "snapshots" / commit if commit else None
        return snapshot if snapshot is not None and snapshot.is_dir() else None
    except (OSError, ValueError):
        return None


def _weights(folder: Path) -> Iterator[Path]:
    found = sorted(folder.glob("*.safetensors"))
    yield from found or sorted(path for path in folder.glob("*.bin") if path.name.startswith("pytorch_model"))


def _parameters(weights: list[Path]) -> int | None:
    """Count numbers by the headers of safetensors files, which name the shape of each tensor."""
    if not weights or any(path.suffix != ".safetensors" for path in weights):
        return None
    total = 0
    for path in weights:
        header = _header(path)
        if header is None:
            return None
        shapes = [entry.get("shape") for name, entry in header.items() if name != "__metadata__"]
        total += sum(math.prod(shape) for shape in shapes if isinstance(shape, list))
    return total


def _header(path: Path) -> dict[str, Any] | None:
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if not 0 < length <= _LARGEST_HEADER:
                return None
            header = json.loads(file.read(length))
    except (OSError, ValueError, RecursionError):
        return None
    fits = isinstance(header, dict) and all(isinstance(entry, dict) for entry in header.values())
    return header if fits else None


def _read_json(path: Path) -> dict[str, Any]:
    """Read a small JSON object; an empty one where there is none."""
    try:
        if path.stat().st_size > _LARGEST_JSON:
            return {}
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
