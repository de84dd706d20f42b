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
        settings: settings chosen before, by who chose them (`file`, `environment`, `said`), as text; None
            leaves the session's settings as they are.
        interactive: whether a prompt waits behind the text, which may be asked for more.
        checkpoint: the file that says how far a batch came; None keeps none.
        resume: whether the batch goes on where that file says that it was.
    """

    text: str
    file: str = "<session>"
    line: int = 1
    parameters: dict[str, str] | None = None
    keep_going: bool = False
    folder: str | None = None
    settings: dict[str, dict[str, str]] | None = None
    interactive: bool = False
    checkpoint: str | None = None
    resume: bool = False


@dataclass(frozen=True)
class NameInfo:
    """A bound name, as completion and the toolbar need it.

    Attributes:
        name: the name.
        kind: `model`, `data`, `result` or `value`.
        detail: what it holds in a word: the model's class, the result's kind, the value itself.
        fields: what may stand after `$NAME.`.
        values: what each of these fields holds, as it would expand; as many as `fields`, or none.
        splits: splits of a data set that have rows, what may stand after `NAME.`.
        columns: columns of a data set.
        labels: labels of a model or a data set; the first 500.
        task: the task of a model; empty for a base model.
        state: of a model: `warm`, `parked` or `dirty`.
        current: whether it is the model that `_` means.
        rows: how many rows a data set has; None where nobody counted.
        parameters: how many numbers a model has; 0 where nobody counts them.
        bytes: memory that a model takes.
    """

    name: str
    kind: str
    detail: str = ""
    fields: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    splits: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    task: str = ""
    state: str = ""
    current: bool = False
    rows: int | None = None
    parameters: int = 0
    bytes: int = 0
