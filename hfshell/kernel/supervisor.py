"""Keeps a kernel at hand: starts it, notices its end and says how it came, starts another."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Self

from hfshell.api.requests import NameInfo
from hfshell.api.results import KernelStatus
from hfshell.errors import HfshellError, KernelDied
from hfshell.kernel.child import KernelChild
from hfshell.kernel.client import ANSWER_SECONDS, KernelClient, connect

_PAUSE_SECONDS = 0.01
_DEATH_SECONDS = 2.0


class KernelSupervisor:
    """One kernel after another, of which at most one lives.

    `start`, `client`, `restart` and `stop` may wait; `status`, `names`, `cancel` and `kill` do not, and
    `cancel` and `kill` may be called from a signal handler.

    Args:
        folder: state folder of the session, its kernel's alone; made with mode 0700.
        arguments: further arguments of `python -m hfshell.kernel`, such as `--no-plugins`.
        connect_seconds: how long a kernel may take until it answers.
    """

    def __init__(self, folder: Path, arguments: Sequence[str] = (), *, connect_seconds: float = 30.0) -> None:
        self._folder = folder
        self._arguments = tuple(arguments)
        self._connect_seconds = connect_seconds
        self._child: KernelChild | None = None
        self._client: KernelClient | None = None
        self._restarts = 0
        self._death: HfshellError | None = None
        self._last_status: KernelStatus | None = None
        self._lock = threading.RLock()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def restarts(self) -> int:
        """How often the kernel was started again."""
        return self._restarts

    @property
    def pid(self) -> int | None:
        """Process ID of the kernel; None when none lives."""
        child = self._child
        return child.pid if child is not None and not child.has_ended() else None

    @property
    def socket(self) -> Path | None:
        """Where other processes may attach to the kernel."""
        return self._child.socket if self._child else None

    @property
    def state(self) -> str:
        """`starting`, `idle`, `busy` or `dead`."""
        return self.status().state

    def start(self) -> None:
        """Start a kernel, and return without waiting for it. Nothing happens when there is one.

        Raises:
            StorageError: the state folder cannot be used.
            KernelDied: no process can be started.
        """
        with self._lock:
            if self._child is None:
                self._spawn()

    def client(self) -> KernelClient:
        """Return a connection to the kernel, starting it again when it died.

        Raises:
            StorageError: the state folder cannot be used.
            KernelDied: it does not start, or does not answer in time.
        """
        with self._lock:
            if self._client is not None and self._client.alive:
                return self._client
            if self._child is not None and (self._client is not None or self._child.has_ended()):
                death = self._bury(self._child, None)
                if self._child is None:
                    raise death
                self._death = death
            return self._connect(self._child or self._spawn())

    def status(self) -> KernelStatus:
        """Return how the kernel is, as far as it can be known at once."""
        client = self._client_at_once()
        answer = client.status() if client else None
        if answer is not None:
            self._last_status = answer = replace(answer, restarts=self._restarts)
            return answer
        return self._guess(client)

    def names(self) -> tuple[NameInfo, ...] | None:
        """Return the names that are bound; None when the kernel does not say so at once."""
        client = self._client_at_once()
        return client.names() if client else None

    def take_death(self) -> HfshellError | None:
        """Return how a kernel died since the last call while nothing ran, and start another; else None."""
        with self._lock:
            if self._child is not None and self._child.has_ended():
                self._death = self._bury(self._child, None)
            death, self._death = self._death, None
            return death

    def cancel(self, level: int) -> None:
        """Stop what we run: 1 after the step it is in, 2 at once."""
        if client := self._client:
            client.cancel(level)

    def kill(self) -> None:
        """End the kernel now, whatever it does: the run that waits for it raises Interrupted."""
        if child := self._child:
            child.asked_to_die = True
            child.kill()

    def restart(self) -> None:
        """End the kernel and start another, without waiting for that.

        Raises:
            StorageError: the state folder cannot be used.
        """
        with self._lock:
            self.stop()
            self._restarts += 1
            self.start()

    def stop(self, seconds: float = 2.0) -> None:
        """End the kernel: it is asked, then told (SIGTERM), then killed, within so many seconds."""
        with self._lock:
            client, child = self._client, self._child
            self._client = self._child = self._last_status = None
            if child is None:
                return
            child.asked_to_die = True
            if client is not None and client.alive and client.asked:
                client.shut_down(grace=seconds * 0.4)
                child.wait(seconds * 0.5)
            if not child.has_ended():
                child.terminate()
                child.wait(seconds * 0.4)
            child.release()
            if client is not None:
                client.close()

    def _spawn(self) -> KernelChild:
        self._child = KernelChild(self._folder, self._arguments)
        return self._child

    def _connect(self, child: KernelChild) -> KernelClient:
        deadline = time.monotonic() + self._connect_seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                return self._adopt(
                    connect(child.socket, seconds=left, lost=partial(self._lost, child)), child
                )
            except OSError:
                if child.has_ended():
                    raise self._bury(child, None) from None
                time.sleep(_PAUSE_SECONDS)
        raise KernelDied(
            f"the kernel did not answer in {self._connect_seconds:g} s",
            hint="`kernel restart` starts another",
        )

    def _adopt(self, client: KernelClient, child: KernelChild) -> KernelClient:
        child.answered = True
        self._client = client
        return client

    def _client_at_once(self) -> KernelClient | None:
        if (client := self._client) is not None:
            return client if client.alive else None
        if not self._lock.acquire(blocking=False):
            return None
        try:
            child = self._child
            if child is None or child.has_ended():
                return None
            lost = partial(self._lost, child)
            return self._adopt(connect(child.socket, seconds=ANSWER_SECONDS, lost=lost), child)
        except OSError:
            return None
        finally:
            self._lock.release()

    def _guess(self, client: KernelClient | None) -> KernelStatus:
        last = self._last_status
        if self.pid is None:
            state = "dead"
        elif client is not None and client.busy:
            state = "busy"
        else:
            state = last.state if last else "starting"
        if last is not None:
            guess = replace(last, state=state, pid=self.pid, restarts=self._restarts)
            return guess if state == "busy" else replace(guess, running="", waiting=0)
        return KernelStatus(
            state=state, pid=self.pid, uptime_seconds=0.0, restarts=self._restarts,
            memory_used=0, memory_total=0, device="",
        )  # fmt: skip

    def _lost(self, child: KernelChild, during: str | None) -> HfshellError:
        with self._lock:
            return self._bury(child, during)

    def _bury(self, child: KernelChild, during: str | None) -> HfshellError:
        """Say how a kernel ended, clear it away, and start another unless that one would fare no better."""
        if not child.wait(_DEATH_SECONDS):
            child.kill()
        ending = child.ending(during)
        if child is not self._child:  # somebody else cleared it away
            return ending.error()
        child.release()
        client, self._client, self._child, self._last_status = self._client, None, None, None
        if client is not None:
            client.close()
        if not ending.at_start:
            self._restarts += 1
            self._spawn()
        return ending.error()
