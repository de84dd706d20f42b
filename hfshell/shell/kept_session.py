"""What outlives a prompt or a batch of its names: a session of a name, or what a crash left behind."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hfshell.home import Home
    from hfshell.journal.file import Journal
    from hfshell.journal.owner import Owner

Line = tuple[str, str]
"""What stands out in a line, and what is said of it."""


class KeptSession:
    """The session of a shell: taken up when it begins, kept when it is left.

    Args:
        home: where sessions and state lie.
        state: the shell's state folder; its kernel finds the names there.
        name: the session to go on with, and to save; None for one without a name.
        offers: whether what a crash left behind is offered, and what this shell leaves behind will be.

    Attributes:
        lines: what is to be said of it when the shell begins.

    Raises:
        UsageError: it cannot be a name, or another shell has it open.
        StorageError: it is damaged, or the disk refused.
    """

    def __init__(self, home: Home, state: Path, name: str | None, *, offers: bool) -> None:
        self.lines: tuple[Line, ...] = ()
        self._home = home
        self._state = state
        self._name = name
        self._locks: list[Owner] = []
        self._offered: Journal | None = None
        try:
            if name is not None:
                self.lines += (self._take_up(name),)
            if offers:
                self._own()
                self.lines += self._offer()
        except BaseException:
            self._release()
            raise

    def save(self) -> str | None:
        """Keep the names when the shell is left; return what is to be said of it.

        Raises:
            StorageError: the disk refused.
        """
        if self._name is None:
            return None
        from hfshell.journal.file import NAME, read
        from hfshell.journal.saved import SavedSessions

        try:
            journal = read(self._state / NAME)
        except FileNotFoundError:
            return f"session {self._name}: nothing was bound, nothing is saved"
        content = {key: value for key, value in journal.content.items() if key != "steps"}
        SavedSessions(self._home.sessions).save(self._name, content, replace=True)
        return f"session {self._name} is saved · {_counted(journal)}"

    def leave(self) -> None:
        """Let go: what is in the state folder is wanted no more, and what was offered was not taken."""
        if self._offered is not None:
            from hfshell.journal.crashed import mark_offered

            mark_offered(self._offered)
        self._release()

    def _release(self) -> None:
        for lock in self._locks:
            lock.close()
        self._locks.clear()

    def _take_up(self, name: str) -> Line:
        from hfshell.journal.file import NAME
        from hfshell.journal.saved import SavedSessions
        from hfshell.storage import write_file_atomically

        sessions = SavedSessions(self._home.sessions)
        self._locks.append(sessions.open(name))
        saved = sessions.read(name) if name in sessions else None
        self._state.mkdir(parents=True, exist_ok=True, mode=0o700)
        content: dict[str, Any] = dict(saved.content) if saved else {"schema": 1, "names": []}
        write_file_atomically(self._state / NAME, json.dumps({**content, "saved_as": name}))
        if saved is None:
            return f"session {name}", " is new; it is saved when you leave"
        return f"session {name}", f" · {_dated(saved)}; saved when you leave"

    def _own(self) -> None:
        from hfshell.journal.crashed import own

        with contextlib.suppress(OSError):  # without a lock nothing of ours is offered: the prompt works on
            self._locks.append(own(self._state))

    def _offer(self) -> tuple[Line, ...]:
        kernels = self._home.kernels
        if not kernels.is_dir():
            return ()
        from hfshell.journal.crashed import crashed

        found = crashed(kernels, offered=False)
        if not found:
            return ()
        self._offered = journal = found[0]
        name = journal.content.get("saved_as")
        whose = f"session {name}" if name else "the last session"
        said = f" was not left: {_dated(journal)} · `session restore`"
        return ((whose, said),)


@contextlib.contextmanager
def named_session(home: Home, state: Path, name: str | None, say: Callable[[str], None]) -> Iterator[None]:
    """Begin a batch with the names of a session, if one is named, and save it however the batch ends.

    Raises:
        UsageError: it cannot be a name, or a shell has it open.
        StorageError: it is damaged, or the disk refused.
    """
    if name is None:
        yield
        return
    kept = KeptSession(home, state, name, offers=False)
    try:
        for loud, quiet in kept.lines:
            say(f"  {loud}{quiet}")
        yield
    finally:
        try:
            say(f"  {kept.save()}")
        finally:
            kept.leave()


def _counted(journal: Journal) -> str:
    from hfshell.render.quantities import many

    return many(len(journal.names), "name")


def _dated(journal: Journal) -> str:
    from hfshell.render.quantities import moment

    return f"{_counted(journal)} of {moment(journal.changed)}"
