"""Results about sessions as a whole: saved, listed, brought back, undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hfshell.api.results.base import Result, register_result


@dataclass(frozen=True)
class Holding:
    """What a name holds, in few words.

    Attributes:
        kind: `model`, `data`, `result` or `value`.
        what: the model's source, the data's files, the result's kind, the value.
    """

    kind: str
    what: str


@dataclass(frozen=True)
class UndoneName:
    """A name that got back what it held.

    Attributes:
        name: the name.
        held: what it held until now; None when it was not bound.
        holds: what it holds again; None when it is not bound any more.
    """

    name: str
    held: Holding | None
    holds: Holding | None


@register_result
@dataclass(frozen=True, kw_only=True)
class Undone(Result):
    """What `undo` did.

    Attributes:
        line: the line that is undone.
        names: the names that it had changed.
        left: how many lines can still be undone.
    """

    kind: ClassVar[str] = "undone"
    line: str
    names: tuple[UndoneName, ...]
    left: int


@dataclass(frozen=True)
class SessionRow:
    """A session that can be brought back.

    Attributes:
        name: as it was saved; empty for one that ended without being left.
        names: what is bound in it.
        models, data: how many of them are models, and data sets.
        saved: when, in seconds since 1970.
        open: whether a shell has it open now.
    """

    name: str
    names: tuple[str, ...]
    models: int
    data: int
    saved: float
    open: bool = False


@register_result
@dataclass(frozen=True, kw_only=True)
class SessionTable(Result):
    """The sessions that can be brought back, newest first."""

    kind: ClassVar[str] = "sessions"
    sessions: tuple[SessionRow, ...]


@register_result
@dataclass(frozen=True, kw_only=True)
class SessionChanged(Result):
    """A session that was saved, brought back, or removed.

    Attributes:
        what: `saved`, `loaded`, `restored`, `removed`.
        name: the session's; empty for one that ended without being left.
        names: what is bound in it.
        replaced: names of this session that hold something else now.
        saved: when it was saved, in seconds since 1970.
    """

    kind: ClassVar[str] = "session"
    what: str
    name: str
    names: tuple[str, ...]
    replaced: tuple[str, ...] = ()
    saved: float = 0.0
