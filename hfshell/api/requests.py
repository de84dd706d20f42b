"""What a session is asked to run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RunRequest:
    """Text in the language, one line or a whole script.

    Attributes:
        text: the text.
        file: where it comes from: a path, or `<prompt>`, `<-c>`, `<stdin>`, `<session>`.
        line: number of its first line in that file.
        parameters: values for its `param` lines; None when the text may have no header (a prompt's line).
        keep_going: run on after an error.
        folder: the folder that relative paths start from; None for the process's own.
    """

    text: str
    file: str = "<session>"
    line: int = 1
    parameters: dict[str, str] | None = None
    keep_going: bool = False
    folder: str | None = None
