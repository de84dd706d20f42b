"""A reply on the screen: what stands there in the end is the whole, and nothing else is left."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.text import Text

from hfshell.render.console import SafeConsole, make_console
from hfshell.render.streaming.display import MARGIN, ReplyDisplay
from tests.render.streaming.documents import DOCUMENT, shown

WIDTH = 60


class Terminal(io.StringIO):
    """What a terminal is told, and what then stands on it."""

    def isatty(self) -> bool:
        """It is one."""
        return True

    @property
    def lines(self) -> list[str]:
        """What stands there, without what is empty at the end."""
        screen = pyte.Screen(WIDTH, 1000)
        pyte.Stream(screen).feed(self.getvalue().replace("\n", "\r\n"))
        return "\n".join(line.rstrip() for line in screen.display).rstrip().split("\n")


def terminal(**environ: str) -> SafeConsole:
    """A console on a terminal."""
    return make_console(Terminal(), width=WIDTH, environ={"TERM": "xterm", **environ})


def display(console: SafeConsole, pieces: Sequence[str], *, seconds: float = 1.0) -> ReplyDisplay:
    """Show pieces that come so many seconds apart."""
    now = [0.0]
    made = ReplyDisplay(console, clock=lambda: now[0])
    for piece in pieces:
        now[0] += seconds
        made.add(piece)
    made.close()
    return made


@settings(deadline=None, max_examples=30)
@given(DOCUMENT, st.lists(st.integers(0, 3000), max_size=30))
def test_screen_ends_with_the_whole(document: str, cuts: list[int]) -> None:
    """However often what was open was drawn again, each line stands there once."""
    places = sorted({cut % (len(document) + 1) for cut in cuts})
    console = terminal()
    display(console, [document[a:b] for a, b in zip([0, *places], [*places, None], strict=True)])
    whole = [(" " * MARGIN + line).rstrip() for line in shown(document.strip(), (), WIDTH - 2 * MARGIN)]
    assert isinstance(console.file, Terminal)
    assert console.file.lines == "\n".join(whole).rstrip().split("\n")


def test_what_is_open_is_never_taller_than_the_screen() -> None:
    """Else it could not be taken back: the top would be left standing, again and again."""
    console = terminal()
    console._height = 10
    table = "| a | b |\n|---|---|\n" + "".join(f"| row {number} | x |\n" for number in range(40))
    display(console, [table[start : start + 20] for start in range(0, len(table), 20)])
    assert isinstance(console.file, Terminal)
    assert sum("row 7 " in line for line in console.file.lines) == 1


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_plain_screen_gets_the_text_as_it_comes(environ: dict[str, str]) -> None:
    """No Markdown, no redrawing, no control characters; white space around the reply is left out."""
    console = terminal(**environ)
    display(console, ["  \n**bo", "ld** \x1b[31m and\n", "\n- item", "\n\n "])
    assert isinstance(console.file, Terminal)
    assert console.file.getvalue() == "**bold** \\x1b[31m and\n\n- item\n"


def test_pieces_are_not_all_drawn() -> None:
    """A thousand of them in a second are a dozen redraws."""
    console = terminal()
    display(console, ["word "] * 1000, seconds=0.001)
    assert isinstance(console.file, Terminal)
    assert len(console.file.getvalue()) < 60_000
    assert sum(line.count("word") for line in console.file.lines) == 1000


def test_what_is_said_meanwhile_stands_above() -> None:
    """And what is open goes on below it."""
    console = terminal()
    made = ReplyDisplay(console, between=0)
    made.add("one two")
    made.above(Text("stopping"), console)
    made.add(" three")
    made.close()
    assert isinstance(console.file, Terminal)
    assert console.file.lines == ["stopping", "  one two three"]


def test_pipe_gets_results_alone() -> None:
    """What is said meanwhile goes to the other console, in the midst of a line too."""
    results = make_console(io.StringIO())
    progress = make_console(io.StringIO())
    made = ReplyDisplay(results, between=0)
    made.add("one ")
    made.add("two")
    made.above(Text("stopping"), progress)
    made.add(" three")
    made.close()
    assert isinstance(results.file, io.StringIO)
    assert isinstance(progress.file, io.StringIO)
    assert results.file.getvalue() == "one two three\n"
    assert progress.file.getvalue() == "stopping\n"
    assert made.text == "one two three"
