"""Checking a script file: read, parsed, checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hfshell.checking.diagnostics import Diagnostic
from hfshell.checking.reading import LineReader
from hfshell.checking.scene import Scene
from hfshell.checking.script import Watch, check_script
from hfshell.checking.syntax import parse_as_far
from hfshell.commands.script_files import read_source
from hfshell.errors import HfshellError, Place, UsageError
from hfshell.language import Source

if TYPE_CHECKING:
    from hfshell.commands.table import CommandTable
    from hfshell.plugin_host import PluginHost


def check_file(
    file: str,
    commands: CommandTable,
    plugins: PluginHost,
    parameters: Sequence[str] | None = None,
    *,
    all_given: bool = True,
) -> list[Diagnostic]:
    """Check a script file; relative paths in it start from the folder we are in.

    Args:
        file: the script.
        commands: the commands there are.
        plugins: where tasks are declared.
        parameters: NAME=VALUE words that it would be given; None when they are not known.
        all_given: whether parameters that are not among these are not given; else they may be.
    """
    try:
        source = read_source(file, "")
    except HfshellError as error:
        return [Diagnostic.of(error, Place(file), "script")]
    return check_source(source, commands, plugins, parameters, all_given=all_given)


def check_source(
    source: Source,
    commands: CommandTable,
    plugins: PluginHost,
    parameters: Sequence[str] | None = None,
    *,
    all_given: bool = True,
    watch: Watch | None = None,
) -> list[Diagnostic]:
    """Check a script's text.

    Args:
        source: the text, and where it comes from.
        commands: the commands there are.
        plugins: where tasks are declared.
        parameters: NAME=VALUE words that it would be given; None when they are not known.
        all_given: whether parameters that are not among these are not given; else they may be.
        watch: told of each line.
    """
    script, faults = parse_as_far(source)
    words = [word for word in parameters or () if "=" in word]
    stray = [word for word in parameters or () if "=" not in word]
    given = {name: value for name, _, value in (word.partition("=") for word in words)}
    if faults:  # one of them may be a `param` line
        declared = {parameter.name.text for parameter in script.parameters}
        given = {name: value for name, value in given.items() if name in declared}
        all_given = False
    hint = f"`hfshell {source.file} --help` lists them"
    found = [Diagnostic.of(fault, Place(source.file)) for fault in faults]
    found += [Diagnostic("usage", f"{word} is not NAME=VALUE", Place(source.file), hint) for word in stray]
    return found + check_script(
        script,
        LineReader(commands, plugins),
        Scene(plugins),
        read_source=read_source,
        given=given,
        all_given=all_given and parameters is not None,
        faulty=[fault.place.line or 0 for fault in faults if fault.place],
        watch=watch,
    )


def raise_for(problems: Sequence[Diagnostic]) -> None:
    """Raise the findings as one error, the first that stops a run in front; remarks alone are none.

    Raises:
        UsageError: there is a finding that would stop a run.
    """
    first = next((problem for problem in problems if problem.severity == "error"), None)
    if first is None:
        return
    others = (str(problem) for problem in problems if problem is not first)
    hint = "\n".join([*([first.hint] if first.hint else []), *others])
    raise UsageError(first.message, place=first.place, hint=hint or None)
