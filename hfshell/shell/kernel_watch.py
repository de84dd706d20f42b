"""The kernel beside the prompt: started and asked in the background, so that the prompt never waits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hfshell.errors import HfshellError

if TYPE_CHECKING:
    from hfshell.api.requests import NameInfo
    from hfshell.api.results import KernelStatus
    from hfshell.kernel.supervisor import KernelSupervisor


class KernelWatch:
    """Knows how the kernel is and which names it holds, as of the last second.

    Args:
        supervise: makes the supervisor; called in the background, for its imports take a while.
        changed: called in the background when something is different.
        died: told in the background why a kernel ended while nothing ran.
        interval: seconds between two looks.

    Attributes:
        status: how the kernel is; None before the first look.
        names: what is bound.
        told: whether the kernel ever said what is bound.
    """

    def __init__(
        self,
        supervise: Callable[[], KernelSupervisor],
        changed: Callable[[], None],
        died: Callable[[HfshellError], None],
        *,
        interval: float = 1.0,
    ) -> None:
        self.status: KernelStatus | None = None
        self.names: Sequence[NameInfo] = ()
        self.told = False
        self._supervise = supervise
        self._changed = changed
        self._died = died
        self._interval = interval
        self._supervisor: KernelSupervisor | None = None
        self._making = threading.Lock()
        self._idle = threading.Event()
        self._idle.set()
        self._wake = threading.Event()
        self._stopped = False
        self._connected = False
        self._given_up = False
        self._thread = threading.Thread(target=self._watch, name="kernel-watch", daemon=True)

    def start(self) -> bool:
        """Begin, and return whether this was the first time; never waits."""
        if self._thread.ident is not None:
            return False
        self._thread.start()
        return True

    def supervisor(self) -> KernelSupervisor:
        """Return what starts and restarts the kernel."""
        with self._making:
            if self._supervisor is None:
                self._supervisor = self._supervise()
            return self._supervisor

    @contextmanager
    def running(self) -> Iterator[KernelSupervisor]:
        """Leave the kernel to a command: it says itself how the kernel fares. Afterwards, look again."""
        self._idle.clear()
        try:
            yield self.supervisor()
        finally:
            self._given_up = False
            self._idle.set()
            self._wake.set()

    def is_bound(self, name: str) -> bool:
        """Whether a name is bound; the kernel is asked when it was not the last time we looked."""
        if any(info.name == name for info in self.names):
            return True
        names = self._supervisor.names() if self._connected and self._supervisor else None
        self.names = self.names if names is None else names
        return any(info.name == name for info in self.names)

    def stop(self) -> None:
        """End the kernel and the watching."""
        self._stopped = True
        self._idle.set()
        self._wake.set()
        if self._supervisor is not None and not self._connected:
            self._supervisor.kill()  # it has nothing to lose yet, and nobody needs to wait for it
        if self._thread.ident is not None:
            self._thread.join()
        if self._supervisor is not None:
            self._supervisor.stop()

    def _watch(self) -> None:
        supervisor = self.supervisor()
        while not self._stopped:
            self._wake.clear()
            self._look(supervisor)
            self._wake.wait(self._interval)
            self._idle.wait()

    def _look(self, supervisor: KernelSupervisor) -> None:
        before = self.status, self.names
        self._connect(supervisor)
        death = supervisor.take_death()
        self.status = supervisor.status()
        names = supervisor.names()
        if names is not None:
            self.told = True
            if names != self.names:  # what was made of them stays good while they are the same
                self.names = names
        if death is not None and not self._stopped:
            self._died(death)
        if (self.status, self.names) != before:
            self._changed()

    def _connect(self, supervisor: KernelSupervisor) -> None:
        """Wait until the kernel answers; one that cannot start is not tried again before a line wants it."""
        if self._given_up:
            return
        try:
            supervisor.client()
            self._connected = True
        except HfshellError as error:
            self._given_up = True
            if not self._stopped:
                self._died(error)
