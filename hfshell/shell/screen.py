"""What a run says, drawn: results on stdout; progress, notes, echoed lines and errors on stderr."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from hfshell.api.events import CommandFinished, CommandStarted, Note, Progress, SessionEvent, Written
from hfshell.api.results import ChatReply, SubPrompt
from hfshell.errors import HfshellError
from hfshell.render.console import Consoles, make_console
from hfshell.render.guards import render_guard
from hfshell.render.layout import Block
from hfshell.render.look import Look
from hfshell.render.progress import LiveProgress, note_line
from hfshell.render.reply import render_reply_facts
from hfshell.render.results import show, show_error
from hfshell.render.safe_text import made_safe, safe_text

if TYPE_CHECKING:
    from hfshell.api.results import Result
    from hfshell.api.view import View
    from hfshell.render.streaming.display import ReplyDisplay
    from hfshell.shell.pager import Pager


class Screen:
    """Draws the events of runs, one after another.

    Args:
        consoles: where to.
        debug: show the tracebacks that errors carry.
        echo: show each line before it runs, as a script's reader wants it.
        heard: told of each result, whether it is shown or not.
        watch: told of each event, before it is drawn.
        pager: shows results that are longer than the screen; without one they scroll by.
    """

    def __init__(
        self,
        consoles: Consoles,
        *,
        debug: bool = False,
        echo: bool = False,
        heard: Callable[[Result], None] = lambda _: None,
        watch: Callable[[SessionEvent], None] = lambda _: None,
        pager: Pager | None = None,
    ) -> None:
        self.consoles = consoles
        self.debug = debug
        self._echo = echo
        self._heard = heard
        self._watch = watch
        self._pager = pager
        self._live: LiveProgress | None = None
        self._open: list[CommandStarted] = []
        self._said: set[str] = set()
        self._reply: ReplyDisplay | None = None
        self._opened: SubPrompt | None = None

    @property
    def running(self) -> CommandStarted | None:
        """The command that runs, the innermost of a sourced script's."""
        return self._open[-1] if self._open else None

    def event(self, event: SessionEvent) -> None:
        """Draw what happened."""
        self._watch(event)
        match event:
            case CommandStarted():
                self._started(event)
            case Progress():
                if self._live is not None:
                    self._live.update(event)
            case Note():
                self._note(event)
            case Written():
                self._written(event)
            case CommandFinished():
                self._ended(event)

    def finished(self, event: CommandFinished) -> None:
        """Show what a command came to."""
        if event.error is not None:
            self.error(event.error, ignored=event.ignored)
        elif event.result is not None:
            self._heard(event.result)
            self._show(event.result, event.view)

    def take_opened(self) -> SubPrompt | None:
        """Return what the last line opened, once."""
        opened, self._opened = self._opened, None
        return opened

    def result(self, result: Result, view: View | None = None) -> None:
        """Show a result, as its view where there is one."""
        console = self.consoles.results
        if self._pager is None:
            show(console, result, view)
        else:
            self._pager.show(console, lambda: show(console, result, view))

    def error(self, error: HfshellError, *, ignored: bool = False) -> None:
        """Show an error, with its traceback when that is wanted."""
        self.close()
        console = self.consoles.progress
        if self.debug and error.detail:
            console.print(safe_text(error.detail.rstrip()), style="dim", soft_wrap=True)
        show_error(console, error, ignored=ignored)

    def showing(self, consoles: Consoles) -> Screen:
        """Return a screen like this one that shows results elsewhere."""
        screen = Screen(consoles, debug=self.debug, echo=self._echo, heard=self._heard, pager=self._pager)
        screen._said = self._said  # one session
        return screen

    def say(self, text: str) -> None:
        """Print a dim line of the shell's own; it stands above a display that is being redrawn."""
        if self._reply is not None:
            self._reply.above(Text(safe_text(text), "dim"), self.consoles.progress)
            return
        self.consoles.progress.print(text, style="dim", soft_wrap=True)

    @contextmanager
    def put_aside(self) -> Iterator[None]:
        """Take a display that is being redrawn away for a while."""
        with self._live.put_aside() if self._live is not None else nullcontext():
            yield

    def close(self) -> None:
        """Take a display that is being redrawn away."""
        if self._live is not None:
            self._live.close()
            self._live = None
        if self._reply is not None:
            self._reply.close()
            self._reply = None

    def _ended(self, event: CommandFinished) -> None:
        if isinstance(event.result, ChatReply):
            self._complete(event.result)
        self.close()
        if event.started in self._open:
            self._open.remove(event.started)
        self.finished(event)

    def _written(self, event: Written) -> None:
        if event.shown:
            self._display().add(event.text)
        elif self._live is not None:
            self._live.written(event)

    def _display(self) -> ReplyDisplay:
        """Return the display of the reply that is being written, which takes the place of any other."""
        if self._reply is None:
            from hfshell.render.streaming.display import ReplyDisplay  # its imports take a while

            self.close()
            self._reply = ReplyDisplay(self.consoles.results)
        return self._reply

    def _complete(self, reply: ChatReply) -> None:
        """Show what of a reply nobody has seen yet."""
        display = self._display()
        if reply.text.startswith(display.text):
            display.add(reply.text[len(display.text) :])

    def _show(self, result: Result, view: View | None) -> None:
        if isinstance(result, SubPrompt):
            self._opened = result
            return
        if not isinstance(result, ChatReply):
            self.result(result, view)
            return
        console = self.consoles.progress
        new = tuple(guard for guard in result.guards if guard.message not in self._said)
        self._said.update(guard.message for guard in new)
        look = Look(console.width, plain=console.plain)
        below = [render_guard(made_safe(guard), look) for guard in new]
        if not self.consoles.results.plain or result.finish_reason == "interrupted":
            below.insert(0, render_reply_facts(result, look))
        if below:
            console.print(Block(Group(*below)))

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
        if self._reply is not None:
            self._reply.above(note_line(event), self.consoles.progress)
            return
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
