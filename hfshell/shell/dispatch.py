"""Runs what was typed, wherever its route leads, and shows what comes of it. Nothing raised leaves here."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from hfshell.api.events import Note
from hfshell.api.requests import RunRequest
from hfshell.commands.table import CommandTable
from hfshell.errors import PROMPT
from hfshell.render.console import Consoles, make_console
from hfshell.settings.aliases import expand_aliases
from hfshell.shell.interrupts import interrupt, on_interrupt
from hfshell.shell.local import ShellContext, run_local
from hfshell.shell.questions import Question
from hfshell.shell.route import Kernel, Leave, Local, Piped, System, route
from hfshell.shell.running import run
from hfshell.shell.screen import Screen, explained
from hfshell.shell.system import run_system
from hfshell.shell.terminal_modes import without_echo
from hfshell.shell.transcript import Transcript

if TYPE_CHECKING:
    from hfshell.api.events import SessionEvent
    from hfshell.api.results import SubPrompt
    from hfshell.plugin_host import PluginHost
    from hfshell.settings.preferences import Preferences
    from hfshell.shell.kernel_watch import KernelWatch
    from hfshell.shell.route import Route


class Dispatcher:
    """Runs lines for the prompt.

    Args:
        plugins: what is installed.
        kernel: the kernel beside the prompt.
        screen: where to show what comes.
        lines: the history, oldest first.
        preferences: the settings and aliases in force.
        watch: told of all that happens in the kernel.
        open_sub_prompt: reads and runs lines until they are over, when a line opens a prompt of its own.
    """

    def __init__(
        self,
        plugins: PluginHost,
        kernel: KernelWatch,
        screen: Screen,
        lines: Callable[[], Sequence[str]],
        preferences: Preferences,
        watch: Callable[[SessionEvent], None] = lambda _: None,
        open_sub_prompt: Callable[[SubPrompt], None] = lambda _: None,
    ) -> None:
        self.plugins = plugins
        self.commands = CommandTable(plugins)
        self._kernel = kernel
        self._screen = screen
        self._preferences = preferences
        self._watch = watch
        self._open = open_sub_prompt
        self.transcript = Transcript(PROMPT)
        self._context = ShellContext(self.commands, plugins, kernel, lines, preferences, self.transcript)

    def enter(self, text: str) -> int | None:
        """Run a text; return an exit code when it says to leave the shell."""
        self.plugins.refresh_if_changed()
        self.transcript.typed(text)
        return self._enter(expand_aliases(text, self._preferences.aliases), self._screen)

    def explain(self, question: Question) -> None:
        """Show help on a word."""
        self._guarded(lambda: self._answer(question, self._screen), self._screen)

    @property
    def consoles(self) -> Consoles:
        """Where all is shown."""
        return self._screen.consoles

    def tell(self, notice: str | Exception) -> None:
        """Show what nobody asked for: why lines are not remembered, how a kernel died."""
        if isinstance(notice, Exception):
            self._screen.error(explained(notice))
        else:
            self._screen.event(Note(notice, "warn", once=True))

    def _enter(self, text: str, screen: Screen) -> int | None:
        return self._guarded(lambda: self._follow(route(text, self.commands, self._is_bound), screen), screen)

    def _guarded(self, work: Callable[[], int | None], screen: Screen) -> int | None:
        try:
            return work()
        except KeyboardInterrupt:
            screen.say("interrupted")
        except Exception as error:  # noqa: BLE001 - whatever it was, the prompt goes on
            screen.error(explained(error))
        finally:
            for notice in self.plugins.notices():
                self.tell(notice)
        return None

    def _follow(self, way: Route, screen: Screen) -> int | None:
        match way:  # of a blank line nothing comes
            case Leave():
                return way.code
            case Question():
                self._answer(way, screen)
            case System():
                if code := run_system(way.command):
                    screen.say(f"exit code {code}")
            case Piped():
                return self._pipe(way, screen)
            case Local():
                with on_interrupt(interrupt):
                    result = run_local(way, self._context)
                if way.belongs_in_scripts:
                    self.transcript.keep(way.line.text)
                if result is not None:
                    screen.result(result)
            case Kernel():
                self._run_typed(way, screen)
        return None

    def _run_typed(self, way: Kernel, screen: Screen) -> None:
        self._run(way.text, screen, interactive=way.single and screen is self._screen)
        if opened := screen.take_opened():
            self._open(opened)

    def run_line(self, text: str) -> SubPrompt | None:
        """Run a line that a prompt of its own made of what was typed there; return what it opened."""
        self._guarded(lambda: self._run(text, self._screen, interactive=True), self._screen)
        return self._screen.take_opened()

    def _run(self, text: str, screen: Screen, *, interactive: bool) -> None:
        with self._kernel.running() as supervisor, without_echo():
            settings = self._preferences.as_texts()
            request = RunRequest(text, PROMPT, settings=settings, interactive=interactive)
            run(request, supervisor, screen, self._hear)

    def _hear(self, event: SessionEvent) -> None:
        self.transcript.hear(event)
        self._watch(event)

    def _answer(self, question: Question, screen: Screen) -> None:
        from hfshell.commands.help_pages import overview
        from hfshell.commands.help_words import explain_at

        with on_interrupt(interrupt):
            if question.command is None:
                screen.result(overview(self.commands))
            else:
                screen.result(explain_at(self._context, question.command, question.words))

    def _pipe(self, piped: Piped, screen: Screen) -> int | None:
        """Show a line's results to a command of the system's shell, plainly."""
        text = io.StringIO()
        consoles = screen.consoles
        results = make_console(text, width=consoles.results.width)
        code = self._enter(piped.text, screen.showing(Consoles(results, consoles.progress)))
        if text.getvalue():
            run_system(piped.command, text.getvalue())
        return code

    def _is_bound(self, name: str) -> bool:
        return name == "_" or self._kernel.is_bound(name)
