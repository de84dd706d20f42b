"""Script files: their text, and where one that is sourced lies."""

from __future__ import annotations

import os
from pathlib import Path

from hfshell.errors import UsageError
from hfshell.language import Source


def read_source(path: str, sourcing: str) -> Source:
    """Read a script that another one, or nobody, sources.

    Raises:
        UsageError: it is missing, a folder, or not UTF-8.
    """
    found = Path(path).expanduser()
    if sourcing and not sourcing.startswith("<") and not found.is_absolute():
        found = Path(sourcing).parent / found
    return Source(read_script(found).removeprefix("\ufeff"), os.path.normpath(found))


def read_script(path: Path) -> str:
    """Read a script's text.

    Raises:
        UsageError: it is missing, a folder, or not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(f"there is no script {path}", hint=_similar(path)) from None
    except IsADirectoryError:
        raise UsageError(f"{path} is a folder, not a script") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text (byte {error.start})") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None


def _similar(path: Path) -> str | None:
    from hfshell.language.suggest import did_you_mean

    try:
        return did_you_mean(path.name, [found.name for found in path.parent.glob("*.hfsh")])
    except OSError:
        return None
