"""The prompt's history: a plain file that several prompts may append to at once, without secrets."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from prompt_toolkit.history import History

_NEWEST_BYTES = 2**20
"""How much of the file's end is read; at 20 bytes an entry, more than anybody pages back through."""

_SECRET = re.compile(
    r"""
      \b(?: hf_\w{16,} | sk-[\w-]{16,} | gh[opsur]_\w{20,} )            # tokens by their shape
    | (?<!\S) --? (?:\w+-)* (?:token|password|passwd|secret|key) \b      # options by their name
    | (?:\b|_) (?:api)? (?:token|password|passwd|secret|key) \s*=\s*\S   # values by theirs
    | \b\w+://[^\s/:@]*:[^\s/@]+@                                         # passwords in addresses
    """,
    re.IGNORECASE | re.VERBOSE,
)


def is_worth_keeping(line: str) -> bool:
    """Whether a line may enter the history: it holds no secret and does not begin with a space."""
    return bool(line.strip()) and not line.startswith(" ") and not _SECRET.search(line)


class PromptHistory(History):
    """History in the format of prompt_toolkit's own `FileHistory`, private and locked.

    A file that cannot be read or written never stops the prompt: lines are then remembered until it ends.

    Args:
        path: the file; created with mode 0600.
        notify: told once why lines do not reach the file.
    """

    def __init__(self, path: Path, notify: Callable[[str], None]) -> None:
        super().__init__()
        self._path = path
        self._notify = notify
        self._notified = False

    def append_string(self, string: str) -> None:
        """Remember a line, unless it is not worth keeping."""
        if is_worth_keeping(string):
            super().append_string(string)

    def load_history_strings(self) -> Iterable[str]:
        """Return the lines of the file, newest first."""
        try:
            return _read(self._path)[::-1]
        except FileNotFoundError:
            return []
        except OSError as error:
            self._complain("read", error)
            return []

    def store_string(self, string: str) -> None:
        """Append a line to the file."""
        body = "".join(f"+{line}\n" for line in string.split("\n"))
        entry = f"\n# {datetime.now().astimezone():%Y-%m-%d %H:%M:%S}\n{body}"
        try:
            _append(self._path, entry.encode("utf-8", errors="replace"))
        except OSError as error:
            self._complain("write", error)

    def _complain(self, verb: str, error: OSError) -> None:
        if not self._notified:
            self._notified = True
            reason = error.strerror or error
            self._notify(f"cannot {verb} {self._path} ({reason}): lines are remembered until you leave")


def _read(path: Path) -> list[str]:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _NEWEST_BYTES))
        text = file.read().decode("utf-8", errors="replace")
    if size > _NEWEST_BYTES:
        text = text.partition("\n# ")[2]
    entries: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.startswith("+"):
            entries[-1].append(line[1:])
        elif entries[-1]:
            entries.append([])
    return ["\n".join(entry) for entry in entries if entry]


def _append(path: Path, entry: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # an entry longer than a page may be written in pieces
        while entry:
            entry = entry[os.write(descriptor, entry) :]
    finally:
        os.close(descriptor)
