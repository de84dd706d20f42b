"""What tests look at: a result as the text of a screen, and which characters must not be on it."""

from __future__ import annotations

import io
import re
import unicodedata
from typing import TYPE_CHECKING

from hfshell.api.results import Result
from hfshell.render.console import SafeConsole, make_console
from hfshell.render.results import render

if TYPE_CHECKING:
    from rich.console import RenderableType

TERMINAL = {"TERM": "xterm-256color"}
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def terminal(width: int = 80, **environ: str) -> SafeConsole:
    """A console that writes to a terminal."""
    return make_console(Terminal(), width=width, environ=TERMINAL | environ)


def pipe(width: int = 80) -> SafeConsole:
    """A console that writes to a pipe."""
    return make_console(io.StringIO(), width=width, environ={})


def written(console: SafeConsole) -> str:
    """Everything that was written to a console."""
    stream = console.file
    assert isinstance(stream, io.StringIO)
    return stream.getvalue()


def text_of(shown: Result | RenderableType, width: int = 80, *, plain: bool = False) -> str:
    """A result, or anything rich can print, as plain text."""
    console = pipe(width) if plain else terminal(width)
    console.print(render(shown, width=width, plain=plain) if isinstance(shown, Result) else shown)
    return without_colours(written(console))


def without_colours(text: str) -> str:
    """Text without the sequences that set colours; any other sequence stays."""
    return _COLOURS.sub("", text)


def unsafe_characters(text: str) -> set[str]:
    """Characters that can steer a terminal or deceive a reader, by Unicode's own categories."""
    return {character for character in set(text) if _is_unsafe(character)}


def _is_unsafe(character: str) -> bool:
    if character in "\n\t":
        return False
    if unicodedata.category(character) in ("Cc", "Cs"):
        return True
    if 0xE0000 <= ord(character) <= 0xE007F:
        return True
    return unicodedata.bidirectional(character) in {
        "LRE",
        "RLE",
        "LRO",
        "RLO",
        "PDF",
        "LRI",
        "RLI",
        "FSI",
        "PDI",
    }
