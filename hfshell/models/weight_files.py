"""Finds a model's safetensors files and proves them whole, from their headers alone: no torch, no mapping."""

from __future__ import annotations

import hashlib
import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from hfshell.errors import ModelError, Place
from hfshell.models.remote_code import read_json

SINGLE = "model.safetensors"
INDEX = "model.safetensors.index.json"

_LARGEST_HEADER = 100 * 2**20  # the format's own limit
_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle")
_NO_WEIGHTS = ("training_args", "optimizer", "scheduler", "scaler", "rng_state")
_OTHERS = (".safetensors", ".gguf", ".onnx", ".h5", ".msgpack")
_GIT_LFS = b"version "  # a pointer file goes on with the address of its specification


@dataclass(frozen=True)
class WeightFiles:
    """A model's safetensors files, all of them whole.

    Attributes:
        paths: one file, or the shards in name order.
        bytes: their size together.
    """

    paths: tuple[Path, ...]
    bytes: int

    def fingerprint(self) -> str:
        """Hash of names and contents (SHA-256, hexadecimal); reads all of them."""
        digest = hashlib.sha256()
        for path in self.paths:
            with path.open("rb") as file:
                digest.update(f"{path.name}\0{hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
        return digest.hexdigest()


def find_weights(folder: Path) -> WeightFiles:
    """Find the weights that transformers would read, and check each file against its own header.

    Raises:
        ModelError: there are none, some are missing or cut short, or a header is damaged.
    """
    if (folder / SINGLE).exists() or (folder / SINGLE).is_symlink():
        paths = [folder / SINGLE]
    elif (folder / INDEX).exists():
        paths = _shards(folder)
    else:
        raise _no_weights(folder)
    return WeightFiles(tuple(paths), sum(_checked_size(path) for path in paths))


def _shards(folder: Path) -> list[Path]:
    weight_map = read_json(folder / INDEX).get("weight_map")
    names = set(weight_map.values()) if isinstance(weight_map, dict) and weight_map else None
    if names is None or not all(isinstance(name, str) and Path(name).name == name for name in names):
        raise ModelError(
            f"{INDEX} does not map weights to files of this folder",
            place=Place(str(folder / INDEX)),
            hint=_AGAIN,
        )
    missing = sorted(name for name in names if not (folder / name).is_file())
    if missing:
        rest = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise ModelError(
            f"the folder is half-copied: {missing[0]}{rest} of {len(names)} weight files missing",
            place=Place(str(folder)),
            hint=_AGAIN,
        )
    return [folder / name for name in sorted(names)]


def _checked_size(path: Path) -> int:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            header = _read_header(path, size, file)
    except OSError as error:
        raise _damaged(path, f"cannot be read: {error.strerror}") from None
    expected = 8 + len(header) + _data_bytes(path, header)
    if size < expected:
        raise _damaged(path, f"is half-copied: {size:,} of {expected:,} bytes")
    if size > expected:
        raise _damaged(path, f"is damaged: {size - expected:,} bytes more than its header tells of")
    _check_tensors(path)
    return size


def _read_header(path: Path, size: int, file: BinaryIO) -> bytes:
    """The format is eight bytes of length, little-endian, a JSON header of that length, and the tensors."""
    if size == 0:
        raise _damaged(path, "is empty (0 bytes)")
    prefix = file.read(8)
    if prefix == _GIT_LFS:
        raise _damaged(path, "is a git-lfs pointer, not weights", "`git lfs pull` in its folder fetches them")
    length = int.from_bytes(prefix, "little")
    if len(prefix) < 8 or length > _LARGEST_HEADER:
        raise _damaged(path, "is not a safetensors file")
    header = file.read(length)
    if len(header) < length:
        raise _damaged(path, f"is half-copied: it ends inside its header, after {size:,} bytes")
    return header


def _data_bytes(path: Path, header: bytes) -> int:
    """Where the last tensor ends, counted from the end of the header."""
    try:
        tensors: dict[str, Any] = json.loads(header)
        ends = [int(info["data_offsets"][1]) for name, info in tensors.items() if name != "__metadata__"]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        raise _damaged(path, "has a damaged header") from None
    if not ends:
        raise _damaged(path, "holds no weights")
    return max(ends)


def _check_tensors(path: Path) -> None:
    """Let the format's own reader judge what sizes cannot tell: overlaps, gaps, dtypes, shapes."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np") as file:
            file.keys()
    except SafetensorError as error:
        raise _damaged(path, f"has a damaged header: {error}") from None


_AGAIN = "copy or download the model again"


def _damaged(path: Path, what: str, hint: str = _AGAIN) -> ModelError:
    return ModelError(f"{path.name} {what}", place=Place(str(path)), hint=hint)


def _no_weights(folder: Path) -> ModelError:
    names = sorted(path.name for path in folder.iterdir())
    place = Place(str(folder))
    pickles = [name for name in names if name.endswith(_PICKLES) and not name.startswith(_NO_WEIGHTS)]
    shards = [name for name in names if name.startswith("model-") and name.endswith(".safetensors")]
    others = [name for name in names if name.endswith(_OTHERS)]
    if shards:
        return ModelError(f"the folder is half-copied: {INDEX} is missing", place=place, hint=_AGAIN)
    if pickles:
        return _pickled(folder, pickles)
    if others:
        return ModelError(
            f"there is no {SINGLE}, and {others[0]} is no name or format that hfshell loads", place=place
        )
    return ModelError(f"there are no weights: {SINGLE} is missing", place=place, hint=_AGAIN)


def _pickled(folder: Path, names: list[str]) -> ModelError:
    hint = "save it as safetensors with the program that made it"
    if len(names) == 1:
        hint = f"convert it once: {conversion(folder / names[0])}"
    return ModelError(
        f"the weights are a pickle ({names[0]}), and opening a pickle can run any code",
        place=Place(str(folder)),
        hint=hint,
    )


def conversion(pickle: Path) -> str:
    """Return a command line that turns a pickle into safetensors and runs nothing that is in it."""
    code = (
        "import torch; from safetensors.torch import save_file; "
        f"w = torch.load({str(pickle)!r}, weights_only=True); "
        "save_file({k: v.clone().contiguous() for k, v in w.items()}, "
        f"{str(pickle.with_name(SINGLE))!r}, {{'format': 'pt'}})"
    )
    return f"python -c {shlex.quote(code)}"
