"""`save`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hfshell.api.results import Saved
from hfshell.errors import UsageError
from hfshell.models.saving import save_model

if TYPE_CHECKING:
    from hfshell.commands.save import SaveOptions
    from hfshell.session.context import CommandContext


def save(context: CommandContext, options: SaveOptions) -> Saved:
    """Write a model to a folder."""
    folder = Path(options.folder).expanduser()
    if folder.exists() and not options.overwrite:
        raise UsageError(f"{folder} is there already", hint="choose another folder, or say --overwrite")
    if folder.exists() and not (folder / "config.json").exists():
        raise UsageError(f"{folder} is not a model folder, so it is not overwritten")
    warm = context.session.warm.get(options.model, context)
    save_model(warm.model, folder, replace=options.overwrite)
    written = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return Saved(name=options.model, path=str(folder), bytes=written)
