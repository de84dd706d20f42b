"""Long results open in a pager, and only where somebody can use one."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hfshell.render.console import SafeConsole, make_console
from hfshell.shell.pager import Pager

LONG = "\n".join(f"line {number}" for number in range(60))


class Screen(io.StringIO):
    """A terminal of 24 lines."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str | None]:
    """A pager that writes what it is given to a file; returns that."""
    monkeypatch.setattr(sys, "stdin", Screen())
    kept = tmp_path / "kept"
    program = tmp_path / "page"
    program.write_text(f'#!/bin/sh\n{{ cat; echo "LESS=$LESS"; echo "LESSSECURE=$LESSSECURE"; }} > {kept}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PAGER", f"{program} -x")
    return lambda: kept.read_text() if kept.exists() else None


def console(stream: io.StringIO, *, plain: bool = False, **environ: str) -> SafeConsole:
    """A console of 80 columns and 24 lines."""
    variables = {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24", **environ}
    return make_console(stream, plain=plain, environ=variables)


def show(
    stream: io.StringIO, text: str = LONG, *, wanted: bool = True, plain: bool = False, **environ: str
) -> str:
    """Show a text; return what reached the screen itself."""
    screen = console(stream, plain=plain, **environ)
    Pager(lambda: wanted).show(screen, lambda: screen.print(text, style="bold"))
    return stream.getvalue()


def test_what_is_longer_than_the_screen_is_paged(pages: Callable[[], str | None]) -> None:
    """All of it, with its colours; `less` is told to pass them on."""
    assert show(Screen()) == ""
    kept = pages()
    assert kept is not None
    assert "line 0" in kept
    assert "line 59" in kept
    assert "\x1b[1m" in kept
    assert kept.endswith("LESS=-F -X -R\nLESSSECURE=1\n")


def test_what_the_user_wants_of_less_stays(
    pages: Callable[[], str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """LESS is added to, and not replaced."""
    monkeypatch.setenv("LESS", "-S")
    show(Screen())
    assert (pages() or "").endswith("LESS=-S -R\nLESSSECURE=1\n")


def test_lines_that_wrap_count_as_often_as_they_wrap(pages: Callable[[], str | None]) -> None:
    """Ten lines of 400 characters do not fit."""
    screen = console(Screen())
    Pager(lambda: True).show(screen, lambda: screen.print("\n".join(["x" * 400] * 10), soft_wrap=True))
    assert pages() is not None


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("short", {}),
        ("\n".join("x" * 21), {}),
        (LONG, {"wanted": False}),
        (LONG, {"plain": True}),
        (LONG, {"TERM": "dumb"}),
        (LONG, {"NO_COLOR": "1"}),
    ],
)
def test_nothing_else_is_paged(
    pages: Callable[[], str | None], text: str, options: dict[str, object]
) -> None:
    """What fits, what nobody wants paged, what is read aloud."""
    shown = show(Screen(), text, **options)  # type: ignore[arg-type] # of several types
    assert text.splitlines()[-1] in shown
    assert pages() is None


def test_a_pipe_is_never_paged(pages: Callable[[], str | None]) -> None:
    """Whoever reads a pipe is no person."""
    assert "line 59" in show(io.StringIO(), FORCE_COLOR="1")
    assert pages() is None


@pytest.mark.parametrize("program", ["", "no-such-pager-anywhere", "'unclosed", "/dev/null"])
def test_without_a_pager_all_is_printed(
    pages: Callable[[], str | None], monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    """A setting of the environment that does not work costs nobody the result."""
    monkeypatch.setenv("PAGER", program)
    assert "line 59" in show(Screen())
    assert pages() is None


def test_a_pager_that_is_left_early(pages: Callable[[], str | None], monkeypatch: pytest.MonkeyPatch) -> None:
    """`q` after the first page is the usual way to read."""
    monkeypatch.setenv("PAGER", "true")
    assert show(Screen(), "\n".join(["x" * 70] * 20_000)) == ""
    assert pages() is None
