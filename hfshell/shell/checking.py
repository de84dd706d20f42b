"""`hfshell check FILE`: the findings as text with carets, or one JSON object each."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from hfshell.checking import check_file, check_source
from hfshell.commands.table import CommandTable
from hfshell.errors import UsageError
from hfshell.language import Source
from hfshell.plugin_host import PluginHost
from hfshell.render.console import make_console
from hfshell.render.results import show_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hfshell.checking import Diagnostic
    from hfshell.render.console import SafeConsole
    from hfshell.shell.arguments import Invocation

STANDARD_INPUT = "-"


def run_check(invocation: Invocation) -> int:
    """Check scripts without running them; return 2 when something would stop a run, else 0.

    Raises:
        UsageError: no script is named, or an option stands there that only a run has.
    """
    if invocation.log or invocation.dry_run or invocation.keep_going or invocation.checkpoint:
        raise UsageError("check runs nothing: --log, --checkpoint, --dry-run and --keep-going are for runs")
    if len(invocation.words) < 2:
        raise UsageError("check wants a script", hint="hfshell check FILE … [NAME=VALUE …]")
    first, *others = invocation.words[1:]
    parameters = [word for word in others if "=" in word]
    plugins = PluginHost(third_party=not invocation.no_plugins)
    found: list[Diagnostic] = []
    for file in (first, *(word for word in others if "=" not in word)):
        problems = _problems(file, parameters, plugins, all_given=not invocation.any_params)
        if not invocation.json:
            _show(problems, file, plain=invocation.plain)
        found += problems
    if invocation.json:
        for problem in found:
            print(json.dumps(problem.to_dict(), ensure_ascii=True))  # noqa: T201 - output for programs
    return exit_code(found)


def exit_code(problems: Sequence[Diagnostic]) -> int:
    """Return the exit code of findings: remarks alone are none."""
    return UsageError.exit_code if any(problem.severity == "error" for problem in problems) else 0


def show_problems(console: SafeConsole, problems: Sequence[Diagnostic]) -> None:
    """Print findings, each with its line and a caret."""
    for problem in problems:
        word = "" if problem.severity == "error" else f"{problem.severity}: "
        show_error(console, UsageError(f"{word}{problem.message}", place=problem.place, hint=problem.hint))


def _problems(
    file: str, parameters: Sequence[str], plugins: PluginHost, *, all_given: bool
) -> list[Diagnostic]:
    commands = CommandTable(plugins)
    if file != STANDARD_INPUT:
        return check_file(file, commands, plugins, parameters, all_given=all_given)
    from hfshell.shell.batch import standard_input

    source = Source(standard_input(), "<stdin>")
    return check_source(source, commands, plugins, parameters, all_given=all_given)


def _show(problems: Sequence[Diagnostic], file: str, *, plain: bool) -> None:
    console = make_console(sys.stdout, plain=plain)
    show_problems(console, problems)
    if not exit_code(problems):
        console.print(f"{file}: {'nothing else' if problems else 'nothing'} to complain about")
