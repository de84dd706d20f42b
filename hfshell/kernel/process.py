"""The kernel: listens, makes a session, serves clients, and ends when nobody needs it any more."""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import importlib
import io
import logging
import os
import selectors
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

import psutil

import hfshell
from hfshell.api.requests import NameInfo
from hfshell.api.results import KernelStatus
from hfshell.errors import StorageError
from hfshell.kernel.channel import Channel
from hfshell.kernel.connection import Connection
from hfshell.kernel.ending import NO_SESSION
from hfshell.kernel.local_socket import Peer, listen, peer_of, remove_socket
from hfshell.kernel.work import Session, Work
from hfshell.redact import redact

_LOG = logging.getLogger(__name__)

_GRACE_SECONDS = 10.0
"""What a running command has to commit a checkpoint when nobody waits for the kernel's end."""

_END_SECONDS = 3.0
"""How long ending may take beyond that."""

_PAUSE_SECONDS = 0.1


@dataclass(frozen=True)
class KernelOptions:
    """What a kernel is started with.

    Attributes:
        socket: where to listen.
        state: folder of the session's journal.
        plugins: whether plugins are loaded.
        lifeline: file descriptor of a pipe that closes when the kernel's owner is gone.
        factory: what makes the session, `module:callable`.
    """

    socket: Path
    state: Path
    plugins: bool
    lifeline: int | None
    factory: str


class Kernel:
    """A kernel that listens.

    It ends when its owner is gone, when the last client has left, on SIGTERM, or when asked.

    Args:
        options: what it is started with.

    Raises:
        StorageError: another kernel listens at the path.
        OSError: the path cannot be listened at.
    """

    def __init__(self, options: KernelOptions) -> None:
        self.pid = os.getpid()
        self._options = options
        self._owner = os.getppid() if options.lifeline is not None else None
        self._born = time.monotonic()
        self._connections: dict[Connection, Peer | None] = {}
        self._greeted: set[Connection] = set()
        self._owner_came = False
        self._armed = False
        self._lock = threading.Lock()
        self._exit: tuple[int, float] | None = None
        self._woken, self._wake = socket.socketpair()
        self._listener = listen(options.socket)
        self.work = Work(self._make_session, failed=lambda: self.leave(NO_SESSION, 0))

    def serve(self) -> int:
        """Serve until the end, and return the exit code. For the main thread, which signals reach."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ, self._accept)
            selector.register(self._woken, selectors.EVENT_READ, self._wake_up)
            if self._options.lifeline is not None:
                os.set_inheritable(self._options.lifeline, False)
                selector.register(self._options.lifeline, selectors.EVENT_READ, self._orphaned)
            while self._exit is None:
                for key, _ in selector.select():
                    key.data()
        code, grace = self._exit
        # The default action of SIGALRM needs no interpreter: nothing can hold the end up for ever.
        signal.setitimer(signal.ITIMER_REAL, grace + _END_SECONDS)
        self._end(grace)
        return code

    def status(self) -> KernelStatus:
        """Return how the kernel is; never waits for what runs."""
        session = self.work.session
        memory = psutil.virtual_memory()
        empty = KernelStatus(
            state="starting", pid=self.pid, uptime_seconds=0.0, restarts=0,
            memory_used=psutil.Process().memory_info().rss, memory_total=memory.total,
            device="", versions={"hfshell": hfshell.__version__}, memory_free=memory.available,
        )  # fmt: skip
        status = session.status() if session else empty
        now = time.monotonic()
        status = replace(status, state=self.work.state, pid=self.pid, uptime_seconds=now - self._born)
        running = self.work.running
        if running is None:
            return status
        return replace(
            status,
            running=redact(running.text),
            running_seconds=now - running.began,
            waiting=self.work.waiting,
        )

    def names(self) -> tuple[NameInfo, ...]:
        """Return the names that are bound; never waits for what runs."""
        session = self.work.session
        return session.known_names() if session else ()

    def greeted(self, connection: Connection) -> None:
        """Count a client, one that could leave the kernel alone."""
        with self._lock:
            self._greeted.add(connection)
            peer = self._connections.get(connection)
            self._owner_came |= self._owner is None or peer is None or peer.pid in (None, self._owner)

    def asked(self) -> None:
        """Let SIGTERM wait for what runs.

        Before the first run it ends the process where it stands: nothing is lost, and an import that holds
        the interpreter for a second delays nothing.
        """
        if not self._armed:
            self._armed = True
            self._wake.send(b".")  # only the main thread may install a handler

    def leave(self, code: int, grace: float) -> None:
        """End the kernel from any thread: `grace` seconds for what runs, then exit with `code`."""
        self._exit = self._exit or (code, grace)
        self._wake.send(b".")

    def _make_session(self) -> Session:
        module, _, name = self._options.factory.partition(":")
        factory: Callable[..., Session] = getattr(importlib.import_module(module), name)
        return factory(state=self._options.state, plugins_enabled=self._options.plugins)

    def _accept(self) -> None:
        try:
            stream, _ = self._listener.accept()
        except OSError as error:  # no file descriptor left, or the client changed its mind
            _LOG.warning("a client could not be let in: %s", error)
            time.sleep(_PAUSE_SECONDS)
            return
        peer = peer_of(stream)
        if peer is not None and peer.uid != os.geteuid():
            _LOG.warning("a process of user %d was turned away", peer.uid)
            stream.close()
            return
        connection = Connection(Channel(stream), self)
        with self._lock:
            self._connections[connection] = peer
        threading.Thread(target=self._serve, args=(connection,), name="kernel-client", daemon=True).start()

    def _serve(self, connection: Connection) -> None:
        connection.serve()
        with self._lock:
            del self._connections[connection]
            self._greeted.discard(connection)
            # An owner that is alive may come back: it may only have been too slow to greet us.
            alone = self._owner is None and self._owner_came and not self._greeted
        if alone:
            self.leave(0, _GRACE_SECONDS)

    def _wake_up(self) -> None:
        self._woken.recv(64)
        if self._armed:
            signal.signal(signal.SIGTERM, self._terminated)

    def _orphaned(self) -> None:
        self.leave(0, _GRACE_SECONDS)

    def _terminated(self, *_: Any) -> None:
        if self._exit is not None:  # asked twice: no more waiting
            os._exit(128 + signal.SIGTERM)
        self.leave(128 + signal.SIGTERM, _GRACE_SECONDS)

    def _end(self, grace: float) -> None:
        self._listener.close()
        remove_socket(self._options.socket)
        self.work.close(grace)
        with self._lock:
            connections = tuple(self._connections)
        for connection in connections:
            connection.finish()
        for child in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a kernel. Leaves by `os._exit`: a command that does not stop must not hold the process."""
    options = _parse(arguments)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the shell's to hear; it sends Cancel
    faulthandler.enable()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(line_buffering=True, errors="backslashreplace")
    code = 1
    try:
        code = Kernel(options).serve()
    except StorageError as error:
        print(error, file=sys.stderr)  # noqa: T201 - into the log, which the supervisor quotes
    except Exception:  # noqa: BLE001 - the last one to see it
        _LOG.exception("the kernel failed")
    finally:
        os._exit(code)


def _parse(arguments: Sequence[str] | None) -> KernelOptions:
    parser = argparse.ArgumentParser(prog="python -m hfshell.kernel", description="Hold models for a shell.")
    parser.add_argument("--socket", type=Path, required=True, help="where to listen")
    parser.add_argument("--state", type=Path, required=True, help="folder of the session's journal")
    parser.add_argument("--no-plugins", action="store_true", help="load no plugin")
    parser.add_argument("--lifeline", type=int, help="pipe that closes when the owner is gone")
    parser.add_argument("--session-factory", default="hfshell.session:Session", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    return KernelOptions(
        given.socket, given.state, not given.no_plugins, given.lifeline, given.session_factory
    )
