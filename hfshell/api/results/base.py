"""What every result is: a frozen dataclass that crosses sockets and files as its `to_dict()`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar, TypeVar

import msgspec

from hfshell.api.guards import Guard

Scalar = str | int | float | bool | None

_KINDS: dict[str, type[Result]] = {}
_R = TypeVar("_R", bound="type[Result]")


@dataclass(frozen=True, kw_only=True)
class Result:
    """What every result has.

    Example: a type of a plugin's own, whose plain fields are what `$NAME.place` and `expect` see::

        @register_result
        @dataclass(frozen=True, kw_only=True)
        class Published(Result):
            kind: ClassVar[str] = "published"
            place: str

    Attributes:
        guards: the guards that spoke while it was made.
    """

    kind: ClassVar[str] = "result"
    schema: ClassVar[int] = 1

    guards: tuple[Guard, ...] = ()

    @property
    def exit_code(self) -> int:
        """What a script exits with behind this result: not 0 for one that tells of a failure."""
        return 0

    def to_dict(self) -> dict[str, Any]:
        """Return the result as JSON types. Numbers that are not finite become None."""
        body = msgspec.json.decode(msgspec.json.encode(self))
        return {"schema": self.schema, "kind": self.kind, **body}

    def fields(self) -> dict[str, Scalar]:
        """Return the values that `$NAME.field` and `expect NAME.field` see, by name."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, (str, int, float, bool))}


def register_result(kind: _R) -> _R:
    """Class decorator: make a result type known to `result_from_dict`."""
    _KINDS[kind.kind] = kind
    return kind


def result_from_dict(data: dict[str, Any]) -> Result:
    """Read a result back from `to_dict()`.

    Raises:
        KeyError: its kind is unknown here.
        msgspec.ValidationError: a field does not fit.
    """
    body = {name: value for name, value in data.items() if name not in ("schema", "kind")}
    return msgspec.convert(body, _KINDS[data["kind"]])
