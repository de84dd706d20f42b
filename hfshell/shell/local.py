"""What local commands are given at the prompt (`hfshell.commands.local.LocalContext`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hfshell.shell.route import Local, local_options

if TYPE_CHECKING:
    from hfshell.api.requests import NameInfo
    from hfshell.api.results import KernelStatus, Result
    from hfshell.commands.local import LocalContext
    from hfshell.commands.table import CommandTable
    from hfshell.language import CommandLine
    from hfshell.language.tokens import Word
    from hfshell.language.tree import Name
    from hfshell.plugin_host import PluginHost
    from hfshell.settings.preferences import Preferences
    from hfshell.shell.kernel_watch import KernelWatch
    from hfshell.shell.transcript import Transcript


@dataclass(frozen=True)
class ShellContext:
    """The shell, as a local command sees it."""

    commands: CommandTable
    plugins: PluginHost
    kernel: KernelWatch
    lines: Callable[[], Sequence[str]]
    preferences: Preferences
    transcript: Transcript

    def history(self) -> Sequence[str]:
        """Lines typed, oldest first."""
        return self.lines()

    def worked(self) -> Transcript:
        """The lines of this session that worked."""
        return self.transcript

    def known_names(self) -> Sequence[NameInfo]:
        """What is bound, as of the last second."""
        return self.kernel.names

    def kernel_status(self) -> KernelStatus:
        """How the kernel is; answers at once, also when it is busy."""
        return self.kernel.supervisor().status()

    def restart_kernel(self) -> None:
        """End the kernel and start another."""
        self.kernel.supervisor().restart()


def run_local(local: Local, context: LocalContext) -> Result | None:
    """Run a local command in this process.

    Raises:
        HfshellError: the command failed; its place, when it knows no better one, is the word that it speaks
            of, or the command.
    """
    from hfshell.errors import HfshellError

    options = local_options(local.spec, local.line)
    function = context.plugins.resolve(local.spec.target, owner=local.spec.name)
    try:
        result: Result | None = function(context, options)
    except HfshellError as error:
        raise error.at(local.line.place(_blamed(local.line, error.message))) from None
    return result


def _blamed(line: CommandLine, message: str) -> Name | Word:
    """Return the word of a line that a message speaks of first, or its command."""
    spoken = [(found.start(), word) for word in line.words if (found := _spoken(word.plain, message))]
    return min(spoken, key=lambda pair: pair[0])[1] if spoken else line.command


def _spoken(text: str | None, message: str) -> re.Match[str] | None:
    return re.search(rf"(?<![\w-]){re.escape(text)}(?![\w-])", message) if text else None
