"""Runs what was typed, wherever its route leads, and shows what comes of it. Nothing raised leaves here."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from hfshell.api.events import Note
from hfshell.api.requests import RunRequest
from hfshell.commands.table import CommandTable
from hfshell.render.console import Consoles, make_console
from hfshell.shell.interrupts import interrupt, on_interrupt
from hfshell.shell.local import ShellContext, run_local
from hfshell.shell.route import FILE, Kernel, Leave, Local, Nothing, Piped, System, route
from hfshell.shell.running import run
from hfshell.shell.screen import Screen, explained
from hfshell.shell.system import run_system
from hfshell.shell.terminal_echo import without_echo

if TYPE_CHECKING:
    from hfshell.plugin_host import PluginHost
    from hfshell.shell.kernel_watch import KernelWatch
    from hfshell.shell.route import Route
    from hfshell.shell.settings import ShellSettings


class Dispatcher:
    """Runs lines for the prompt.

    Args:
        plugins: what is installed.
        kernel: the kernel beside the prompt.
        screen: where to show what comes.
        lines: the history, oldest first.
        settings: the settings in force.
    """

    def __init__(
        self,
        plugins: PluginHost,
        kernel: KernelWatch,
        screen: Screen,
        lines: Callable[[], Sequence[str]],
        settings: ShellSettings,
    ) -> None:
        self.plugins = plugins
        self.commands = CommandTable(plugins)
        self._kernel = kernel
        self._screen = screen
        self._settings = settings
        self._context = ShellContext(self.commands, plugins, kernel, lines, settings)

    def enter(self, text: str) -> int | None:
        """Run a text; return an exit code when it says to leave the shell."""
        self.plugins.refresh_if_changed()
        return self._enter(text, self._screen)

    def tell(self, notice: str | Exception) -> None:
        """Show what nobody asked for: why lines are not remembered, how a kernel died."""
        if isinstance(notice, Exception):
            self._screen.error(explained(notice))
        else:
            self._screen.event(Note(notice, "warn", once=True))

    def _enter(self, text: str, screen: Screen) -> int | None:
        try:
            return self._follow(route(text, self.commands, self._is_bound), screen)
        except KeyboardInterrupt:
            screen.say("interrupted")
        except Exception as error:  # noqa: BLE001 - whatever it was, the prompt goes on
            screen.error(explained(error))
        finally:
            for notice in self.plugins.notices():
                self.tell(notice)
        return None

    def _follow(self, way: Route, screen: Screen) -> int | None:
        match way:
            case Nothing():
                pass
            case Leave():
                return way.code
            case System():
                if code := run_system(way.command):
                    screen.say(f"exit code {code}")
            case Piped():
                return self._pipe(way, screen)
            case Local():
                with on_interrupt(interrupt):
                    result = run_local(way, self._context)
                if result is not None:
                    screen.result(result)
            case Kernel():
                with self._kernel.running() as supervisor, without_echo():
                    request = RunRequest(way.text, FILE, settings=self._settings.for_kernel())
                    run(request, supervisor, screen)
        return None

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
