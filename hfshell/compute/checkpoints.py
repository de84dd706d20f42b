"""The checkpoints of a training run: which there are, which are whole, which may go.

A checkpoint is a folder `checkpoint-STEP` committed by `hfshell.storage`. It can be resumed from only when
every byte is as it was written and the state is complete: weights, optimizer, scheduler, random numbers. (A
stock Trainer takes the highest number and goes on without what is missing, to different weights.)
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hfshell.errors import TrainingError
from hfshell.storage import read_manifest, remove_folder, verify

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

REQUIRED_FILES = ("optimizer.pt", "scheduler.pt", "rng_state.pth", "trainer_state.json")
_NAME = re.compile(r"checkpoint-(\d+)")


@dataclass(frozen=True)
class Checkpoint:
    """A verified checkpoint.

    Attributes:
        folder: where it lies.
        step: optimizer steps done.
        identity: what the run was: seed, options, data, versions.
    """

    folder: Path
    step: int
    identity: Mapping[str, Any]


@dataclass(frozen=True)
class Search:
    """The newest verified checkpoint, and the newer ones that were passed over.

    Attributes:
        newest: None when no checkpoint is whole.
        refused: folder and faults of each one passed over, newest first.
    """

    newest: Checkpoint | None
    refused: tuple[tuple[Path, tuple[str, ...]], ...] = ()


def checkpoint_path(root: Path, step: int) -> Path:
    """Return where the checkpoint of a step lies."""
    return root / f"checkpoint-{step}"


def list_checkpoints(root: Path) -> list[tuple[int, Path]]:
    """Return step and folder of every checkpoint, whole or not, oldest first."""
    if not root.is_dir():
        return []
    named = ((_NAME.fullmatch(path.name), path) for path in root.iterdir() if path.is_dir())
    return sorted((int(match[1]), path) for match, path in named if match)


def open_checkpoint(folder: Path) -> Checkpoint:
    """Verify a checkpoint and return it.

    Raises:
        TrainingError: it is not whole, not complete, or was not written by hfshell; the message says how.
    """
    faults = faults_of(folder)
    if faults:
        raise TrainingError(f"{folder} cannot be resumed from: {'; '.join(faults)}")
    match = _NAME.fullmatch(folder.name)
    if not match:
        raise TrainingError(f"{folder} is not a checkpoint: its name should be checkpoint-STEP")
    return Checkpoint(folder, int(match[1]), read_manifest(folder).identity)


def faults_of(folder: Path) -> tuple[str, ...]:
    """Return why a checkpoint may not be resumed from; empty when it may."""
    faults = verify(folder)
    if faults:
        return tuple(faults)
    step = read_manifest(folder).identity.get("step")
    if folder.name != f"checkpoint-{step}":
        return (f"it holds step {step}",)
    return missing_state(folder)


def missing_state(folder: Path) -> tuple[str, ...]:
    """Return which part of a complete training state a folder lacks."""
    missing = [f"{name} is missing" for name in REQUIRED_FILES if not (folder / name).is_file()]
    if not any(folder.glob("*.safetensors")):
        missing.append("its weights are missing")
    return tuple(missing)


def find_newest(root: Path) -> Search:
    """Find the newest checkpoint that verifies. Reads every byte of it, and of broken ones before it."""
    refused: list[tuple[Path, tuple[str, ...]]] = []
    for step, folder in reversed(list_checkpoints(root)):
        faults = faults_of(folder)
        if not faults:
            return Search(Checkpoint(folder, step, read_manifest(folder).identity), tuple(refused))
        refused.append((folder, faults))
    return Search(None, tuple(refused))


def prune(root: Path, newest: int, keep: Collection[int] = ()) -> None:
    """Remove all checkpoints but the newest few and those of the steps to keep.

    Raises:
        StorageError: the disk refused.
    """
    found = list_checkpoints(root)
    kept = {step for step, _ in found[-newest:]} | set(keep)
    for step, folder in found:
        if step not in kept:
            remove_folder(folder)


def clear(root: Path) -> None:
    """Remove every checkpoint: the run is over and its model saved elsewhere.

    Raises:
        StorageError: the disk refused.
    """
    for _, folder in list_checkpoints(root):
        remove_folder(folder)


def differences(saved: Mapping[str, Any], wanted: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what changed between two identities, one `NAME was OLD, now NEW` each.

    The step is no difference, and versions of libraries are another question: see `changed_versions`.
    """
    old, new = _settings(saved), _settings(wanted)
    return tuple(
        f"{name.removeprefix('options.')} was {old.get(name, 'not given')}, now {new.get(name, 'not given')}"
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    )


def changed_versions(saved: Mapping[str, Any], wanted: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the libraries whose version changed, as `NAME was OLD, now NEW`."""
    old, new = saved.get("versions", {}), wanted.get("versions", {})
    return tuple(
        f"{name} was {old.get(name)}, now {new.get(name)}"
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    )


def _settings(identity: Mapping[str, Any]) -> dict[str, Any]:
    """Return what must not change, flat, in the types that JSON gives back."""
    plain = json.loads(json.dumps(dict(identity)))
    return _flat({name: value for name, value in plain.items() if name not in ("step", "versions")})


def _flat(nested: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in nested.items():
        flat |= _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return flat
