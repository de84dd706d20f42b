"""What the command `check` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfshell.api.results import Message
from hfshell.checking.files import check_file, raise_for

if TYPE_CHECKING:
    from hfshell.commands.check import CheckOptions
    from hfshell.commands.local import LocalContext


def check(context: LocalContext, options: CheckOptions) -> Message:
    """Check a script; the findings are lines.

    Raises:
        UsageError: there is one that would stop a run.
    """
    problems = check_file(options.file, context.commands, context.plugins, options.parameters)
    raise_for(problems)
    remarks = tuple(str(problem) for problem in problems)
    nothing = "nothing else" if remarks else "nothing"
    return Message(lines=(*remarks, f"{options.file}: {nothing} to complain about"))
