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

if TYPE_CHECKING:
    from hfshell.commands.save import SaveOptions
    from hfshell.session.context import CommandContext


def save(context: CommandContext, options: SaveOptions) -> Saved:
    """Write a model to a folder."""
    folder = Path(options.folder).expanduser()
    if folder.exists() and not options.overwrite:
        raise UsageError(f"{folder} is there already", hint="choose another folder, or say --overwrite")
    if folder.exists() and not any((folder / name).exists() for name in (CONFIG, SIDECAR)):
        raise UsageError(f"{folder} is not a model folder, so it is not overwritten")
    model = context.session.warm.get(options.model, context).model
    if isinstance(model, TaskModel):
        _save_own(context, options, model, folder)
    else:
        save_model(model, folder, replace=options.overwrite)
    written = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return Saved(name=options.model, path=str(folder), bytes=written)


def _save_own(context: CommandContext, options: SaveOptions, model: TaskModel, folder: Path) -> None:
    chosen = context.session.tasks.get(model.task)
    if not chosen.has_save:
        raise UsageError(
            f"{model.task} cannot save its models: {options.model} lives in memory only",
            hint="it is there until it is unloaded, or its process ends",
        )
    own_training.save(chosen, model, folder, context, replace=options.overwrite)
