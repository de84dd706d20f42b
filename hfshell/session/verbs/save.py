"""`save`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hfshell.api.results import Saved
from hfshell.errors import UsageError
from hfshell.models.inspection import CONFIG
from hfshell.models.saving import save_model
from hfshell.models.sidecar import SIDECAR
from hfshell.models.task_model import TaskModel
from hfshell.session import own_training
from hfshell.session.checkpointing import fingerprints

if TYPE_CHECKING:
    from hfshell.commands.save import SaveOptions
    from hfshell.session.context import CommandContext


def save(context: CommandContext, options: SaveOptions) -> Saved:
    """Write a model to a folder."""
    folder, progress = Path(options.folder).expanduser(), context.progress
    # This line made it, and its batch was killed before it could say so.
    overwrite = options.overwrite or (progress is not None and progress.was_making(folder))
    if folder.exists() and not overwrite:
        raise UsageError(f"{folder} is there already", hint="choose another folder, or say --overwrite")
    if folder.exists() and not any((folder / name).exists() for name in (CONFIG, SIDECAR)):
        raise UsageError(f"{folder} is not a model folder, so it is not overwritten")
    model = context.session.warm.get(options.model, context).model
    if progress is not None and not folder.exists():
        progress.makes(folder)
    if isinstance(model, TaskModel):
        _save_own(context, options, model, folder, overwrite=overwrite)
    else:
        save_model(model, folder, replace=overwrite)
    if progress is not None:
        progress.wrote(folder, fingerprints.of_path(folder))
    written = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return Saved(name=options.model, path=str(folder), bytes=written)


def _save_own(
    context: CommandContext, options: SaveOptions, model: TaskModel, folder: Path, *, overwrite: bool
) -> None:
    chosen = context.session.tasks.get(model.task)
    if not chosen.has_save:
        raise UsageError(
            f"{model.task} cannot save its models: {options.model} lives in memory only",
            hint="it is there until it is unloaded, or its process ends",
        )
    own_training.save(chosen, model, folder, context, replace=overwrite)
