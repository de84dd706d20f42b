"""What `check` finds: what is wrong, where, under which code; as text, and as JSON for editors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from hfshell.errors import SyntaxFault

if TYPE_CHECKING:
    from hfshell.errors import HfshellError, Place

Severity = Literal["error", "remark"]
"""An `error` would stop a run, as far as that can be known without one. A `remark` would not."""

CODES: Mapping[str, str] = MappingProxyType(
    {
        "syntax": "the text is not the language",
        "script": "a script that is sourced cannot be read, or reads itself",
        "unknown-command": "there is no such command",
        "usage": "an unknown option, a value that does not fit, a word that is missing or too many",
        "unknown-name": "nothing has that name by then",
        "wrong-kind": "a data set where a model is due, a result where a plain value is, …",
        "unknown-field": "a result of that kind has no such field",
        "no-order": "`expect` compares by size what is no number",
        "unknown-split": "a data set has no such split",
        "unknown-role": "`--map` names a role that no task has",
        "unknown-column": "`--map` names a column that the file does not have",
        "unknown-setting": "`set` names no setting",
        "bad-setting": "a setting cannot have that value",
        "unknown-param": "a value is given for a `param` that the script does not have",
        "missing-param": "a `param` without a default is not given",
        "missing-file": "a file, or a folder, is not there and no earlier line writes it",
        "file-exists": "a folder is there already, and `--overwrite` is not said",
        "not-a-model": "a folder, or a file, is no model",
        "bad-redirect": "nothing can be written: its ending says no format, or there is nothing to write",
        "missing-package": "`require` wants a package that is not installed, or another version of it",
        "unreachable": "a line behind `exit`; what follows it is not checked",
        "unused": "a `param` or `let` that no line uses",
        "near-name": "a model's name that is bound to nothing, and nearly the same as one that is",
    }
)
"""All codes, with what each means."""


@dataclass(frozen=True)
class Diagnostic:
    """A finding.

    Attributes:
        code: one of `CODES`.
        message: what is wrong, one line, no final full stop.
        place: where.
        hint: what to do about it.
        severity: whether a run would stop there.
    """

    code: str
    message: str
    place: Place
    hint: str | None = None
    severity: Severity = "error"

    def __post_init__(self) -> None:
        """Keep the message on one line, whatever word of the script it repeats: linters read lines."""
        object.__setattr__(self, "message", _on_one_line(self.message))

    @classmethod
    def of(cls, error: HfshellError, fallback: Place, code: str = "usage") -> Diagnostic:
        """Turn an error into a finding; `fallback` is its place when it knows none."""
        code = "syntax" if isinstance(error, SyntaxFault) else code
        return cls(code, error.message, error.place or fallback, error.hint)

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" + (f" ({_on_one_line(self.hint)})" if self.hint else "")

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as JSON types; lines and columns count from 1, `end_column` is behind the last.

        A finding about a whole file, or a whole line, stands at its first character.
        """
        column = self.place.column or 1
        return {
            "schema": 1,
            "kind": "diagnostic",
            "severity": self.severity,
            "code": self.code,
            "file": self.place.file,
            "line": self.place.line or 1,
            "column": column,
            "end_column": column + self.place.length,
            "message": self.message,
            "hint": self.hint,
        }


def _on_one_line(text: str) -> str:
    return "\\n".join(text.splitlines())
