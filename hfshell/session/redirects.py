"""`> FILE`: a result written to a file, in the format that the file's ending says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hfshell.api.results import Result, Saved
from hfshell.storage import write_file_atomically

if TYPE_CHECKING:
    from hfshell.api.results import Result


def write_redirect(result: Result, target: str, *, append: bool) -> Saved:
    """Write a result beside its target and rename it into place.

    Raises:
        UsageError: no format has the target's ending.
        StorageError: the disk refused.
    """
    from hfshell.render.export import export

    path = Path(target).expanduser()
    before = path.read_text(encoding="utf-8") if append and path.exists() else ""
    text = export(result, path.name, header=not before)
    write_file_atomically(path, before + text)
    return Saved(name="", path=str(path), bytes=len(text.encode()))
