"""The consoles that results and progress are written to."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.theme import Theme

from hfshell.render.palette import PALETTES, palette_name
from hfshell.render.safe_text import safe_text
from hfshell.render.unicode_signs import shows_unicode

if TYPE_CHECKING:
    from typing import IO, TextIO

    from rich.text import Text


class SafeConsole(Console):
    """A console that prints a plain `str` literally and makes it safe first.

    Attributes:
        plain: whether it is written to in words and ASCII alone, line after line, without redrawing.
    """

    plain: bool

    def __init__(self, *, plain: bool, theme: Theme, **options: Any) -> None:
        super().__init__(theme=theme, markup=False, highlight=False, emoji=False, **options)
        self.plain = plain

    def change_theme(self, theme: Theme) -> None:
        """Use other colours from now on."""
        self.push_theme(theme, inherit=False)

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

    def change_theme(self, theme: str) -> None:
        """Use the colours of a theme, `auto`, `dark` or `light`, from now on."""
        for console in (self.results, self.progress):
            console.change_theme(make_theme(theme))


def make_consoles(
    stdout: TextIO,
    stderr: TextIO,
    *,
    plain: bool = False,
    theme: str = "auto",
    environ: Mapping[str, str] = os.environ,
) -> Consoles:
    """Return the two consoles of a process."""
    return Consoles(
        results=make_console(stdout, plain=plain, theme=theme, environ=environ),
        progress=make_console(stderr, plain=plain, theme=theme, environ=environ),
    )


def make_console(
    stream: TextIO,
    *,
    plain: bool = False,
    width: int | None = None,
    record: bool = False,
    theme: str = "auto",
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
        theme: `auto`, `dark` or `light`.
        environ: the environment.
    """
    plain = (
        plain or not _is_terminal(stream, environ) or _refuses(environ) or not shows_unicode(stream, environ)
    )
    _write_out_what_cannot_be_encoded(stream)
    return SafeConsole(
        plain=plain,
        theme=make_theme(theme, environ),
        file=stream,
        width=width,
        record=record,
        no_color=plain,
        color_system=None if plain else "auto",
        force_terminal=not plain,
        legacy_windows=False,
        _environ=environ,
    )


def make_theme(theme: str, environ: Mapping[str, str] = os.environ) -> Theme:
    """Return styles by meaning, in the colours of a theme."""
    colours = PALETTES[palette_name(theme, environ)]
    quiet = colours.quiet or "dim"
    marks = {f"mark.{place}": f"bold {colour}" for place, colour in enumerate(colours.marks)}
    return Theme(
        {
            "name": "bold",
            "number": "bold",
            "number.good": f"bold {colours.good}",
            "number.warn": f"bold {colours.warn}",
            "good": colours.good,
            "warn": colours.warn,
            "bad": colours.bad,
            "error": f"bold {colours.bad}",
            "refused": f"bold {colours.warn}",
            "dim": quiet,
            "command": colours.accent,
            "bar": colours.accent,
            "track": quiet,
            "option": colours.accent,
            "heading": "bold",
            "code.word": f"bold {colours.accent}",
            "code.text": colours.text,
            "code.number": colours.reference,
            "mark": "bold",
            **marks,
        }
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


def _write_out_what_cannot_be_encoded(stream: TextIO) -> None:
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
