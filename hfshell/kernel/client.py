"""A kernel, as a shell sees it: run, cancel, ask."""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from hfshell.api.events import CommandStarted, SessionEvent
from hfshell.api.requests import NameInfo, RunRequest
from hfshell.api.results import KernelStatus
from hfshell.errors import HfshellError, KernelDied, UsageError
from hfshell.kernel.channel import Channel, ChannelError, FrameTooLarge
from hfshell.kernel.messages import (
    PROTOCOL,
    Cancel,
    ClientMessage,
    Done,
    Hello,
    NamesQuery,
    NamesReply,
    ProtocolError,
    Run,
    RunEvent,
    Shutdown,
    StatusQuery,
    StatusReply,
    Welcome,
    decode,
    encode,
)

ANSWER_SECONDS = 0.2
"""What a prompt waits for an answer. A kernel that imports torch may take longer."""

_LONGEST_COMMAND = 72


def connect(
    path: Path, *, seconds: float = 10.0, lost: Callable[[str | None], HfshellError] | None = None
) -> KernelClient:
    """Connect to a kernel that listens at `path`.

    Args:
        path: its socket.
        seconds: how long it has to greet us.
        lost: explains the loss of the kernel; given the command that ran, it returns what `run` raises.

    Raises:
        OSError: nobody listens there, or it did not answer in time.
        KernelDied: it speaks another version of the protocol.
    """
    stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    stream.settimeout(seconds)
    try:
        stream.connect(os.fspath(path))
    except OSError:
        stream.close()
        raise
    channel = Channel(stream)
    try:
        welcome = _greet(channel)
    except (OSError, HfshellError):
        channel.close()
        raise
    stream.settimeout(None)
    return KernelClient(channel, welcome, lost or _gone)


def _greet(channel: Channel) -> Welcome:
    channel.send(encode(Hello()))
    try:
        frame = channel.receive()
        welcome = decode(frame) if frame is not None else None
    except (ChannelError, ProtocolError) as error:
        raise ConnectionError(str(error)) from error
    if not isinstance(welcome, Welcome):
        raise ConnectionError("the kernel hung up")
    if welcome.protocol != PROTOCOL:
        raise KernelDied(
            f"the kernel is of another version of hfshell, {welcome.version}",
            hint="leave both and start again",
        )
    return welcome


class KernelClient:
    """A connection to a kernel. `connect` makes one.

    `run` may be called from several threads; `cancel` also from a signal handler.
    """

    def __init__(
        self, channel: Channel, welcome: Welcome, lost: Callable[[str | None], HfshellError]
    ) -> None:
        self.welcome = welcome
        self._channel = channel
        self._lost = lost
        self._numbers = itertools.count(1)
        self._mailboxes: dict[int, SimpleQueue[Any]] = {}
        self._running: dict[int, str] = {}
        self._asked = False
        self._alive = True
        self._reader = threading.Thread(target=self._read, name="kernel-client-reader", daemon=True)
        self._reader.start()

    @property
    def alive(self) -> bool:
        """Whether the kernel is still there."""
        return self._alive

    @property
    def busy(self) -> bool:
        """Whether a run of ours has not ended."""
        return bool(self._running)

    @property
    def asked(self) -> bool:
        """Whether a run was ever sent."""
        return self._asked

    def run(self, request: RunRequest, watch: Callable[[SessionEvent], None]) -> int:
        """Run a request, calling `watch` on this thread with all that happens, and return its exit code.

        When `watch` raises, the run is cancelled as by a first Ctrl-C.

        Raises:
            UsageError: the text cannot be sent: it is not Unicode, or larger than 64 MiB.
            Interrupted: it was cancelled before its turn came, or the third Ctrl-C ended the kernel.
            KernelDied: the kernel ended under it.
        """
        with self._mailbox() as (number, mailbox):
            self._running[number] = _first_line(request.text)
            try:
                self._send_run(Run(number, request))
                done = self._follow(number, mailbox, watch)
            except BaseException:
                self._channel.send(encode(Cancel(number, 1)))
                raise
            finally:
                during = self._running.pop(number)
        if done is None:
            raise self._lost(during)
        if done.error is not None:
            raise done.error
        return done.exit_code

    def cancel(self, level: int) -> None:
        """Stop what this client runs: 1 after the step it is in, 2 at once. Nothing happens without a run."""
        for number in tuple(self._running):
            self._channel.send(encode(Cancel(number, level)))

    def status(self, seconds: float = ANSWER_SECONDS) -> KernelStatus | None:
        """Return how the kernel is; None when it does not answer in time."""
        with self._mailbox() as (number, mailbox):
            reply = self._ask(StatusQuery(number), mailbox, seconds)
        return reply.status if isinstance(reply, StatusReply) else None

    def names(self, seconds: float = ANSWER_SECONDS) -> tuple[NameInfo, ...] | None:
        """Return the names that are bound; None when the kernel does not answer in time."""
        with self._mailbox() as (number, mailbox):
            reply = self._ask(NamesQuery(number), mailbox, seconds)
        return reply.names if isinstance(reply, NamesReply) else None

    def shut_down(self, grace: float) -> None:
        """Ask the kernel to end, giving what runs so many seconds."""
        self._channel.send(encode(Shutdown(grace)))

    def close(self) -> None:
        """Hang up. Runs of ours are cancelled by the kernel."""
        self._channel.finish()
        if threading.current_thread() is not self._reader:
            self._reader.join()

    @contextmanager
    def _mailbox(self) -> Iterator[tuple[int, SimpleQueue[Any]]]:
        number, mailbox = next(self._numbers), SimpleQueue[Any]()
        self._mailboxes[number] = mailbox
        if not self._alive:
            mailbox.put(None)
        try:
            yield number, mailbox
        finally:
            del self._mailboxes[number]

    def _send_run(self, message: Run) -> None:
        try:
            self._channel.send(encode(message))
        except UnicodeEncodeError as error:
            raise UsageError(
                "the text is not UTF-8", hint=f"byte {ord(error.object[error.start]) & 0xFF:#x} stands in it"
            ) from error
        except FrameTooLarge as error:
            raise UsageError(
                f"the text is {error.size / 2**20:.0f} MiB", hint="put what is long into a data file"
            ) from error
        self._asked = True

    def _follow(
        self, number: int, mailbox: SimpleQueue[Any], watch: Callable[[SessionEvent], None]
    ) -> Done | None:
        while True:
            message = mailbox.get()
            if message is None or isinstance(message, Done):
                return message
            if isinstance(message, RunEvent):
                if isinstance(message.event, CommandStarted):
                    self._running[number] = _first_line(message.event.text)
                watch(message.event)

    def _ask(self, message: ClientMessage, mailbox: SimpleQueue[Any], seconds: float) -> Any:
        self._channel.send(encode(message))
        try:
            return mailbox.get(timeout=seconds)
        except Empty:
            return None

    def _read(self) -> None:
        try:
            # Behind a frame that cannot be read none can: the kernel is as good as gone.
            with contextlib.suppress(ChannelError, ProtocolError):
                while (frame := self._channel.receive()) is not None:
                    message = decode(frame)
                    mailbox = self._mailboxes.get(getattr(message, "id", 0))
                    if mailbox is not None:  # else it comes too late: nobody waits any more
                        mailbox.put(message)
        finally:
            self._alive = False
            for mailbox in tuple(self._mailboxes.values()):
                mailbox.put(None)
            self._channel.close()


def _gone(during: str | None) -> HfshellError:
    return KernelDied(f"the kernel went away during `{during}`", hint="its shell was left, or restarted it")


def _first_line(text: str) -> str:
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= _LONGEST_COMMAND else line[: _LONGEST_COMMAND - 1] + "…"
