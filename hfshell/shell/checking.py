"""`hfshell check FILE`: the findings as text with carets, or one JSON object each."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from hfshell.commands.checking import check_file
from hfshell.commands.table import CommandTable
from hfshell.errors import UsageError
from hfshell.plugin_host import PluginHost
from hfshell.render.console import make_console
from hfshell.render.results import show_error

if TYPE_CHECKING:
    from hfshell.language import Problem
    from hfshell.shell.arguments import Invocation


def run_check(invocation: Invocation) -> int:
    """Check a script without running it; return 2 when something was found, else 0.

    Raises:
        UsageError: no script is named.
    """
    if len(invocation.words) < 2:
        raise UsageError("check wants a script", hint="hfshell check FILE [NAME=VALUE …]")
    file, *parameters = invocation.words[1:]
    plugins = PluginHost(third_party=not invocation.no_plugins)
    problems = check_file(file, CommandTable(plugins), plugins, parameters)
    if invocation.json:
        for problem in problems:
            print(json.dumps(problem.to_dict()))  # noqa: T201 - output for programs
    else:
        _show(problems, file, plain=invocation.plain)
    return UsageError.exit_code if problems else 0


def _show(problems: list[Problem], file: str, *, plain: bool) -> None:
    console = make_console(sys.stdout, plain=plain)
    for problem in problems:
        show_error(console, UsageError(problem.message, place=problem.place, hint=problem.hint))
    if not problems:
        console.print(f"{file}: nothing to complain about")
