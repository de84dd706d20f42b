"""Consoles: when colours are used, and what a string may do."""

from __future__ import annotations

import io

import pytest

from hfshell.api.results import Expectation
from hfshell.render.console import make_console, make_consoles
from hfshell.render.results import show
from tests.render.screens import TERMINAL, Terminal, terminal, written

HELD = Expectation(left="ev.accuracy", operator=">=", right="0.85", actual="0.917")


def test_a_terminal_gets_colours() -> None:
    """The tests below would prove nothing if there never were any."""
    console = terminal()
    show(console, HELD)
    assert not console.plain
    assert "\x1b[" in written(console)


@pytest.mark.parametrize(
    ("stream", "environ"),
    [
        (io.StringIO, TERMINAL),
        (Terminal, TERMINAL | {"NO_COLOR": "1"}),
        (Terminal, {"TERM": "dumb"}),
        (Terminal, TERMINAL | {"LC_ALL": "C"}),
        (io.StringIO, TERMINAL | {"NO_COLOR": "1", "FORCE_COLOR": "1"}),
    ],
)
def test_plain_where_colours_are_not_wanted(stream: type[io.StringIO], environ: dict[str, str]) -> None:
    """A pipe, NO_COLOR, a dumb terminal, LC_ALL=C; NO_COLOR wins over FORCE_COLOR."""
    console = make_console(stream(), environ=environ)
    show(console, HELD)
    assert console.plain
    assert "\x1b" not in written(console)


def test_plain_when_asked() -> None:
    """A screen reader's user asks for it on a terminal that could do more."""
    assert make_console(Terminal(), plain=True, environ=TERMINAL).plain


def test_force_color_colours_a_pipe() -> None:
    """CI systems that show colours say so."""
    console = make_console(io.StringIO(), environ=TERMINAL | {"FORCE_COLOR": "1"})
    show(console, HELD)
    assert "\x1b[" in written(console)


def test_an_empty_no_color_means_nothing() -> None:
    """https://no-color.org: only when it is not empty."""
    assert not make_console(Terminal(), environ=TERMINAL | {"NO_COLOR": ""}).plain


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_nothing_fails_to_encode(encoding: str) -> None:
    """Signs fall back to ASCII where the encoding lacks them, and people's text is written out."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    console = make_console(stream, environ={})
    show(console, Expectation(left="日本", operator="==", right="é\ud800", actual="日本"))
    stream.flush()
    shown = raw.getvalue().decode(encoding)
    assert "日本" in shown or r"\u65e5\u672c" in shown
    assert shown.strip().startswith("ok")


def test_plain_strings_are_literal_and_safe() -> None:
    """A string that anybody prints is neither markup nor an escape sequence."""
    console = terminal(NO_COLOR="1")
    console.print("[bold]x[/bold] :smile: [/no] \x1b]0;t\x07 127.0.0.1")
    assert written(console) == "[bold]x[/bold] :smile: [/no] \\x1b]0;t\\x07 127.0.0.1\n"


def test_results_and_progress_go_different_ways() -> None:
    """A pipe behind the results gets no progress."""
    stdout, stderr = io.StringIO(), Terminal()
    consoles = make_consoles(stdout, stderr, environ=TERMINAL)
    assert consoles.results.file is stdout
    assert consoles.results.plain
    assert consoles.progress.file is stderr
    assert not consoles.progress.plain


def test_a_closed_stream_is_no_terminal() -> None:
    """A program started without stderr does not fail for it."""
    stream = io.StringIO()
    stream.close()
    assert make_console(stream, environ={}).plain


def test_a_reader_that_left_is_told_to_the_program() -> None:
    """`| head` ends hfshell as it ends others: rich's own exit would leave the code 1, a failure."""

    class Gone(io.StringIO):
        def write(self, _text: str) -> int:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        make_console(Gone(), environ={}).print("x")
