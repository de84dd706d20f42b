"""What docstrings say of a class's attributes, in the style of Google: `name, name: text`."""

from __future__ import annotations

import inspect
import re

_ENTRY = re.compile(r"(?P<names>\w+(?:, \w+)*): (?P<text>.*)")
_SECTION = re.compile(r"\w+:$")


def attributes(kind: type) -> dict[str, str]:
    """Return the meaning of each attribute, its own and those of the classes that it comes from."""
    found: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        if base.__module__.startswith("hfshell"):
            found |= _parsed(inspect.cleandoc(base.__doc__ or ""))
    return found


def summary(owner: object) -> str:
    """Return the paragraphs of a docstring up to its first section, as one line each."""
    kept: list[str] = []
    for paragraph in inspect.cleandoc(getattr(owner, "__doc__", None) or "").split("\n\n"):
        lines = paragraph.splitlines()
        if lines and (_SECTION.match(lines[0]) or lines[0].startswith("Example")):
            break
        kept.append(" ".join(lines))
    return "\n\n".join(kept)


def _parsed(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    names: list[str] = []
    for line in _section(text):
        entry = _ENTRY.match(line)
        if entry and not line.startswith(" "):
            names = entry["names"].split(", ")
            found |= dict.fromkeys(names, entry["text"])
        else:
            found |= {name: f"{found[name]} {line.strip()}" for name in names}
    return found


def _section(text: str) -> list[str]:
    """Return the lines under `Attributes:`, without their indent."""
    _, head, rest = text.partition("\nAttributes:\n")
    lines = []
    for line in rest.splitlines() if head else ():
        if line and not line.startswith("    "):
            break
        if line.strip():
            lines.append(line[4:])
    return lines
