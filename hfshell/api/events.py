"""What a command says on the way. Events cross the socket as JSON; they never carry tensors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from hfshell.api.results import Result
from hfshell.api.view import View
from hfshell.errors import HfshellError


@dataclass(frozen=True)
class Progress:
    """How far a command is.

    Example::

        context.emit(Progress("finetune", step, steps, "steps", epoch=step / steps, loss=loss))

    Attributes:
        activity: what is being done: `finetune`, `eval`, `predict`, `load`, `read`.
        done, total: in `unit`; total is None when it is not known.
        unit: `rows`, `steps`, `bytes`.
        rows_per_second: measured rate.
        remaining_seconds: estimate to the end.
        epoch, epochs: where training is; epoch counts from 0 and is fractional.
        loss, learning_rate: of the last step.
        metrics: newest validation metrics, by name.
    """

    activity: str
    done: int
    total: int | None = None
    unit: str = "rows"
    rows_per_second: float | None = None
    remaining_seconds: float | None = None
    epoch: float | None = None
    epochs: float | None = None
    loss: float | None = None
    learning_rate: float | None = None
    metrics: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Note:
    """One line worth reading while a command runs.

    Attributes:
        text: the line.
        severity: `warn` for what may be wrong, else `info`.
        once: whether a session shows it once, however often it is said.
    """

    text: str
    severity: Literal["info", "warn"] = "info"
    once: bool = False


@dataclass(frozen=True)
class Written:
    """A piece of the one text that a command is writing, for whoever watches; the result has all of it.

    Attributes:
        text: what was written since the last piece.
        shown: whether it is shown for good, because it is all that the command has to show; hfshell says so.
    """

    text: str
    shown: bool = False


Event = Progress | Note | Written


@dataclass(frozen=True)
class CommandStarted:
    """A command line began.

    Attributes:
        command: its name, `finetune`.
        name: the name that it binds, or None.
        text: the line as written, for display.
        file, line: where it stands.
    """

    command: str
    name: str | None
    text: str
    file: str
    line: int


@dataclass(frozen=True)
class CommandFinished:
    """A command line ended, with a result, an error, or neither (nothing to show).

    Attributes:
        started: its beginning.
        seconds: how long it took.
        result: what it returned.
        error: why it failed.
        ignored: the line began with `-`, so the script goes on despite the error.
        view: how a plugin wants the result to look; None for the usual way.
    """

    started: CommandStarted
    seconds: float
    result: Result | None = None
    error: HfshellError | None = None
    ignored: bool = False
    view: View | None = None


SessionEvent = CommandStarted | Event | CommandFinished
