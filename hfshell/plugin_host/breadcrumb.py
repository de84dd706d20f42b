"""A note of which plugin is at work, so that whoever finds the process dead can name it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "plugin-at-work.json"


@dataclass(frozen=True)
class AtWork:
    """A plugin's code that runs.

    Attributes:
        name: the plugin's.
        distribution, version: of the package that ships it.
        what: what it does, `predict`, `hfshell_session_started`.
        cut_after: seconds without a sign of life after which it was cut off; None when it was not.
    """

    name: str
    distribution: str
    version: str
    what: str
    cut_after: float | None = None

    @property
    def label(self) -> str:
        """Name, distribution and version, as errors give them."""
        return f"{self.name} ({self.distribution} {self.version})"


class Breadcrumb:
    """Writes the note. Written in place: it must cost next to nothing, and a torn one names nobody.

    Args:
        folder: the kernel's state folder.
    """

    def __init__(self, folder: Path) -> None:
        self._descriptor = os.open(folder / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def leave(self, at_work: AtWork | None) -> None:
        """Say who is at work now, or that nobody is."""
        text = json.dumps(asdict(at_work)).encode() if at_work else b""
        os.pwrite(self._descriptor, text, 0)
        os.ftruncate(self._descriptor, len(text))


def read_breadcrumb(folder: Path) -> AtWork | None:
    """Return who was at work when the process ended; None when nobody was."""
    try:
        return AtWork(**json.loads((folder / NAME).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
