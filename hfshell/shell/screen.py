"""What a run says, drawn: results on stdout; progress, notes, echoed lines and errors on stderr."""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING

from hfshell.api.events import CommandFinished, CommandStarted, Note, Progress, SessionEvent, Written
from hfshell.errors import HfshellError
from hfshell.render.console import Consoles, make_console
from hfshell.render.progress import LiveProgress
from hfshell.render.results import show, show_error
from hfshell.render.safe_text import safe_text

if TYPE_CHECKING:
    from hfshell.api.results import Result
    from hfshell.api.view import View


class Screen:
    """Draws the events of runs, one after another.

    Args:
        consoles: where to.
        debug: show the tracebacks that errors carry.
        echo: show each line before it runs, as a script's reader wants it.
    """

    def __init__(self, consoles: Consoles, *, debug: bool = False, echo: bool = False) -> None:
        self.consoles = consoles
        self.debug = debug
        self._echo = echo
        self._live: LiveProgress | None = None
        self._open: list[CommandStarted] = []
        self._said: set[str] = set()

    @property
    def running(self) -> CommandStarted | None:
        """The command that runs, the innermost of a sourced script's."""
        return self._open[-1] if self._open else None

    def event(self, event: SessionEvent) -> None:
        """Draw what happened."""
        match event:
            case CommandStarted():
                self._started(event)
            case Progress():
                if self._live is not None:
                    self._live.update(event)
            case Note():
                self._note(event)
            case Written():
                if self._live is not None:
                    self._live.written(event)
            case CommandFinished():
                self.close()
                if event.started in self._open:
                    self._open.remove(event.started)
                self.finished(event)

    def finished(self, event: CommandFinished) -> None:
        """Show what a command came to."""
        if event.error is not None:
            self.error(event.error, ignored=event.ignored)
        elif event.result is not None:
            self.result(event.result, event.view)

    def result(self, result: Result, view: View | None = None) -> None:
        """Show a result, as its view where there is one."""
        show(self.consoles.results, result, view)

    def error(self, error: HfshellError, *, ignored: bool = False) -> None:
        """Show an error, with its traceback when that is wanted."""
        self.close()
        console = self.consoles.progress
        if self.debug and error.detail:
            console.print(safe_text(error.detail.rstrip()), style="dim", soft_wrap=True)
        show_error(console, error, ignored=ignored)

    def showing(self, consoles: Consoles) -> Screen:
        """Return a screen like this one that shows results elsewhere."""
        screen = Screen(consoles, debug=self.debug, echo=self._echo)
        screen._said = self._said  # one session
        return screen

    def say(self, text: str) -> None:
        """Print a dim line of the shell's own; it stands above a display that is being redrawn."""
        self.consoles.progress.print(text, style="dim", soft_wrap=True)

    def close(self) -> None:
        """Take a display that is being redrawn away."""
        if self._live is not None:
            self._live.close()
            self._live = None

    def _started(self, event: CommandStarted) -> None:
        self.close()
        self._open.append(event)
        if self._echo:
            sign = "> " if self.consoles.progress.plain else "› "
            first, *others = safe_text(event.text).split("\n")
            self.say("\n".join([sign + first, *(f"  {line}" for line in others)]))
        title = f"{event.command} {event.name}" if event.name else event.command
        self._live = LiveProgress(self.consoles.progress, title=title)

    def _note(self, event: Note) -> None:
        if event.once and event.text in self._said:
            return
        self._said.add(event.text)
        live = self._live or LiveProgress(self.consoles.progress)
        live.note(event)


def explained(error: Exception) -> HfshellError:
    """Turn whatever was raised into an error that people can read; its traceback becomes the detail."""
    if isinstance(error, HfshellError):
        return error
    if isinstance(error, OSError) and error.strerror:
        where = f": {error.filename}" if error.filename else ""
        known = HfshellError(f"{error.strerror}{where}")
    else:
        first = (str(error).splitlines() or [""])[0]
        known = HfshellError(
            f"{type(error).__name__}: {first}",
            hint="this is a fault in hfshell; with --debug it shows where",
        )
    known.detail = "".join(traceback.format_exception(error))
    return known


def report(error: Exception, *, debug: bool) -> int:
    """Show an error that ends the program on stderr, and return its exit code."""
    known = explained(error)
    console = make_console(sys.stderr)
    Screen(Consoles(console, console), debug=debug).error(known)
    return known.exit_code
