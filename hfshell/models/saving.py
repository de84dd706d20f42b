"""Writes model folders: those that plain transformers reads too, and those that a task reads itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hfshell.errors import ModelError, Refused
from hfshell.models.beside import write_beside
from hfshell.models.quiet import silenced
from hfshell.models.sidecar import SIDECAR, Format, Sidecar, write_sidecar, write_trained_on
from hfshell.storage import staged_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from hfshell.api.models import LoadedModel
    from hfshell.models.task_model import InMemory, TaskModel

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
    _write(model, folder, replace=replace)


def save_untrained(model: LoadedModel, folder: Path) -> None:
    """Write a model whose weights are all random, and say so in `hfshell.json`: loaded again it is no other.

    Raises:
        StorageError: the folder exists or the disk refused; nothing is left behind.
    """
    _write(model, folder, untrained=True)


def _write(model: LoadedModel, folder: Path, *, replace: bool = False, untrained: bool = False) -> None:
    with staged_folder(folder, _identity(model), replace=replace, needed=model.bytes) as staging:
        with silenced():
            model.module.save_pretrained(staging)
            model.processor.save_pretrained(staging)
        write_sidecar(staging, _sidecar(model, model.plugin, "transformers", untrained=untrained), _LIBRARIES)
        write_trained_on(staging, model.trained_on)
        write_beside(model, staging)
        for path in filter(Path.is_file, staging.iterdir()):
            path.chmod((staging / SIDECAR).stat().st_mode)  # safetensors writes 0600 whatever the umask


def save_task_model(
    model: TaskModel,
    write: Callable[[Path], None],
    folder: Path,
    *,
    plugin: tuple[str, str] | None = None,
    replace: bool = False,
) -> None:
    """Let a task write its model, and `hfshell.json` beside it, whole or not at all.

    Args:
        model: a model that the task made.
        write: fills the empty folder that it is called with.
        folder: must not exist, unless `replace`.
        plugin: distribution and version of the plugin that gives the task.
        replace: an existing folder gives way.

    Raises:
        StorageError: the folder exists or the disk refused; nothing is left behind.
    """
    with staged_folder(folder, _identity(model), replace=replace, needed=model.bytes) as staging:
        write(staging)
        write_sidecar(staging, _sidecar(model, plugin, "task"))
        write_trained_on(staging, model.trained_on)


def _identity(model: InMemory) -> dict[str, str | None]:
    return {"kind": "model", "task": model.task, "architecture": type(model.module).__name__}


def _sidecar(
    model: InMemory, plugin: tuple[str, str] | None, form: Format, *, untrained: bool = False
) -> Sidecar:
    return Sidecar(model.task, model.labels, plugin if model.task else None, form, untrained)


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
