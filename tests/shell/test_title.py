"""The terminal's title and bell: only on a terminal, and never more than they should say."""

from __future__ import annotations

import io

import pytest

from hfshell.api.events import CommandFinished, CommandStarted
from hfshell.errors import UsageError
from hfshell.shell.bell import Bell
from hfshell.shell.title import Title

XTERM = {"TERM": "xterm-256color"}


class Screen(io.StringIO):
    """A terminal that remembers what was written to it."""

    def isatty(self) -> bool:
        return True


def started(command: str, name: str | None = None, text: str = "", file: str = "<prompt>") -> CommandStarted:
    """A line that began."""
    return CommandStarted(command, name, text, file, 1)


def titles(screen: Screen) -> list[str]:
    """The titles that were set, in order."""
    return [piece.partition("\x07")[0] for piece in screen.getvalue().split("\x1b]2;")[1:]]


def test_the_title_says_what_runs() -> None:
    """The command and the name that it binds; what else the line says may be private."""
    screen = Screen()
    title = Title(screen, XTERM)
    title.idle()
    title.hear(started("finetune", "router", "router = finetune base secret.csv --hf-token=abc"))
    title.hear(started("models"))
    title.idle()
    assert titles(screen) == ["hfshell", "finetune router · hfshell", "models · hfshell", "hfshell"]


def test_the_title_cannot_steer_the_terminal() -> None:
    """A command of a plugin may have any name."""
    screen = Screen()
    Title(screen, XTERM).hear(started("x\x07\x1b]2;evil\x1b\\\n", "n" * 500))
    (shown,) = titles(screen)
    assert "\x1b" not in shown
    assert len(shown) < 80


def test_the_old_title_comes_back() -> None:
    """It is put away before the first title, once, and fetched at the end."""
    screen = Screen()
    title = Title(screen, XTERM)
    title.restore()
    assert screen.getvalue() == ""
    title.idle()
    title.hear(started("models"))
    title.restore()
    assert screen.getvalue().count("\x1b[22;2t") == 1
    assert screen.getvalue().startswith("\x1b[22;2t")
    assert screen.getvalue().endswith("\x1b[23;2t")


@pytest.mark.parametrize("environ", [{"TERM": "dumb"}, {"TERM": "linux"}, {}])
def test_terminals_without_a_title_are_left_alone(environ: dict[str, str]) -> None:
    """They would show the title in the text."""
    screen = Screen()
    title = Title(screen, environ)
    title.idle()
    title.hear(started("models"))
    title.restore()
    assert screen.getvalue() == ""


def test_what_is_no_terminal_gets_no_title() -> None:
    """A pipe gets results alone."""
    pipe = io.StringIO()
    Title(pipe, XTERM).idle()
    assert pipe.getvalue() == ""


@pytest.mark.parametrize(
    ("seconds", "limit", "rings"), [((4, 7), 10, True), ((4, 5), 10, False), ((100,), None, False)]
)
def test_the_bell_rings_after_long_work(seconds: tuple[float, ...], limit: float | None, rings: bool) -> None:
    """Lines typed together count together, failed ones too; without a limit it never rings."""
    screen = Screen()
    bell = Bell(screen, "<prompt>")
    for number in seconds:
        bell.hear(CommandFinished(started("finetune"), number, error=UsageError("no")))
    assert bell.ring_after(limit) is rings
    assert screen.getvalue() == ("\a" if rings else "")
    assert bell.ring_after(1) is False


def test_lines_of_a_sourced_script_do_not_count_twice() -> None:
    """The line that sources them took as long as all of them."""
    bell = Bell(Screen(), "<prompt>")
    bell.hear(CommandFinished(started("finetune", file="inner.hfsh"), 50))
    assert bell.ring_after(10) is False


def test_no_bell_in_a_pipe() -> None:
    """A pipe gets results alone."""
    bell = Bell(io.StringIO(), "<prompt>")
    bell.hear(CommandFinished(started("finetune"), 50))
    assert bell.ring_after(10) is False
