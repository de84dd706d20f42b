"""A `plugins` line that stands alone runs in this process: it must work where a plugin ends every kernel."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from hfshell.api.events import CommandFinished, CommandStarted, Note
from hfshell.commands.table import CommandTable
from hfshell.errors import HfshellError, Interrupted, UsageError
from hfshell.plugin_host import PluginHost
from hfshell.shell.local import run_local
from hfshell.shell.route import Local, is_plain
from hfshell.shell.screen import explained

if TYPE_CHECKING:
    from hfshell.api.requests import NameInfo
    from hfshell.api.results import Result
    from hfshell.language import CommandLine, Script
    from hfshell.shell.screen import Screen


@dataclass(frozen=True)
class NoKernel:
    """The shell without a kernel, as a local command sees it."""

    commands: CommandTable
    plugins: PluginHost

    def history(self) -> Sequence[str]:
        """No line was typed."""
        return ()

    def worked(self) -> NoReturn:
        """No line was typed.

        Raises:
            UsageError: always.
        """
        raise UsageError("no session runs here")

    def known_names(self) -> Sequence[NameInfo]:
        """Nothing is bound."""
        return ()

    def kernel_status(self) -> NoReturn:
        """There is none to ask.

        Raises:
            UsageError: always.
        """
        raise UsageError("no kernel runs here")

    def restart_kernel(self) -> NoReturn:
        """There is none to end.

        Raises:
            UsageError: always.
        """
        raise UsageError("no kernel runs here")

    @property
    def preferences(self) -> NoReturn:
        """There are no settings to ask for.

        Raises:
            UsageError: always.
        """
        raise UsageError("no session runs here")


def needs_no_kernel(script: Script) -> bool:
    """Whether a script is a `plugins` line and nothing else."""
    lines = script.lines
    alone = len(lines) == 1 and not script.parameters
    return alone and lines[0].command.text == "plugins" and is_plain(lines[0])


def run_here(line: CommandLine, screen: Screen, *, third_party: bool) -> int:
    """Run a line as a kernel would, show what comes of it, and return the exit code."""
    plugins = PluginHost(third_party=third_party)
    started = CommandStarted(line.command.text, None, line.text, line.source.file, line.line)
    screen.event(started)
    began = time.perf_counter()
    result, error = _result(line, NoKernel(CommandTable(plugins), plugins))
    for notice in plugins.notices():
        screen.event(Note(notice, "warn", once=True))
    screen.event(CommandFinished(started, time.perf_counter() - began, result, error))
    if error is not None:
        return error.exit_code
    return result.exit_code if result is not None else 0


def _result(line: CommandLine, context: NoKernel) -> tuple[Result | None, HfshellError | None]:
    try:
        return run_local(Local(context.commands.get(line.command.text), line), context), None
    except KeyboardInterrupt:
        return None, Interrupted("interrupted")
    except Exception as raised:  # noqa: BLE001 - whatever it was, it is this line's error
        return None, explained(raised).at(line.place(line.command))
