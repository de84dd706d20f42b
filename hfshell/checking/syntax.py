"""Syntax errors, all of them: a line that is not the language is taken out, and the others are read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hfshell.errors import SyntaxFault
from hfshell.language import is_incomplete, parse_source

if TYPE_CHECKING:
    from hfshell.language import Script, Source

_MOST = 50
"""More errors than this are of a file that is no script."""


def parse_as_far(source: Source) -> tuple[Script, tuple[SyntaxFault, ...]]:
    """Parse what of a source is the language.

    Behind a quote or a heredoc that is left open, or a line whose end nobody can tell, nothing is read: where
    the next line begins is not known there.

    Args:
        source: the text, and where it comes from.

    Returns:
        The script without its faulty lines, all else in its place; and what is wrong, in the order found.
    """
    faults: list[SyntaxFault] = []
    text = source.text
    while True:
        try:
            return parse_source(replace(source, text=text)), tuple(faults)
        except SyntaxFault as fault:
            faults.append(fault)
            left = _without_faulty_line(text, fault, source, stop=len(faults) >= _MOST)
            text = left if left != text else " " * len(text)


def _without_faulty_line(text: str, fault: SyntaxFault, source: Source, *, stop: bool) -> str:
    """Blank the line of a fault; from there on all of it where what follows cannot be told from it."""
    lines = text.split("\n")
    number = fault.place.line if fault.place is not None and fault.place.line else source.line
    first = number - source.line
    while first and lines[first - 1].rstrip("\r").endswith("\\"):
        first -= 1
    last = number - source.line
    while last + 1 < len(lines) and lines[last].rstrip("\r").endswith("\\"):
        last += 1
    whole = "\n".join(lines[first : last + 1])
    if stop or not whole.strip() or "<<" in whole or is_incomplete(whole):
        last = len(lines) - 1
    blanked = [" " * len(line) for line in lines[first : last + 1]]
    return "\n".join([*lines[:first], *blanked, *lines[last + 1 :]])
