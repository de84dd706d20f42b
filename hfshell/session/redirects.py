"""`> FILE`: a result written to a file, in the format that the file's ending says."""

from __future__ import annotations

from pathlib import Path

from hfshell.api.results import Result, Saved
from hfshell.api.view import View
from hfshell.errors import StorageError, UsageError
from hfshell.storage import write_file_atomically

_WHOLE = (".json", ".html")
"""Formats of one document: two of them, one after the other, are none."""


def require_writable(target: str, *, append: bool) -> None:
    """Make sure that a result could be written there, as far as that can be known before it is made.

    Raises:
        UsageError: no format has the target's ending, or its format cannot be added to.
        StorageError: its folder is not there.
    """
    from hfshell.render.export import require_format

    path = Path(target).expanduser()
    require_format(path.name)
    if append and path.suffix.lower() in _WHOLE and path.exists():
        raise UsageError(
            f"nothing can be added to a {path.suffix} file: it is one document",
            hint="end it in .jsonl, or write with `>`",
        )
    if not path.parent.is_dir():
        raise StorageError(f"there is no folder {path.parent}", hint="make it first, or choose another")


def shows_views(target: str) -> bool:
    """Return whether the target's format shows a result as its view."""
    from hfshell.render import export

    return export.shows_views(target)


def write_redirect(result: Result, target: str, *, append: bool, view: View | None = None) -> Saved:
    """Write a result, as its view where the format is one for people, and rename it into place.

    Raises:
        UsageError: no format has the target's ending.
        StorageError: the disk refused.
    """
    from hfshell.render.export import export

    path = Path(target).expanduser()
    before = path.read_bytes() if append and path.exists() else b""
    text = export(result, path.name, header=not before, view=view)
    encoded = text.encode("utf-8", errors="backslashreplace")
    write_file_atomically(path, before + encoded)
    return Saved(name="", path=str(path), bytes=len(encoded))
