"""`hfshell FILE --help`: what a script says of itself, and its parameters with their types and defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfshell.language import format_word, lex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hfshell.language import Parameter, Script, Source
    from hfshell.shell.arguments import Invocation


def show_help(script: Script, invocation: Invocation) -> int:
    """Print the help of a script, and return 0."""
    from hfshell.checking.parameter_types import parameter_types
    from hfshell.checking.reading import LineReader
    from hfshell.commands.table import CommandTable
    from hfshell.plugin_host import PluginHost

    plugins = PluginHost(third_party=not invocation.no_plugins)
    types = parameter_types(script, LineReader(CommandTable(plugins), plugins))
    print(script_help(script, types), end="")  # noqa: T201 - the one thing asked for
    return 0


def script_help(script: Script, types: Mapping[str, str]) -> str:
    """Return the help of a script: the comment at its top, then a line for each parameter.

    The comment behind a `param` line explains that parameter.

    Args:
        script: the script.
        types: what each parameter may be, in a word or two.
    """
    source = script.source
    usage = f"usage: hfshell {source.file}{' [NAME=VALUE …]' if script.parameters else ''}"
    parts = [[usage], _leading_comment(source.text), _parameters(script, types)]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _leading_comment(text: str) -> list[str]:
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith("#!"):
            continue
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("#").strip())
    return lines


def _parameters(script: Script, types: Mapping[str, str]) -> list[str]:
    if not script.parameters:
        return ["It has no parameters."]
    rows = [
        (_declaration(parameter), types[parameter.name.text], _comment(script.source, parameter))
        for parameter in script.parameters
    ]
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    lines = (f"  {declared:{first}}  {kind:{second}}  {text}".rstrip() for declared, kind, text in rows)
    return ["parameters:", *lines]


def _declaration(parameter: Parameter) -> str:
    if parameter.default is None:
        return f"{parameter.name.text}=…  (must be given)"
    return f"{parameter.name.text}={format_word(parameter.default)}"


def _comment(source: Source, parameter: Parameter) -> str:
    for statement in lex(source.text).statements:
        if statement and statement[0].start == parameter.start and statement[-1].kind == "comment":
            return source.text[statement[-1].start : statement[-1].end].lstrip("#").strip()
    return ""
