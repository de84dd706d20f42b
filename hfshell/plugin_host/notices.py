"""What people should be told of plugins: each thing once."""

from __future__ import annotations

import threading


class Notices:
    """Lines that wait for somebody to show them. May be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[str] = []
        self._said: set[str] = set()

    def say(self, text: str) -> None:
        """Have a line shown, unless it was said before."""
        with self._lock:
            if text not in self._said:
                self._said.add(text)
                self._waiting.append(text)

    def take(self) -> tuple[str, ...]:
        """Hand out what waits."""
        with self._lock:
            waiting, self._waiting = tuple(self._waiting), []
        return waiting
