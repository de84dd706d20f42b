"""The consoles that results and progress are written to."""

from __future__ import annotations

import codecs
import io
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.theme import Theme

from hfshell.render.safe_text import safe_text

if TYPE_CHECKING:
    from typing import IO, TextIO

    from rich.text import Text

# Meanings, in the sixteen colours that every terminal theme defines to be readable on its own background.
THEME = Theme(
    {
        "name": "bold",
        "number": "bold",
        "number.good": "bold green",
        "number.warn": "bold yellow",
        "good": "green",
        "warn": "yellow",
        "bad": "red",
        "error": "bold red",
        "refused": "bold yellow",
        "dim": "dim",
        "command": "cyan",
        "bar": "cyan",
        "track": "dim",
        "option": "cyan",
        "heading": "bold",
        "mark": "bold",
        "mark.0": "bold cyan",
        "mark.1": "bold magenta",
        "mark.2": "bold green",
        "mark.3": "bold blue",
        "mark.4": "bold yellow",
    }
)


class SafeConsole(Console):
    """A console that prints a plain `str` literally and makes it safe first.

    Attributes:
        plain: whether it is written to in words and ASCII alone, line after line, without redrawing.
    """

    plain: bool

    def __init__(self, *, plain: bool, **options: Any) -> None:
        super().__init__(theme=THEME, markup=False, highlight=False, emoji=False, **options)
        self.plain = plain

    def render_str(self, text: str, **options: Any) -> Text:
        """Turn a string into text; called by rich for every string printed or put into a table."""
        return super().render_str(safe_text(text), **options)

    def on_broken_pipe(self) -> None:
        """Let the program end as others do (141) when whoever read has gone; rich exits with 1."""
        self.quiet = True
        raise BrokenPipeError


@dataclass(frozen=True)
class Consoles:
    """Where results go (stdout), and where progress, notes and errors go (stderr)."""

    results: SafeConsole
    progress: SafeConsole


def make_consoles(
    stdout: TextIO, stderr: TextIO, *, plain: bool = False, environ: Mapping[str, str] = os.environ
) -> Consoles:
    """Return the two consoles of a process."""
    return Consoles(
        results=make_console(stdout, plain=plain, environ=environ),
        progress=make_console(stderr, plain=plain, environ=environ),
    )


def make_console(
    stream: TextIO,
    *,
    plain: bool = False,
    width: int | None = None,
    record: bool = False,
    environ: Mapping[str, str] = os.environ,
) -> SafeConsole:
    """Return a console for a stream.

    It is plain, and writes no escape sequence at all, when that is asked for, when the stream is no terminal,
    when NO_COLOR is set (https://no-color.org), when TERM is `dumb`, and when the encoding lacks our signs.
    FORCE_COLOR (https://force-color.org) makes a pipe count as a terminal that colours.

    Args:
        stream: stdout, stderr, or anything like them.
        plain: for screen readers.
        width: in cells; the terminal's without it.
        record: keep what is printed, for exports.
        environ: the environment.
    """
    plain = plain or not _is_terminal(stream, environ) or _refuses(environ) or not _is_unicode(stream)
    _write_out_what_cannot_be_encoded(stream)
    return SafeConsole(
        plain=plain,
        file=stream,
        width=width,
        record=record,
        no_color=plain,
        color_system=None if plain else "auto",
        force_terminal=not plain,
        legacy_windows=False,
        _environ=environ,
    )


def _is_terminal(stream: TextIO, environ: Mapping[str, str]) -> bool:
    return bool(environ.get("FORCE_COLOR")) or is_tty(stream)


def is_tty(stream: IO[str]) -> bool:
    """Return whether a stream is a terminal, where lines can be drawn again; a closed one is none."""
    try:
        return stream.isatty()
    except ValueError:
        return False


def _refuses(environ: Mapping[str, str]) -> bool:
    return bool(environ.get("NO_COLOR")) or environ.get("TERM", "").lower() in ("dumb", "unknown")


def _is_unicode(stream: TextIO) -> bool:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return codecs.lookup(encoding).name.startswith("utf")


def _write_out_what_cannot_be_encoded(stream: TextIO) -> None:
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
