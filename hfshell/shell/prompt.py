"""The prompt: reads a line, sends it where it belongs, shows what comes back, and outlives the kernel."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Collection
from functools import cached_property
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from prompt_toolkit import print_formatted_text
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.output.plain_text import PlainTextOutput
from prompt_toolkit.utils import is_dumb_terminal

from hfshell.commands.table import BUILT_IN
from hfshell.errors import UsageError
from hfshell.home import Home, find_home
from hfshell.shell.application import Surroundings, make_prompt
from hfshell.shell.banner import banner
from hfshell.shell.history import PromptHistory
from hfshell.shell.interrupts import ignore, on_interrupt
from hfshell.shell.kernel_watch import KernelWatch
from hfshell.shell.settings import ShellSettings
from hfshell.shell.state_folder import clean_up, new_state_folder, remove_abandoned
from hfshell.shell.style import STYLE
from hfshell.shell.toolbar import toolbar

# Everything else is imported once the first prompt stands: see `_warm_up`.
if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import Completer
    from prompt_toolkit.input import Input
    from prompt_toolkit.output import Output

    from hfshell.kernel.supervisor import KernelSupervisor
    from hfshell.shell.arguments import Invocation
    from hfshell.shell.dispatch import Dispatcher


def run_prompt(invocation: Invocation) -> int:
    """Read and run lines until the user leaves; return the exit code.

    Raises:
        UsageError: an option that only a script can have.
    """
    if invocation.json or invocation.keep_going:
        raise UsageError("--json and --keep-going want a script", hint="FILE, -c LINE, or - for stdin")
    shell = PromptShell(invocation, find_home())
    try:
        return shell.run()
    finally:
        shell.close()


class PromptShell:
    """The shell at a terminal.

    Args:
        invocation: what `hfshell` was asked.
        home: where history and state live.
        terminal, output: take the place of the real ones in tests.
    """

    def __init__(
        self,
        invocation: Invocation,
        home: Home,
        *,
        terminal: Input | None = None,
        output: Output | None = None,
    ) -> None:
        self._invocation = invocation
        self._home = home
        self._state = new_state_folder(home.kernels)
        self._notices: SimpleQueue[str | Exception] = SimpleQueue()
        self._commands: Collection[str] = frozenset(BUILT_IN)
        self._history = PromptHistory(home.history, self._notices.put)
        self.settings = ShellSettings()
        self.kernel = KernelWatch(self._supervise, changed=self._redraw, died=self._tell)
        around = Surroundings(
            history=self._history,
            completer=lambda: self.completer,
            commands=lambda: self._commands,
            toolbar=lambda width: toolbar(self.kernel.status, self.kernel.names, width),
            show_help=self._show_help,
            settings=lambda: self.settings.now,
            past=lambda: self._history.past,
            plain=invocation.plain or is_dumb_terminal(),
        )
        if output is None and is_dumb_terminal():
            output = PlainTextOutput(sys.stdout)
        self.session: PromptSession[str] = make_prompt(around, terminal=terminal, output=output)
        self.session.app.after_render += lambda _: self._begin()

    def run(self) -> int:
        """Read and run lines until the user leaves; return the exit code."""
        if self._home.notice:
            self._notices.put(self._home.notice)
        self._greet()
        with on_interrupt(ignore):
            while True:
                self._show_notices()
                try:
                    text = self.session.prompt()
                except KeyboardInterrupt:
                    continue
                except EOFError:
                    return 0
                code = self._enter(text)
                if code is not None:
                    return code

    def _greet(self) -> None:
        output = self.session.app.output
        name, facts = banner(output.get_size().columns)
        if is_dumb_terminal():
            output.write(f"{name}{facts}\n")
            self._begin()  # such a terminal is written to without rendering
            return
        line = FormattedText([("class:banner.name", name), ("class:banner", facts)])
        print_formatted_text(line, style=STYLE, output=output)

    def close(self) -> None:
        """End the kernel, and leave nothing behind but the history."""
        self.kernel.stop()
        clean_up(self._home, self._state)

    @cached_property
    def dispatcher(self) -> Dispatcher:
        """What runs lines."""
        from hfshell.plugin_host import PluginHost
        from hfshell.render.console import make_consoles
        from hfshell.shell.dispatch import Dispatcher
        from hfshell.shell.screen import Screen

        plugins = PluginHost(third_party=not self._invocation.no_plugins)
        consoles = make_consoles(sys.stdout, sys.stderr, plain=self._invocation.plain)
        screen = Screen(consoles, debug=self._invocation.debug)
        return Dispatcher(plugins, self.kernel, screen, self._history.get_strings, self.settings)

    @cached_property
    def completer(self) -> Completer:
        """What Tab asks."""
        from hfshell.shell.completion.candidates import Candidates
        from hfshell.shell.completion.completer import PromptCompleter

        dispatcher = self.dispatcher
        return PromptCompleter(
            Candidates(dispatcher.commands, dispatcher.plugins, lambda: self.kernel.names, self._home.runs)
        )

    def _enter(self, text: str) -> int | None:
        """Run what was typed; return the exit code when that was to leave."""
        return self.dispatcher.enter(text)

    def _show_help(self, command: str) -> None:
        self._enter(f"help {command}")

    def _begin(self) -> None:
        """Start what may take a while, now that the prompt stands."""
        if self.kernel.start():
            threading.Thread(target=self._warm_up, name="warm-up", daemon=True).start()

    def _warm_up(self) -> None:
        """Import what the first Tab and the first Enter need."""
        _ = self.completer
        self._commands = frozenset(self.dispatcher.commands.names())
        remove_abandoned(self._home.kernels)

    def _supervise(self) -> KernelSupervisor:
        from hfshell.kernel.supervisor import KernelSupervisor

        arguments = ("--no-plugins",) if self._invocation.no_plugins else ()
        return KernelSupervisor(self._state, arguments)

    def _redraw(self) -> None:
        self.session.app.invalidate()

    def _tell(self, error: Exception) -> None:
        """Show something from another thread: above the prompt if it stands, else before the next one."""
        self._notices.put(error)
        app = self.session.app
        if app.loop is None or app.context is None:
            return
        with contextlib.suppress(RuntimeError):  # the prompt ended a moment ago
            app.loop.call_soon_threadsafe(
                lambda: run_in_terminal(self._show_notices), context=app.context.copy()
            )

    def _show_notices(self) -> None:
        while True:
            try:
                notice = self._notices.get_nowait()
            except Empty:
                return
            self.dispatcher.tell(notice)
