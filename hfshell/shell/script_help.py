"""`hfshell FILE --help`: what a script says of itself, and its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfshell.language import format_word, lex

if TYPE_CHECKING:
    from hfshell.language import Parameter, Script, Source


def script_help(script: Script) -> str:
    """Return the help of a script: the comment at its top, then a line for each parameter.

    The comment behind a `param` line explains that parameter.
    """
    source = script.source
    usage = f"usage: hfshell {source.file}{' [NAME=VALUE …]' if script.parameters else ''}"
    parts = [[usage], _leading_comment(source.text), _parameters(script)]
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


def _parameters(script: Script) -> list[str]:
    if not script.parameters:
        return ["It has no parameters."]
    rows = [(_declaration(parameter), _comment(script.source, parameter)) for parameter in script.parameters]
    width = max(len(declaration) for declaration, _ in rows)
    return ["parameters:", *(f"  {declaration:{width}}  {text}".rstrip() for declaration, text in rows)]


def _declaration(parameter: Parameter) -> str:
    if parameter.default is None:
        return f"{parameter.name.text}=…  (must be given)"
    return f"{parameter.name.text}={format_word(parameter.default)}"


def _comment(source: Source, parameter: Parameter) -> str:
    for statement in lex(source.text).statements:
        if statement and statement[0].start == parameter.start and statement[-1].kind == "comment":
            return source.text[statement[-1].start : statement[-1].end].lstrip("#").strip()
    return ""
