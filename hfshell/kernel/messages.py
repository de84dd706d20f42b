"""What a kernel and its clients say to each other: one JSON object a message, its `type` says which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from hfshell.api.events import SessionEvent
from hfshell.api.requests import NameInfo, RunRequest
from hfshell.api.results import KernelStatus
from hfshell.errors import HfshellError, error_from_dict
from hfshell.kernel.events import event_from_dict, event_to_dict

PROTOCOL = 1
"""Raised when an older client would misread a newer kernel, or the other way round."""


class ProtocolError(Exception):
    """A frame holds no message."""


@dataclass(frozen=True)
class Hello:
    """A client's first message."""

    protocol: int = PROTOCOL


@dataclass(frozen=True)
class Run:
    """Run a request. Runs of all clients go one after another, in the order they came.

    Attributes:
        id: the client's number for it.
        request: what to run.
    """

    id: int
    request: RunRequest


@dataclass(frozen=True)
class Cancel:
    """Stop a run of this client.

    Attributes:
        id: the run's number.
        level: 1 finishes the step it is in and keeps what there is; 2 aborts. A run that has not begun never
            does.
    """

    id: int
    level: int


@dataclass(frozen=True)
class StatusQuery:
    """Ask how the kernel is. It answers while it runs."""

    id: int


@dataclass(frozen=True)
class NamesQuery:
    """Ask which names are bound. It answers while it runs."""

    id: int


@dataclass(frozen=True)
class Shutdown:
    """End the kernel.

    Attributes:
        grace: seconds that a running command has to stop.
    """

    grace: float


@dataclass(frozen=True)
class Welcome:
    """The kernel's first message.

    Attributes:
        pid: its process ID.
        version: version of hfshell.
        protocol: version of these messages.
    """

    pid: int
    version: str
    protocol: int = PROTOCOL


@dataclass(frozen=True)
class RunEvent:
    """Something happened in a run."""

    id: int
    event: SessionEvent


@dataclass(frozen=True)
class Done:
    """A run ended.

    Attributes:
        id: the run's number.
        exit_code: as for a script.
        error: why it ended outside any command; None when its commands said all.
    """

    id: int
    exit_code: int
    error: HfshellError | None = None


@dataclass(frozen=True)
class StatusReply:
    """How the kernel is."""

    id: int
    status: KernelStatus


@dataclass(frozen=True)
class NamesReply:
    """The names that are bound."""

    id: int
    names: tuple[NameInfo, ...]


ClientMessage = Hello | Run | Cancel | StatusQuery | NamesQuery | Shutdown
KernelMessage = Welcome | RunEvent | Done | StatusReply | NamesReply

_TYPES: dict[str, type[Any]] = {
    "hello": Hello,
    "run": Run,
    "cancel": Cancel,
    "status?": StatusQuery,
    "names?": NamesQuery,
    "shutdown": Shutdown,
    "welcome": Welcome,
    "event": RunEvent,
    "done": Done,
    "status": StatusReply,
    "names": NamesReply,
}
_TAGS = {kind: tag for tag, kind in _TYPES.items()}


def encode(message: ClientMessage | KernelMessage) -> bytes:
    """Return a message as JSON. Numbers that are not finite become null.

    Raises:
        TypeError: a result holds something that JSON cannot.
        UnicodeEncodeError: it holds text that is not Unicode (a lone surrogate).
    """
    return msgspec.json.encode({"type": _TAGS[type(message)], **_body(message)})


def decode(frame: bytes) -> ClientMessage | KernelMessage:
    """Read a message.

    Raises:
        ProtocolError: the bytes are not one.
    """
    try:
        body = msgspec.json.decode(frame)
        message: ClientMessage | KernelMessage = _message(_TYPES[body.pop("type")], body)
    except (msgspec.MsgspecError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ProtocolError(f"{len(frame)} bytes are no message: {type(error).__name__}: {error}") from None
    return message


def _body(message: ClientMessage | KernelMessage) -> dict[str, Any]:
    match message:
        case RunEvent():
            return {"id": message.id, "event": event_to_dict(message.event)}
        case Done():
            error = message.error.to_dict() if message.error else None
            return {"id": message.id, "exit_code": message.exit_code, "error": error}
        case StatusReply():
            return {"id": message.id, "status": message.status.to_dict()}
        case _:
            return msgspec.to_builtins(message)  # type: ignore[no-any-return]  # a dataclass gives a dict


def _message(kind: type[Any], body: dict[str, Any]) -> Any:
    if kind is RunEvent:
        return RunEvent(body["id"], event_from_dict(body["event"]))
    if kind is Done:
        error = error_from_dict(body["error"]) if body["error"] else None
        return Done(body["id"], body["exit_code"], error)
    if kind is StatusReply:
        status = {name: value for name, value in body["status"].items() if name not in ("schema", "kind")}
        return StatusReply(body["id"], msgspec.convert(status, KernelStatus))
    return msgspec.convert(body, kind)
