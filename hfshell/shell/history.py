"""The prompt's history: a plain file that several prompts may append to at once, without secrets."""

from __future__ import annotations

import fcntl
import os
import re
from asyncio import get_running_loop, sleep
from collections.abc import AsyncGenerator, Callable, Iterable
from datetime import datetime
from pathlib import Path

from prompt_toolkit.history import History

from hfshell.shell.past_lines import PastLines

_NEWEST_BYTES = 2**24
"""How much of the file's end is read: 100,000 entries of 140 bytes with their dates."""

_AT_ONCE_BYTES = 2**20
"""A file up to this size is read before the first key; a larger one beside the keys."""

_BATCH = 500
"""Lines given to the prompt before it looks for keys again."""

_ENTRY = re.compile(r"(?:^\+.*\n?)+", re.MULTILINE)


def is_worth_keeping(line: str) -> bool:
    """Whether a line may enter the history: it holds no secret and does not begin with a space."""
    from hfshell.redact import holds_secret  # late: the first prompt needs no list of secrets

    return bool(line.strip()) and not line.startswith(" ") and not holds_secret(line)


class PromptHistory(History):
    """History in the format of prompt_toolkit's own `FileHistory`, private and locked.

    A file that cannot be read or written never stops the prompt: lines are then remembered until it ends.

    Args:
        path: the file; created with mode 0600.
        notify: told once why lines do not reach the file.

    Attributes:
        past: the same lines, to be searched; another object once the file is read.
    """

    def __init__(self, path: Path, notify: Callable[[str], None]) -> None:
        super().__init__()
        self.past = PastLines()
        self._path = path
        self._notify = notify
        self._notified = False

    def append_string(self, string: str) -> None:
        """Remember a line, unless it is not worth keeping."""
        string = string.rstrip("\r\n")  # a paste may end with the end of its last line
        if is_worth_keeping(string):
            super().append_string(string)
            self.past.add(string)

    async def load(self) -> AsyncGenerator[str, None]:
        """Yield the lines, newest first. Keys are heard meanwhile, however many lines there are."""
        if not self._loaded:
            in_one_go = self._size() <= _AT_ONCE_BYTES
            # Cancelled by an early Enter, nothing is half done: the next prompt reads the file again.
            found = (
                self._found() if in_one_go else await get_running_loop().run_in_executor(None, self._found)
            )
            (self._loaded_strings, self.past), self._loaded = found, True
        for number, string in enumerate(tuple(self._loaded_strings)):
            if number % _BATCH == _BATCH - 1:
                await sleep(0)
            yield string

    def read_now(self) -> list[str]:
        """Return the lines, newest first, for who has no loop that could hear keys meanwhile."""
        if not self._loaded:
            (self._loaded_strings, self.past), self._loaded = self._found(), True
        return self._loaded_strings

    def newest(self, count: int) -> list[str]:
        """Return the newest lines, the newest first."""
        return self._loaded_strings[:count]

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

    def _found(self) -> tuple[list[str], PastLines]:
        strings = list(self.load_history_strings())
        return strings, PastLines(reversed(strings))

    def _size(self) -> int:
        try:
            return self._path.stat().st_size
        except OSError:
            return 0  # why it cannot be read is said when it is read

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
    return [entry.removesuffix("\n")[1:].replace("\n+", "\n") for entry in _ENTRY.findall(text)]


def _append(path: Path, entry: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.fchmod(descriptor, 0o600)  # it may have been copied here by somebody less careful
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # an entry longer than a page may be written in pieces
        while entry:
            entry = entry[os.write(descriptor, entry) :]
    finally:
        os.close(descriptor)
