"""What is known of a plugin without importing it: kept in a file until the plugin changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from hfshell.plugin_host.declarations import NOTHING, Declarations
from hfshell.plugin_host.isolation import Failure

Outcome = Literal["ready", "failed", "incompatible"]
Stamp = tuple[str, int, int]
"""A file, the nanosecond of its last change, and its size."""


@dataclass(frozen=True)
class Manifest:
    """The outcome of importing a plugin once, in a process of its own.

    Attributes:
        state: `ready`, `failed`, or `incompatible` with this hfshell.
        declarations: what it gives.
        seconds: its import took, and what its hooks took.
        remarks: what it did that a light module should not do, a line each.
        failure: why it failed, None when it did not.
        stamps: its source files, as they were.
        advice: what its author should mend in what it declares, a line each.
    """

    state: Outcome
    declarations: Declarations = NOTHING
    seconds: float = 0.0
    remarks: tuple[str, ...] = ()
    failure: Failure | None = None
    stamps: tuple[Stamp, ...] = ()
    advice: tuple[str, ...] = ()

    def is_current(self) -> bool:
        """Whether the plugin's source files are what they were."""
        return stamps_of(path for path, _, _ in self.stamps) == self.stamps

    def failed(self, failure: Failure) -> Manifest:
        """Return it as that of a plugin that failed after all."""
        return replace(self, state="failed", failure=failure, declarations=NOTHING)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON types."""
        return {
            "state": self.state,
            "declarations": self.declarations.to_dict(),
            "seconds": self.seconds,
            "remarks": list(self.remarks),
            "failure": self.failure.to_dict() if self.failure else None,
            "stamps": [list(stamp) for stamp in self.stamps],
            "advice": list(self.advice),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Manifest:
        """Read it back.

        Raises:
            KeyError, TypeError, ValueError: it is not one, or one of another version.
        """
        return cls(
            state=data["state"],
            declarations=Declarations.from_dict(data["declarations"]),
            seconds=data["seconds"],
            remarks=tuple(data["remarks"]),
            failure=Failure(**data["failure"]) if data["failure"] else None,
            stamps=tuple((str(path), int(changed), int(size)) for path, changed, size in data["stamps"]),
            advice=tuple(data.get("advice", ())),
        )


def stamps_of(paths: Iterable[str]) -> tuple[Stamp, ...]:
    """Return the stamps of files and folders; one that is gone has none, one in an archive the archive's."""
    stamps = []
    for path in paths:
        there = next((place for place in (Path(path), *Path(path).parents) if place.exists()), None)
        if there is not None and (there == Path(path) or there.is_file()):
            status = there.stat()
            stamps.append((path, status.st_mtime_ns, 0 if there.is_dir() else status.st_size))
    return tuple(stamps)
