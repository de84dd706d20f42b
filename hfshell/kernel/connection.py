"""One client of a kernel: reads what it asks, answers, and sends what its runs say."""

from __future__ import annotations

import dataclasses
import logging
from typing import Protocol

import hfshell
from hfshell.api.events import CommandFinished, Progress, SessionEvent
from hfshell.api.requests import NameInfo
from hfshell.api.results import KernelStatus
from hfshell.errors import HfshellError
from hfshell.kernel.channel import Channel, ChannelError, FrameTooLarge
from hfshell.kernel.events import without_surrogates
from hfshell.kernel.messages import (
    Cancel,
    ClientMessage,
    Done,
    Hello,
    KernelMessage,
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
from hfshell.kernel.work import Job, Work

_LOG = logging.getLogger(__name__)

_LONGEST_BACKLOG = 256
"""Frames that may wait for a client that does not read (a stopped shell) before progress is left out."""


class Host(Protocol):
    """The kernel, as a connection sees it."""

    pid: int
    work: Work

    def status(self) -> KernelStatus:
        """How it is."""

    def names(self) -> tuple[NameInfo, ...]:
        """The names that are bound."""

    def greeted(self, connection: Connection) -> None:
        """A client said hello."""

    def asked(self) -> None:
        """A client asked for a run: from now on there is something to lose."""

    def leave(self, code: int, grace: float) -> None:
        """End the kernel."""


class Connection:
    """A client, on a thread that calls `serve`."""

    def __init__(self, channel: Channel, host: Host) -> None:
        self._channel = channel
        self._host = host
        self._jobs: dict[int, Job] = {}

    def serve(self) -> None:
        """Answer the client until it leaves, or says what is not our language; then stop its runs."""
        try:
            while (frame := self._channel.receive()) is not None:
                self._answer(decode(frame))
        except (ChannelError, ProtocolError) as error:
            _LOG.warning("a client was turned away: %s", error)
        except Exception:  # noqa: BLE001 - a fault here costs one client, and stands in the log
            _LOG.exception("a client was lost")
        for job in tuple(self._jobs.values()):
            self._host.work.cancel(job, 1)
        self._channel.close()

    def finish(self) -> None:
        """Send what is still to be sent, and hang up."""
        self._channel.finish()

    def _answer(self, message: ClientMessage | KernelMessage) -> None:
        match message:
            case Hello():
                self._send(Welcome(self._host.pid, hfshell.__version__))
                self._host.greeted(self)
            case Run():
                self._start(message)
            case Cancel():
                if job := self._jobs.get(message.id):
                    self._host.work.cancel(job, message.level)
            case StatusQuery():
                self._send(StatusReply(message.id, self._host.status()))
            case NamesQuery():
                self._send(NamesReply(message.id, self._host.names()))
            case Shutdown():
                self._host.leave(0, message.grace)
            case _:
                raise ProtocolError(f"a client said {type(message).__name__}")

    def _start(self, message: Run) -> None:
        number = message.id
        report = _Report(number, self._channel)

        def finished(code: int, error: HfshellError | None) -> None:
            self._jobs.pop(number, None)
            report.finished(code, error)

        job = Job(message.request, report.event, finished)
        self._jobs[number] = job
        self._host.asked()
        self._host.work.submit(job)

    def _send(self, message: KernelMessage) -> None:
        self._channel.send(encode(message))


class _Report:
    """Sends what a run says. What cannot be sent becomes an error that can, never silence."""

    def __init__(self, number: int, channel: Channel) -> None:
        self._number = number
        self._channel = channel
        self._failed = False

    def event(self, event: SessionEvent) -> None:
        if isinstance(event, Progress) and self._channel.backlog > _LONGEST_BACKLOG:
            return
        try:
            self._send(event)
        except UnicodeEncodeError:
            self._send(without_surrogates(event))
        except Exception as error:  # noqa: BLE001 - a plugin's result may raise what it likes
            self._send(self._without_result(event, error))

    def finished(self, code: int, error: HfshellError | None) -> None:
        if self._failed and code == 0:
            code = HfshellError.exit_code
        self._channel.send(encode(Done(self._number, code, without_surrogates(error))))

    def _send(self, event: SessionEvent) -> None:
        self._channel.send(encode(RunEvent(self._number, event)))

    def _without_result(self, event: SessionEvent, error: Exception) -> SessionEvent:
        if not isinstance(event, CommandFinished) or event.result is None:
            raise error
        self._failed |= not event.ignored
        said = _cannot_show(event.result.kind, error)
        return dataclasses.replace(event, result=None, view=None, error=said)


def _cannot_show(kind: str, error: Exception) -> HfshellError:
    if isinstance(error, FrameTooLarge):
        size, limit = error.size / 2**20, error.limit / 2**20
        return HfshellError(
            f"the result is {size:.0f} MiB, more than the {limit:.0f} MiB that can be shown",
            hint="the work is done; take fewer rows at a time to see it",
        )
    return HfshellError(
        f"the result cannot be shown: {type(error).__name__}: {error}",
        hint=f"whoever made the result type {kind!r} has to keep to JSON types",
    )
