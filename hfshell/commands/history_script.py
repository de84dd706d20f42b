"""`history save`: what worked in this session, as a script that runs as it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hfshell.api.results import Message
from hfshell.errors import UsageError
from hfshell.language import quote
from hfshell.storage import write_file_atomically

if TYPE_CHECKING:
    from hfshell.commands.local import LocalContext


def save_script(context: LocalContext, file: str, *, overwrite: bool) -> Message:
    """Write the lines of this session that worked, and say what `check` finds in them.

    Raises:
        UsageError: the file is there already, or no line worked yet.
        StorageError: the disk refuses.
    """
    worked = context.worked()
    if not worked.lines:
        raise UsageError("no line of this session has worked yet, so there is nothing to save")
    path = Path(file).expanduser()
    if path.exists() and not overwrite:
        raise UsageError(f"{file} is there already", hint="--overwrite replaces it")
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}")
    write_file_atomically(path, worked.script(), mode=0o777)
    count = len(worked.lines)
    lines = [f"{count} line{'s' if count > 1 else ''} in {file}: `hfshell {quote(file)}` runs them"]
    if worked.hidden:
        lines.append(f"{worked.hidden} left out: they hold a secret, or began with a space")
    return Message(lines=(*lines, *worked.findings(path, context)))
