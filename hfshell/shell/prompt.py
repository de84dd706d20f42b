"""The prompt: reads a line, sends it where it belongs, shows what comes back, and outlives the kernel."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext
from functools import cached_property
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, cast

from prompt_toolkit import print_formatted_text
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.utils import is_dumb_terminal

from hfshell.commands.table import BUILT_IN
from hfshell.errors import PROMPT, HfshellError, UsageError
from hfshell.home import Home, find_home
from hfshell.render.unicode_signs import shows_unicode
from hfshell.settings.preferences import Preferences, told
from hfshell.shell.banner import greeting
from hfshell.shell.bell import Bell
from hfshell.shell.first_keys import painter, reads_on
from hfshell.shell.first_start import first_lines, is_first_start
from hfshell.shell.history import PromptHistory
from hfshell.shell.interrupts import ignore, on_interrupt
from hfshell.shell.kept_session import KeptSession
from hfshell.shell.kernel_watch import KernelWatch
from hfshell.shell.late_imports import LATE_IMPORTS
from hfshell.shell.prompt_lexer import Known
from hfshell.shell.state_folder import clean_up, new_state_folder, remove_abandoned
from hfshell.shell.style import prompt_style
from hfshell.shell.terminal_modes import without_echo
from hfshell.shell.thread_faults import thread_faults
from hfshell.shell.title import Title
from hfshell.shell.toolbar import toolbar

# Everything else is imported once the first prompt stands: see `_warm_up`.
if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.formatted_text import StyleAndTextTuples
    from prompt_toolkit.input import Input
    from prompt_toolkit.output import Output

    from hfshell.api.events import SessionEvent
    from hfshell.api.requests import NameInfo
    from hfshell.api.results import Result, SubPrompt
    from hfshell.kernel.supervisor import KernelSupervisor
    from hfshell.settings import Settings
    from hfshell.shell.application import TerminalPrompt
    from hfshell.shell.arguments import Invocation
    from hfshell.shell.completion.completer import PromptCompleter
    from hfshell.shell.dispatch import Dispatcher
    from hfshell.shell.plain_prompt import PlainPrompt
    from hfshell.shell.questions import Question

_GO_FIRST_SECONDS = 0.01
"""A key that waits for what is there by now goes before what takes longer."""


def run_prompt(invocation: Invocation) -> int:
    """Read and run lines until the user leaves; return the exit code.

    Raises:
        UsageError: an option that only a script can have.
    """
    wanting = (
        invocation.json,
        invocation.keep_going,
        invocation.dry_run,
        invocation.log,
        invocation.checkpoint,
    )
    if any(wanting):
        message = "--json, --keep-going, --dry-run, --log and --checkpoint want a script"
        raise UsageError(message, hint="FILE, -c LINE, or - for stdin")
    shell = PromptShell(invocation, find_home())
    try:
        code = shell.run()
    except BaseException:
        shell.close(left=False)  # a fault of ours: what was bound can be restored
        raise
    shell.close()
    return code


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
        self._kept = KeptSession(home, self._state, invocation.session, offers=True)
        self._notices: SimpleQueue[str | Exception] = SimpleQueue()
        self._commands: Collection[str] = frozenset(BUILT_IN)
        self._flags: Callable[[str], Collection[str] | None] | None = None
        self._fields: tuple[Sequence[NameInfo], dict[str, tuple[str, ...]]] | None = None
        self._history = PromptHistory(home.history, self._notices.put)
        self.preferences = Preferences(
            home.config, read=not invocation.no_config, at_prompt=True, changed=self._heed
        )
        self.kernel = KernelWatch(self._supervise, changed=self._redraw, died=self._tell)
        self._title = Title(sys.stdout)
        self._bell = Bell(sys.stdout, PROMPT)
        self._plain = invocation.plain or is_dumb_terminal()
        self.prompt: TerminalPrompt | PlainPrompt = (
            self._plain_prompt() if self._plain else self._terminal_prompt(terminal, output)
        )

    @property
    def session(self) -> PromptSession[str]:
        """prompt_toolkit's part of the prompt; plain mode has none."""
        return cast("TerminalPrompt", self.prompt).session

    def run(self) -> int:
        """Read and run lines until the user leaves; return the exit code."""
        if self._home.notice:
            self._notices.put(self._home.notice)
        self._greet()
        silent = nullcontext() if self._plain else without_echo()
        with on_interrupt(ignore), thread_faults(self._tell), silent:
            if self._plain:
                self._begin()  # there is no first rendering to wait for
            while True:
                self._read_config()
                self._show_notices()
                self._show_title()
                try:
                    text = self.prompt.read()
                except KeyboardInterrupt:
                    continue
                except EOFError:
                    return 0
                code = self._enter(text)
                if code is not None:
                    return code

    def _read_config(self) -> None:
        """Take over what was changed in the user's file, and say what is wrong in it."""
        self.preferences.refresh()
        for problem in self.preferences.take_problems():
            self._notices.put(told(problem))

    def _heed(self, before: Settings, after: Settings) -> None:
        if before.theme != after.theme and "_dispatcher" in self.__dict__:
            self.dispatcher.consoles.change_theme(after.theme)

    def _terminal_prompt(self, terminal: Input | None, output: Output | None) -> TerminalPrompt:
        from hfshell.shell.application import Surroundings, TerminalPrompt

        around = Surroundings(
            history=self._history,
            completer=lambda: self.completer,
            known=self._known,
            toolbar=self._toolbar,
            explain=self._explain,
            settings=lambda: self.preferences.now,
            past=lambda: self._history.past,
            ascii_only=self._ascii_only,
        )
        prompt = TerminalPrompt(around, terminal=terminal, output=output)
        prompt.session.app.after_render += lambda _: self._begin()
        return prompt

    def _plain_prompt(self) -> PlainPrompt:
        from hfshell.shell.plain_prompt import PlainPrompt

        return PlainPrompt(self._history, lambda: self.completer)

    @property
    def _ascii_only(self) -> bool:
        return self._plain or not shows_unicode(sys.stdout)

    def _toolbar(self, width: int) -> StyleAndTextTuples:
        return toolbar(self.kernel.status, self.kernel.names, width, ascii_only=self._ascii_only)

    def _show_title(self) -> None:
        if self.preferences.now.title and not self._plain:
            self._title.idle()
        else:
            self._title.restore()

    def _greet(self) -> None:
        width = shutil.get_terminal_size().columns
        first = is_first_start(self._home.history)
        lines = greeting(width, first_lines() if first else (), ascii_only=self._ascii_only)
        lines += [(loud, self._in_our_signs(quiet)) for loud, quiet in self._kept.lines]
        if self._plain:
            print(*(f"{loud}{quiet}" for loud, quiet in lines), sep="\n")  # noqa: T201 - the prompt's screen
            return
        style = prompt_style(self.preferences.now.theme)
        for loud, quiet in lines:
            line = FormattedText([("class:banner.name", loud), ("class:banner", quiet)])
            print_formatted_text(line, style=style, output=self.session.app.output)

    def _in_our_signs(self, text: str) -> str:
        return text.replace(" · ", ", ") if self._ascii_only else text

    def close(self, *, left: bool = True) -> None:
        """End the kernel; when the prompt was left, leave nothing behind but the history and a named session.

        Args:
            left: whether the user left it; else its names stay, for `session restore`.
        """
        self._title.restore()
        self.kernel.stop()
        if not left:
            return
        try:
            said = self._kept.save()
        except HfshellError as error:
            self.dispatcher.tell(error)
            return
        if said is not None:
            print(self._in_our_signs(said))  # noqa: T201 - the prompt's screen
        clean_up(self._home, self._state)
        self._kept.leave()

    @property
    def dispatcher(self) -> Dispatcher:
        """What runs lines."""
        with LATE_IMPORTS:
            return self._dispatcher

    @cached_property
    def _dispatcher(self) -> Dispatcher:
        from hfshell.plugin_host import PluginHost
        from hfshell.render.console import make_consoles
        from hfshell.shell.dispatch import Dispatcher
        from hfshell.shell.pager import Pager
        from hfshell.shell.screen import Screen

        plugins = PluginHost(third_party=not self._invocation.no_plugins)
        consoles = make_consoles(
            sys.stdout, sys.stderr, plain=self._invocation.plain, theme=self.preferences.now.theme
        )
        pager = Pager(lambda: self.preferences.now.pager)
        screen = Screen(consoles, debug=self._invocation.debug, heard=self._hear, pager=pager)
        lines = self._history.get_strings
        return Dispatcher(plugins, self.kernel, screen, lines, self.preferences, self._watch, self._converse)

    def _watch(self, event: SessionEvent) -> None:
        """Tell whoever looks elsewhere what happens."""
        self._bell.hear(event)
        if self.preferences.now.title and not self._plain:
            self._title.hear(event)

    def _hear(self, result: Result) -> None:
        """Take over what a line made of a setting in the kernel."""
        from hfshell.api.results import SettingShown

        if isinstance(result, SettingShown) and (result.changed or result.saved):
            self.preferences.adopt(result.name, result.value, result.origin)

    @property
    def completer(self) -> PromptCompleter:
        """What Tab asks."""
        with LATE_IMPORTS:
            return self._completer

    @cached_property
    def _completer(self) -> PromptCompleter:
        from hfshell.shell.completion.candidates import Candidates
        from hfshell.shell.completion.completer import PromptCompleter
        from hfshell.shell.completion.use import PastUse

        dispatcher = self.dispatcher
        candidates = Candidates(
            dispatcher.commands,
            dispatcher.plugins,
            lambda: self.kernel.names,
            self._home,
            aliases=lambda: self.preferences.aliases,
        )
        return PromptCompleter(candidates, PastUse(self._history.newest))

    def _known(self) -> Known:
        """What may stand on a line, as far as it is known by now."""
        names = self.kernel.names
        if self._fields is None or self._fields[0] is not names:
            self._fields = names, {info.name: info.fields for info in names}
        told = self._fields[1] if self.kernel.told else None
        commands = (*self._commands, *self.preferences.aliases)
        return Known(commands, self._flags is not None, self._flags, told)

    def _enter(self, text: str) -> int | None:
        """Run what was typed; return the exit code when that was to leave."""
        code = self.dispatcher.enter(text)
        self._bell.ring_after(self.preferences.now.bell)
        return code

    def _converse(self, opened: SubPrompt) -> None:
        """Read and run what is said to a model, with a prompt and a history of its own."""
        from hfshell.shell.sub_prompt.opening import SubPrompts

        prompts = SubPrompts(self.dispatcher, self._home, self.preferences, self._toolbar, self._notices.put)
        before = self.prompt
        loop, self.prompt = prompts.open(opened, before, self._show_notices)
        try:
            loop.run()
        finally:
            self.prompt = before
            before.take_over()

    def _explain(self, question: Question) -> None:
        self.dispatcher.explain(question)

    def _begin(self) -> None:
        """Start what may take a while, now that the prompt stands."""
        if self.kernel.start():
            threading.Thread(target=self._warm_up, name="warm-up", daemon=True).start()

    def _warm_up(self) -> None:
        """Import what the first keys need, once the kernel is on its way; then the first Tab and Enter."""
        self.kernel.supervisor()
        reads_on()
        painter()
        time.sleep(_GO_FIRST_SECONDS)
        import hfshell.redact  # noqa: F401 - the history's, at the first Enter

        self.completer.warm_up()
        self._commands = frozenset(self.dispatcher.commands.names())
        self._flags = self.completer.flags
        self._redraw()
        remove_abandoned(self._home.kernels)

    def _supervise(self) -> KernelSupervisor:
        with LATE_IMPORTS:
            from hfshell.kernel.supervisor import KernelSupervisor

        arguments = ("--no-plugins",) if self._invocation.no_plugins else ()
        return KernelSupervisor(self._state, arguments)

    def _redraw(self) -> None:
        self.prompt.redraw()

    def _tell(self, error: Exception) -> None:
        """Show something from another thread: above the prompt if it stands, else before the next one."""
        self._notices.put(error)
        self.prompt.interject(self._show_notices)

    def _show_notices(self) -> None:
        while True:
            try:
                notice = self._notices.get_nowait()
            except Empty:
                return
            self.dispatcher.tell(notice)
