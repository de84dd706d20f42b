"""Session events as JSON types, and back."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from hfshell.api.events import CommandFinished, CommandStarted, Note, Progress, SessionEvent, Written
from hfshell.api.guards import Guard
from hfshell.api.results import Result, result_from_dict
from hfshell.api.view_json import view_from_dict, view_to_dict
from hfshell.errors import HfshellError, error_from_dict

_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True)
class ForeignResult(Result):
    """A result whose type is not known in this process: a plugin's, made in the kernel.

    It shows as the names and values in it, and `to_dict()` gives exactly what the kernel sent.

    Attributes:
        data: the result as JSON types.
    """

    data: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return what the kernel sent."""
        return self.data


def event_to_dict(event: SessionEvent) -> dict[str, Any]:
    """Return an event as JSON types.

    Raises:
        TypeError: a result holds something that JSON cannot.
        UnicodeEncodeError: a result holds text that is not Unicode.
        msgspec.ValidationError: a view is none, or too large.
    """
    match event:
        case CommandStarted():
            return {"type": "started", **msgspec.to_builtins(event)}
        case Progress():
            return {"type": "progress", **msgspec.to_builtins(event)}
        case Note():
            return {"type": "note", **msgspec.to_builtins(event)}
        case Written():
            return {"type": "written", **msgspec.to_builtins(event)}
        case CommandFinished():
            return {
                "type": "finished",
                "started": msgspec.to_builtins(event.started),
                "seconds": event.seconds,
                "result": event.result.to_dict() if event.result else None,
                "error": event.error.to_dict() if event.error else None,
                "ignored": event.ignored,
                "view": view_to_dict(event.view) if event.view else None,
            }


def event_from_dict(data: dict[str, Any]) -> SessionEvent:
    """Read an event back.

    Raises:
        KeyError, msgspec.ValidationError: it is not an event.
    """
    body = {name: value for name, value in data.items() if name != "type"}
    match data["type"]:
        case "started":
            return msgspec.convert(body, CommandStarted)
        case "progress":
            return _progress(body)
        case "note":
            return msgspec.convert(body, Note)
        case "written":
            return msgspec.convert(body, Written)
        case "finished":
            return CommandFinished(
                started=msgspec.convert(body["started"], CommandStarted),
                seconds=msgspec.convert(body["seconds"], float),
                result=read_result(body["result"]) if body["result"] else None,
                error=error_from_dict(body["error"]) if body["error"] else None,
                ignored=body["ignored"],
                view=view_from_dict(body["view"]) if body.get("view") else None,
            )
        case unknown:
            raise msgspec.ValidationError(f"no event is called {unknown!r}")


def read_result(data: dict[str, Any]) -> Result:
    """Read a result; one whose type is unknown here, or that does not fit it, becomes a `ForeignResult`."""
    try:
        return result_from_dict(data)
    except (KeyError, msgspec.ValidationError):
        return ForeignResult(guards=_guards(data), data=data)


def _guards(data: dict[str, Any]) -> tuple[Guard, ...]:
    try:
        return msgspec.convert(data.get("guards", ()), tuple[Guard, ...])
    except msgspec.ValidationError:
        return ()


def without_surrogates(value: _T) -> _T:
    r"""Return a copy in which text that is not Unicode stands escaped.

    Names of files that are not UTF-8 reach Python with lone surrogates in them, which JSON cannot hold:
    `caf\udce9.csv` is then shown with its backslash.
    """
    return _escaped(value)  # type: ignore[no-any-return]  # the walk keeps types, and cannot say so


def _escaped(value: Any) -> Any:
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode()
        case dict():
            return {_escaped(key): _escaped(item) for key, item in value.items()}
        case list() | tuple():
            return type(value)([_escaped(item) for item in value])
        case HfshellError():
            return error_from_dict(_escaped(value.to_dict()))
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            names = [item.name for item in dataclasses.fields(value) if item.init]
            return dataclasses.replace(value, **{name: _escaped(getattr(value, name)) for name in names})
        case _:
            return value


def _progress(body: dict[str, Any]) -> Progress:
    # JSON has no NaN: a metric that is not finite crosses as null.
    metrics = {name: math.nan if value is None else value for name, value in body["metrics"].items()}
    return msgspec.convert({**body, "metrics": metrics}, Progress)
