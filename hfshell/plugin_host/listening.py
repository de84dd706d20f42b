"""A mark for each plugin that is being told something, so that one that ends its process is told no more."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hfshell.plugin_host.discovery import Discovered

_ENDING = "listening"


class Listening:
    """Marks on the disk. One that outlives its process says in which hook of which plugin it ended.

    Args:
        folder: where they lie. Where nothing can be written there are none.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def to(self, plugin: Discovered, hook: str) -> Iterator[None]:
        """Mark a plugin while it is told something."""
        mark = self._folder / f"{_name(plugin)}.{os.getpid()}.{_ENDING}"
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            mark.write_text(hook)
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                mark.unlink(missing_ok=True)

    def ended_in(self, plugin: Discovered) -> str | None:
        """Return the hook of this version of a plugin in which a process ended; None when none did."""
        for mark in self._marks(plugin):
            if not is_alive(int(mark.suffixes[-2][1:])):
                with contextlib.suppress(OSError):
                    return mark.read_text()
        return None

    def clear(self, plugin: Discovered) -> None:
        """Let a plugin be told things again."""
        for mark in self._marks(plugin):
            with contextlib.suppress(OSError):
                mark.unlink(missing_ok=True)

    def _marks(self, plugin: Discovered) -> list[Path]:
        return sorted(self._folder.glob(f"{_name(plugin)}.*.{_ENDING}"))


def _name(plugin: Discovered) -> str:
    return f"{plugin.distribution}-{plugin.name}-{plugin.version}"


def is_alive(pid: int) -> bool:
    """Whether there is a process of this number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
