"""Every error that a user can meet.

HfshellError            exit 1   a command failed
├── UsageError          exit 2   a command was used wrongly: unknown name, bad option, unbound name
│   └── SyntaxFault     exit 2   the text is not the language; carries the place and the line
├── DataError           exit 1   a data file cannot be read exactly; carries FILE:ROW
├── ModelError          exit 1   a model cannot be found, read or used
├── TrainingError       exit 1   a run stopped before it was done
├── StorageError        exit 1   the disk refused: full, read-only, gone
├── PluginError         exit 1   a plugin failed; carries its name, distribution and version
├── KernelDied          exit 1   the kernel process ended under a command
├── ExpectationFailed   exit 3   an `expect` line did not hold
├── Refused             exit 4   a guard refused rather than give a wrong answer
└── Interrupted         exit 130 the user interrupted
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

PROMPT = "<prompt>"
"""The file of what is typed at the prompt."""


@dataclass(frozen=True)
class Place:
    """Where something went wrong.

    Attributes:
        file: path as the user wrote it, or `<prompt>`, `<-c>`, `<stdin>`, `<session>`.
        line: 1-based line (or row of a data file); None when the whole file is meant.
        column: 1-based column in characters; None when the whole line is meant.
        length: how many characters the caret marks.
        text: the line itself, unprinted control characters and all.
    """

    file: str
    line: int | None = None
    column: int | None = None
    length: int = 1
    text: str | None = None

    def __str__(self) -> str:
        parts = [self.file, *(str(part) for part in (self.line, self.column) if part is not None)]
        return ":".join(parts)


class HfshellError(Exception):
    """What happened, where, and what to do next.

    Args:
        message: what happened, one line, no final full stop.
        place: where, when a file or a line is to blame.
        hint: what to do next, one line or a few.

    Attributes:
        exit_code: what a script that stops here exits with.
        detail: a traceback as text, for `--debug`; None when the message says all.
    """

    exit_code: int = 1
    code: ClassVar[str] = "failed"

    def __init__(self, message: str, *, place: Place | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.hint = hint
        self.detail: str | None = None

    def at(self, place: Place) -> HfshellError:
        """Set the place unless a more exact one is known already, and return self."""
        if self.place is None:
            self.place = place
        return self

    def to_dict(self) -> dict[str, Any]:
        """Return the error as it crosses a socket or stands in `--json` output."""
        return {
            "schema": 1,
            "kind": "error",
            "code": self.code,
            "exit_code": self.exit_code,
            "message": self.message,
            "place": asdict(self.place) if self.place else None,
            "hint": self.hint,
            "detail": self.detail,
        }


class UsageError(HfshellError):
    """A command was used wrongly."""

    exit_code = 2
    code = "usage"


class SyntaxFault(UsageError):  # noqa: N818 - Python's own SyntaxError is another thing
    """The text is not the language."""

    code = "syntax"


class DataError(HfshellError):
    """A data file cannot be read exactly."""

    code = "data"


class ModelError(HfshellError):
    """A model cannot be found, read or used."""

    code = "model"


class TrainingError(HfshellError):
    """A run stopped before it was done."""

    code = "training"


class StorageError(HfshellError):
    """The disk refused: full, read-only, gone."""

    code = "storage"


class PluginError(HfshellError):
    """A plugin failed; the message names it with its distribution and version."""

    code = "plugin"


class KernelDied(HfshellError):  # noqa: N818 - names what happened
    """The kernel process ended under a command."""

    code = "kernel"


class ExpectationFailed(HfshellError):  # noqa: N818 - names what happened
    """An `expect` line did not hold."""

    exit_code = 3
    code = "expectation"


class Refused(HfshellError):  # noqa: N818 - names what happened
    """A guard refused rather than give a silent wrong answer.

    Args:
        guard: the guard's name, as `--allow` takes it.
        message, place, hint: as for every error.
    """

    exit_code = 4
    code = "refused"

    def __init__(
        self, guard: str, message: str, *, place: Place | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message, place=place, hint=hint)
        self.guard = guard

    def to_dict(self) -> dict[str, Any]:
        """Return the error with the guard's name."""
        return {**super().to_dict(), "guard": self.guard}


class Interrupted(HfshellError):  # noqa: N818 - names what happened
    """The user interrupted."""

    exit_code = 130
    code = "interrupted"

    def __init__(
        self, message: str = "interrupted", *, place: Place | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message, place=place, hint=hint)


_BY_CODE: dict[str, type[HfshellError]] = {
    kind.code: kind
    for kind in (
        HfshellError, UsageError, SyntaxFault, DataError, ModelError, TrainingError,
        StorageError, PluginError, KernelDied, ExpectationFailed, Interrupted,
    )
}  # fmt: skip


def error_from_dict(data: dict[str, Any]) -> HfshellError:
    """Rebuild an error that crossed a socket."""
    place = Place(**data["place"]) if data.get("place") else None
    if data["code"] == Refused.code:
        error: HfshellError = Refused(data["guard"], data["message"], place=place, hint=data.get("hint"))
    else:
        kind = _BY_CODE.get(data["code"], HfshellError)
        error = kind(data["message"], place=place, hint=data.get("hint"))
    error.exit_code = data["exit_code"]
    error.detail = data.get("detail")
    return error
