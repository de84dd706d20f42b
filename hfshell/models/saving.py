"""Writes model folders that hfshell and plain transformers both read."""

from __future__ import annotations

import importlib.metadata
import json
from typing import TYPE_CHECKING

import hfshell
from hfshell.errors import ModelError, Place, Refused
from hfshell.models.inspection import SIDECAR
from hfshell.models.quiet import silenced
from hfshell.storage import staged_folder

if TYPE_CHECKING:
    from pathlib import Path

    from hfshell.api.models import LoadedModel

TRAINED_ON = "hfshell-trained-on.txt"
"""Fingerprints of the rows that a model was trained on, one a line."""

_LIBRARIES = ("torch", "transformers", "tokenizers", "safetensors")


def save_model(model: LoadedModel, folder: Path, *, replace: bool = False) -> None:
    """Write config.json, safetensors, tokenizer and `hfshell.json`, whole or not at all.

    Args:
        model: any model in memory; a dirty one is refused.
        folder: must not exist, unless `replace`.
        replace: an existing folder gives way.

    Raises:
        StorageError: the folder exists or the disk refused; nothing is left behind.
        Refused: guard `dirty` or `fresh-head`: the model is not worth keeping.
        ModelError: parts of the model are on disk only.
    """
    _refuse_unfit(model)
    identity = {"kind": "model", "task": model.task, "architecture": type(model.module).__name__}
    with staged_folder(folder, identity, replace=replace, needed=model.bytes) as staging:
        with silenced():
            model.module.save_pretrained(staging)
            model.processor.save_pretrained(staging)
        (staging / SIDECAR).write_text(
            json.dumps(_sidecar(model), indent=1, ensure_ascii=False) + "\n", "utf-8"
        )
        if model.trained_on:
            (staging / TRAINED_ON).write_text("\n".join(sorted(model.trained_on)) + "\n", "utf-8")
        for path in staging.iterdir():
            path.chmod((staging / SIDECAR).stat().st_mode)  # safetensors writes 0600 whatever the umask


def read_trained_on(folder: Path) -> frozenset[str]:
    """Read the fingerprints that `save_model` wrote; empty when there are none."""
    path = folder / TRAINED_ON
    if not path.is_file():
        return frozenset()
    try:
        return frozenset(path.read_text("utf-8").splitlines())
    except (OSError, UnicodeDecodeError):
        raise ModelError(f"{TRAINED_ON} cannot be read", place=Place(str(path))) from None


def _refuse_unfit(model: LoadedModel) -> None:
    if model.dirty:
        raise Refused("dirty", f"the model is not whole: {model.dirty}", hint="load it again")
    if model.new_weights:
        raise Refused(
            "fresh-head",
            f"{len(model.new_weights)} weights are random, {model.new_weights[0]} first: "
            "once saved, nothing would tell them from trained ones",
            hint="`finetune` trains them",
        )
    if any(tensor.device.type == "meta" for tensor in model.module.parameters()):
        raise ModelError("the model is spread over memory and disk and cannot be saved from there")


def _sidecar(model: LoadedModel) -> dict[str, object]:
    versions = {"hfshell": hfshell.__version__} | {
        name: importlib.metadata.version(name) for name in _LIBRARIES
    }
    return {"schema": 1, "task": model.task, "labels": list(model.labels), "versions": versions}
