"""What observing hooks are told: data, never the session itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hfshell.api.events import Note, Progress
from hfshell.api.results import EvaluationResult, FinetuneResult


@dataclass(frozen=True)
class SessionInfo:
    """A session.

    Attributes:
        version: of hfshell.
        pid: the process that holds its models.
    """

    version: str
    pid: int


@dataclass(frozen=True)
class RunInfo:
    """A run.

    Attributes:
        id: as `run:ID` takes it.
        verb: `finetune` or `eval`.
        task: the task's name.
        model: canonical name of the model it began with.
        data: name of the data set.
        folder: the run's directory; an observer may put files of its own beside what lies there.
        name: the name that the line binds; empty without one.
    """

    id: str
    verb: str
    task: str
    model: str
    data: str
    folder: Path
    name: str = ""


@dataclass(frozen=True)
class RunStarted:
    """A run began, or goes on.

    Attributes:
        options: the command's options.
        resumed: whether it goes on with an interrupted one.
    """

    options: dict[str, Any]
    resumed: bool = False


@dataclass(frozen=True)
class RunFinished:
    """A run ended.

    Attributes:
        result: what came of it; None when it failed.
        error: why it failed, one line; None when it did not.
    """

    result: FinetuneResult | EvaluationResult | None = None
    error: str | None = None


RunObservation = RunStarted | Progress | Note | RunFinished
