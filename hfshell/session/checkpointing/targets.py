"""The files that lines redirect to: as they were before, and back to that where a kill came between."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hfshell.errors import HfshellError, Refused
from hfshell.language import expand
from hfshell.session.checkpointing.header import begin_anew
from hfshell.storage import write_file_atomically

if TYPE_CHECKING:
    from hfshell.language import CommandLine, Script
    from hfshell.session.session import Session


def planned(script: Script) -> set[Path]:
    """Return the files that a script says it writes, as far as that can be seen before it runs."""
    plain = (line.redirect.target.plain for line in script.lines if line.redirect is not None)
    return {Path(target).expanduser().absolute() for target in plain if target}


def of(line: CommandLine, session: Session) -> Path | None:
    """Return the file that a line redirects to; None where it does not, or cannot say where to."""
    if line.redirect is None:
        return None
    try:
        path = Path(expand(line.redirect.target, session.lookup, line.source)).expanduser().absolute()
    except (HfshellError, RuntimeError):
        return None
    return path if path.is_file() or not path.exists() else None


def before(line: CommandLine, session: Session) -> dict[str, Any] | None:
    """Return what a line's file holds before it is written; None where nothing is written to a file."""
    path = of(line, session)
    if path is None or line.redirect is None:
        return None
    known: dict[str, Any] = {"path": str(path)}
    if line.redirect.append:
        content = path.read_bytes() if path.exists() else b""
        known |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return known


def roll_back(known: Mapping[str, Any] | None, line: CommandLine, checkpoint: str) -> None:
    """Cut off what a line had added to a file before it could be said that it was done.

    Args:
        known: as `before` returned it.
        line: the line.
        checkpoint: name of the batch's, for the hint.

    Raises:
        Refused: what stood in the file before is no longer there.
        StorageError: the disk refused.
    """
    if known is None or "bytes" not in known:
        return
    path = Path(known["path"])
    content = path.read_bytes() if path.exists() else b""
    kept = content[: known["bytes"]]
    if hashlib.sha256(kept).hexdigest() != known["sha256"]:
        raise Refused(
            "resume", f"{path}, to which line {line.line} adds, has changed", hint=begin_anew(checkpoint)
        )
    if len(content) > len(kept):
        write_file_atomically(path, kept)
