"""What came of a script: its exit code, and what each line gave."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hfshell.api.events import CommandFinished, Note, SessionEvent
from hfshell.api.requests import RunRequest

if TYPE_CHECKING:
    from hfshell.api.results import Result
    from hfshell.errors import HfshellError
    from hfshell.session.session import Session


@dataclass(frozen=True)
class Outcome:
    """What came of a script.

    Example::

        outcome = run_hfsh("p = predict m 'you are great'")
        outcome.assert_ok()
        assert outcome["p"].rows[0][0].label == "kind"

    Attributes:
        exit_code: what the script would exit with; 0 when all went well.
        events: all that was said on the way, in order.
    """

    exit_code: int
    events: tuple[SessionEvent, ...]

    def __getitem__(self, name: str) -> Any:
        """Return the result of the last line that bound a name.

        Raises:
            KeyError: none did, or the line failed.
        """
        __tracebackhide__ = True  # pytest shows the line of the test, and what is said below
        bound = {line.started.name: line.result for line in self._lines if line.result is not None}
        if name in bound:
            return bound[name]
        names = ", ".join(str(known) for known in bound if known) or "nothing"
        raise KeyError(f"no line that succeeded bound {name}; bound: {names}{self._said()}")

    @property
    def results(self) -> tuple[Result, ...]:
        """What the lines gave, in order."""
        return tuple(line.result for line in self._lines if line.result is not None)

    @property
    def errors(self) -> tuple[HfshellError, ...]:
        """Why lines failed, those that began with `-` included."""
        return tuple(line.error for line in self._lines if line.error is not None)

    @property
    def notes(self) -> tuple[str, ...]:
        """What people would have been told on the way."""
        return tuple(event.text for event in self.events if isinstance(event, Note))

    def assert_ok(self) -> None:
        """Make sure that the script succeeded.

        Raises:
            AssertionError: it did not; with the line, the error, the hint and the plugin's traceback.
        """
        __tracebackhide__ = True
        if self.exit_code:
            raise AssertionError(f"the script exited with {self.exit_code}{self._said()}")

    @property
    def _lines(self) -> tuple[CommandFinished, ...]:
        return tuple(event for event in self.events if isinstance(event, CommandFinished))

    def _said(self) -> str:
        return "".join(_told(line) for line in self._lines if line.error is not None)


def run_script(session: Session, text: str, parameters: Mapping[str, object] | None = None) -> Outcome:
    """Run a script in a session; what fails in it stands in the outcome, and is not raised.

    Args:
        session: where to.
        text: the script; it may be indented as the code around it is.
        parameters: values for its `param` lines.
    """
    events: list[SessionEvent] = []
    given = {name: str(value) for name, value in (parameters or {}).items()}
    request = RunRequest(textwrap.dedent(text), "<script>", parameters=given)
    code = session.execute(request, events.append)
    return Outcome(code, tuple(events))


def stack_behind(error: HfshellError) -> list[str]:
    """Return the lines of the traceback that led to an error; none for one that was raised on purpose."""
    lines = (error.detail or "").rstrip().splitlines()
    return [] if lines and lines[-1].startswith("hfshell.errors.") else lines


def _told(line: CommandFinished) -> str:
    error = line.error
    assert error is not None  # noqa: S101 - only lines that failed are told
    detail = "".join(f"\n    {text}" for text in stack_behind(error))
    hint = f"\n  {error.hint}" if error.hint else ""
    return f"\n{error.place}: {line.started.text}\n  {error.message}{hint}{detail}"
