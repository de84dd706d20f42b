"""What hfshell writes beside a model's own files: its task, who gave that, and the rows it has seen."""

from __future__ import annotations

import importlib.metadata
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import hfshell
from hfshell.errors import ModelError, Place
from hfshell.models.remote_code import read_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SIDECAR = "hfshell.json"
TRAINED_ON = "hfshell-trained-on.txt"
"""Fingerprints of the rows that a model was trained on, one a line."""

Format = Literal["transformers", "task"]


@dataclass(frozen=True)
class Sidecar:
    """What a model folder says of itself.

    Attributes:
        task: the task that the model is for; None for a base model.
        labels: its labels by index.
        plugin: distribution and version of the plugin that gave the task; None when nobody wrote it down.
        format: who reads the folder: `transformers`, or the `task` alone.
        untrained: whether all its weights are random.
    """

    task: str | None = None
    labels: tuple[str, ...] = ()
    plugin: tuple[str, str] | None = None
    format: Format = "transformers"
    untrained: bool = False


def write_sidecar(folder: Path, sidecar: Sidecar, libraries: Sequence[str] = ()) -> None:
    """Write the sidecar.

    Args:
        folder: the model folder.
        sidecar: what it says.
        libraries: distributions whose versions are noted beside hfshell's.
    """
    versions = {name: importlib.metadata.version(name) for name in libraries}
    plugin = sidecar.plugin
    content = {
        "schema": 1,
        "task": sidecar.task,
        "labels": list(sidecar.labels),
        "format": sidecar.format,
        **({"untrained": True} if sidecar.untrained else {}),
        "plugin": {"distribution": plugin[0], "version": plugin[1]} if plugin else None,
        "versions": {"hfshell": hfshell.__version__, **versions},
    }
    (folder / SIDECAR).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")


def read_sidecar(folder: Path) -> Sidecar | None:
    """Read a folder's sidecar; None when it has none. What does not fit counts as not there.

    Raises:
        ModelError: it is no JSON object.
    """
    if not (folder / SIDECAR).exists():
        return None
    found = read_json(folder / SIDECAR)
    task, labels = found.get("task"), found.get("labels")
    return Sidecar(
        task=task if isinstance(task, str) else None,
        labels=tuple(str(label) for label in labels) if isinstance(labels, list) else (),
        plugin=_plugin(found.get("plugin")),
        format="task" if found.get("format") == "task" and isinstance(task, str) else "transformers",
        untrained=found.get("untrained") is True,
    )


def _plugin(found: Any) -> tuple[str, str] | None:
    if not isinstance(found, dict):
        return None
    names = (found.get("distribution"), found.get("version"))
    return (names[0], names[1]) if isinstance(names[0], str) and isinstance(names[1], str) else None


def write_trained_on(folder: Path, trained_on: frozenset[str]) -> None:
    """Write down what a model was trained on; nothing for one that was not."""
    if trained_on:
        (folder / TRAINED_ON).write_text("\n".join(sorted(trained_on)) + "\n", "utf-8")


def read_trained_on(folder: Path) -> frozenset[str]:
    """Read what a model was trained on; empty when nobody wrote it down.

    Raises:
        ModelError: it cannot be read.
    """
    path = folder / TRAINED_ON
    if not path.is_file():
        return frozenset()
    try:
        return frozenset(path.read_text("utf-8").splitlines())
    except (OSError, UnicodeDecodeError):
        raise ModelError(f"{TRAINED_ON} cannot be read", place=Place(str(path))) from None
