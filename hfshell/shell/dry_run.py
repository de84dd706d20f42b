"""`--dry-run`: what each line would do, and what would stop it; nothing is run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from hfshell.checking import check_source
from hfshell.checking.plan import PlannedLine, plan_line
from hfshell.commands.table import CommandTable
from hfshell.plugin_host import PluginHost
from hfshell.render.layout import prose
from hfshell.render.quantities import many
from hfshell.render.safe_text import safe_text
from hfshell.shell.checking import exit_code, show_problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hfshell.checking import Diagnostic
    from hfshell.language import Source
    from hfshell.render.console import SafeConsole
    from hfshell.shell.arguments import Invocation


def run_dry(source: Source, parameters: Sequence[str], invocation: Invocation, console: SafeConsole) -> int:
    """Print the plan of a script, and the findings; return 2 when something would stop a run, else 0."""
    plugins = PluginHost(third_party=not invocation.no_plugins)
    plan: list[PlannedLine] = []
    problems = check_source(
        source,
        CommandTable(plugins),
        plugins,
        parameters,
        watch=lambda read, scene: plan.append(plan_line(read, scene)),
    )
    if invocation.json:
        for found in (*(line.to_dict() for line in plan), *(problem.to_dict() for problem in problems)):
            print(json.dumps(found))  # noqa: T201 - output for programs
    else:
        _show(source, plan, problems, console)
    return exit_code(problems)


def _show(
    source: Source, plan: Sequence[PlannedLine], problems: Sequence[Diagnostic], console: SafeConsole
) -> None:
    file = source.file
    width = max((len(str(line.line)) for line in plan), default=1)
    for line in plan:
        if line.file != file:
            file = line.file
            console.print(Text(safe_text(file), "dim"))
        _show_line(line, width, console)
    if problems:
        console.print()
    show_problems(console, problems)
    console.print()
    console.print(_summary(plan, problems), soft_wrap=True)


def _show_line(line: PlannedLine, width: int, console: SafeConsole) -> None:
    first = safe_text(line.text.split("\n", 1)[0])
    console.print(Text.assemble((f"{line.line:>{width}}  ", "dim"), first), soft_wrap=True)
    margin = width + 4
    for sentence in line.would:
        said = prose(safe_text(sentence))
        if console.is_terminal:
            console.print(Padding(said, (0, 0, 0, margin)), style="dim")
        else:
            console.print(Text(" " * margin) + said, soft_wrap=True)  # whole, for whoever searches in it


def _summary(plan: Sequence[PlannedLine], problems: Sequence[Diagnostic]) -> str:
    errors = sum(problem.severity == "error" for problem in problems)
    stopped = many(errors, "finding") if errors else "nothing would stop it, as far as that is known"
    over = sorted({path for line in plan for path in line.overwrites})
    written = f" · written over: {', '.join(over)}" if over else ""
    return f"{many(len(plan), 'line')}, none of them run · {stopped}{written}"
