"""A batch that lives several times: each life is a session of its own, and may end within a line."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field

from hfshell import Session
from hfshell.api.events import CommandFinished, CommandStarted, Note, SessionEvent
from hfshell.api.requests import RunRequest
from hfshell.errors import HfshellError

CHECKPOINT = "batch.checkpoint"


class Killed(BaseException):
    """The process is gone: nothing behind this happens."""


@dataclass
class Life:
    """One run of a batch, and what was heard of it.

    Attributes:
        code: its exit code; None when it was killed.
        began: the numbers of the lines that began, in order.
        said: what `echo` lines said.
        errors: what went wrong.
        notes: what was noted.
        session: as it is afterwards.
    """

    session: Session
    code: int | None = None
    began: list[int] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    errors: list[HfshellError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def hear(self, event: SessionEvent) -> None:
        """Keep what is worth asking for."""
        match event:
            case CommandStarted():
                self.began.append(event.line)
            case Note():
                self.notes.append(event.text)
            case CommandFinished():
                self.said += getattr(event.result, "lines", ())
                self.errors += [event.error] if event.error is not None else []

    @property
    def refusal(self) -> str:
        """The one error, as text."""
        (error,) = self.errors
        return f"{error.message} | {error.hint or ''}"


def live(
    text: str,
    *,
    resume: bool = True,
    kill_at: int | None = None,
    keep_going: bool = False,
    file: str = "batch.hfsh",
    **parameters: str,
) -> Life:
    """Run a batch with a checkpoint in the current folder.

    Args:
        text: the script.
        resume: whether it goes on with the checkpoint that is there.
        kill_at: number of the line that is cut off: it does its work, and nobody can write that down.
        keep_going: as on the command line.
        file: the script's name.
        parameters: values for its `param` lines.
    """
    with Session() as session:
        life = Life(session)

        def hear(event: SessionEvent) -> None:
            life.hear(event)
            if isinstance(event, CommandFinished) and event.started.line == kill_at:
                raise Killed

        request = RunRequest(
            text, file, parameters=parameters, keep_going=keep_going, checkpoint=CHECKPOINT, resume=resume
        )
        with contextlib.suppress(Killed):
            life.code = session.execute(request, hear)
    return life
