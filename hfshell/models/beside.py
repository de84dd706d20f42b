"""Texts that stand beside a model's weights in its folder, and that go where it goes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from hfshell.errors import PluginError

if TYPE_CHECKING:
    from hfshell.api.models import LoadedModel

_MODULES = "modules.json"
_SETTINGS = ("sentence_bert_config.json", "config_sentence_transformers.json")


def read_beside(folder: Path) -> dict[str, str]:
    """Return what sentence-transformers keeps of how a model's vectors become one, by path; else nothing.

    Nothing, too, where that has weights of its own, which are not read here, or lies out of the folder:
    whoever made the model may have written anything.
    """
    modules = folder / _MODULES
    try:
        paths = [str(module["path"]) for module in json.loads(modules.read_text("utf-8")) if module["path"]]
        if any(map(_leads_out, paths)):
            return {}
        files = [file for path in paths for file in (folder / path).rglob("*") if file.is_file()]
        if any(file.suffix != ".json" for file in files):
            return {}
        found = [modules, *files, *(folder / name for name in _SETTINGS if (folder / name).is_file())]
        return {file.relative_to(folder).as_posix(): file.read_text("utf-8") for file in found}
    except (OSError, ValueError, KeyError, TypeError):  # none of its folders, or one that it could not read
        return {}


def write_beside(model: LoadedModel, folder: Path) -> None:
    """Write a model's texts into its folder.

    Raises:
        PluginError: a path leads out of the folder, or to a file that is there.
    """
    texts: Mapping[str, str] = model.beside
    for name, text in texts.items():
        target = folder / name
        if _leads_out(name) or target.exists():
            given = f" ({' '.join(model.plugin)})" if model.plugin else ""
            raise PluginError(
                f"task {model.task}{given} keeps {name} beside its model: that is no place for it"
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts
