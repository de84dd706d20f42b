"""A journal of names as it lies on disk: JSON, of which models and data are recipes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hfshell.errors import StorageError

NAME = "names.json"
"""What a session's own journal is called, in its state folder."""

_RELATIVE = ("./", "../")


@dataclass(frozen=True)
class Journal:
    """A journal that was read.

    Attributes:
        path: where.
        content: JSON types, as `Names.journal` returns them.
        changed: when it was last written, in seconds since 1970.
    """

    path: Path
    content: Mapping[str, Any]
    changed: float

    @property
    def names(self) -> tuple[str, ...]:
        """What is bound in it."""
        return tuple(str(entry["name"]) for entry in self.content["names"])

    def count(self, kind: str) -> int:
        """Return how many names are of a kind."""
        return sum(entry["kind"] == kind for entry in self.content["names"])


def read(path: Path) -> Journal:
    """Read a journal. What is relative in it starts, from now on, from where it was written.

    Raises:
        FileNotFoundError: there is none.
        StorageError: it cannot be read, or is damaged.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        changed = path.stat().st_mtime
        names = [_anchored(entry, content.get("folder", "")) for entry in content["names"]]
        current = content.get("current_model")
        return Journal(
            path,
            {
                **content,
                "names": names,
                "current_model": current and _anchored(current, content.get("folder", "")),
            },
            changed,
        )
    except FileNotFoundError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StorageError(
            f"{path} cannot be read: {error}", hint="it is damaged; names that it held must be bound anew"
        ) from None


def _anchored(entry: Mapping[str, Any], folder: str) -> dict[str, Any]:
    """Let the folder of a model be found from wherever the journal is read."""
    recipe = entry["recipe"]
    source = recipe.get("source") if isinstance(recipe, dict) else None
    kind = entry.get("kind", "model")
    if kind != "model" or not isinstance(source, str) or not folder or not _is_local(source, Path(folder)):
        return dict(entry)
    return {**entry, "recipe": {**recipe, "source": str(Path(folder, source))}}


def _is_local(source: str, folder: Path) -> bool:
    if source.startswith(("/", "~")):
        return False
    return source.startswith(_RELATIVE) or source in (".", "..") or Path(folder, source).exists()
