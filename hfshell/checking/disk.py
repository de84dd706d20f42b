"""What is on the disk, and what earlier lines of a script will have written there."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from pathlib import Path


def path_of(text: str) -> Path:
    """Return the path that a user wrote; `~name` is a name where nobody is called so."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)


def exists(text: str) -> bool:
    """Whether a file or folder is there; not when no file can have the name, or nobody may look."""
    try:
        return path_of(text).exists()
    except (OSError, ValueError):
        return False


@dataclass
class Disk:
    """Files and folders, as a run would find them.

    Attributes:
        anything: a line writes where nobody knows: any file may be there by then.
        written: what earlier lines write.
    """

    anything: bool = False
    written: set[str] = field(default_factory=set)

    def exists(self, path: str) -> bool:
        """Whether a file or folder is there now."""
        return exists(path)

    def is_there(self, path: str) -> bool:
        """Whether a file is there, or will be because an earlier line wrote it, or a folder around it."""
        if self.anything or self.exists(path):
            return True
        path = posixpath.normpath(path)
        return any(path == written or path.startswith(f"{written}/") for written in self.written)

    def is_written(self, path: str) -> bool:
        """Whether an earlier line writes a file, or may."""
        return self.anything or posixpath.normpath(path) in self.written

    def is_in_the_way(self, path: str) -> bool:
        """Whether a file or folder is certainly there when a line would write it."""
        return self.exists(path) or posixpath.normpath(path) in self.written

    def write(self, path: str | None) -> None:
        """Note that a line writes a file; one whose path only the run knows could be any."""
        if path is None:
            self.anything = True
        else:
            self.written.add(posixpath.normpath(path))
