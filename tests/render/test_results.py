"""What holds for every result on every screen."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar

import pyte
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from hfshell.api import results
from hfshell.api.guards import Guard
from hfshell.api.results import Message, Result
from hfshell.render.results import _RENDERERS, render, show
from tests.render.screens import pipe, terminal, text_of, unsafe_characters, without_colours, written
from tests.render.strategies import fill, filled

KINDS = sorted(_RENDERERS, key=lambda kind: kind.kind)
WIDTHS = (40, 80, 140)
any_result = st.sampled_from(KINDS).flatmap(filled)
thorough = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_every_kind_has_its_screen() -> None:
    """A new result type does not fall back to names and values by oversight."""
    offered = (getattr(results, name) for name in results.__all__)
    known = {item for item in offered if isinstance(item, type) and issubclass(item, Result)} - {Result}
    assert known
    assert known <= set(_RENDERERS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
@thorough
@given(st.data())
def test_no_string_of_a_result_steers_the_terminal(kind: type[Result], data: st.DataObject) -> None:
    """Control sequences in any field of any result are visible text, with colours and without."""
    result = data.draw(filled(kind))
    for console in (pipe(), terminal()):
        show(console, result)
        assert not unsafe_characters(without_colours(written(console)))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
@thorough
@given(st.data())
def test_no_line_is_wider_than_the_screen(kind: type[Result], data: st.DataObject) -> None:
    """At 40, 80 and 140 columns nothing is broken by the terminal's own wrapping."""
    result = data.draw(filled(kind))
    for width in WIDTHS:
        for plain in (True, False):
            lines = text_of(result, width, plain=plain).splitlines()
            assert max((cell_len(line) for line in lines), default=0) <= width


@thorough
@given(any_result)
def test_plain_output_has_no_escape_sequence(result: Result) -> None:
    """A pipe, a terminal with NO_COLOR and a dumb one get text alone."""
    for console in (pipe(), terminal(NO_COLOR="1"), terminal(TERM="dumb")):
        show(console, result)
        assert "\x1b" not in written(console)


@thorough
@given(any_result)
def test_a_real_terminal_stays_as_it_was(result: Result) -> None:
    """A terminal emulator's title, modes and colours are the same after any result."""
    console = terminal(width=80)
    show(console, result)
    screen = pyte.Screen(80, 500)
    modes = set(screen.mode)
    stream = pyte.Stream(screen)
    stream.feed(written(console).replace("\n", "\r\n"))
    assert screen.title == ""
    assert set(screen.mode) == modes
    assert screen.cursor.x == 0
    assert screen.cursor.attrs == pyte.Screen(80, 2).cursor.attrs


def test_markup_in_a_label_is_text() -> None:
    """A label called [/foo] is shown, and neither crashes nor vanishes."""
    rows = ([results.LabelScore("[/foo]", 0.9), results.LabelScore("[bold]x[/bold]", 0.1)],)
    shown = text_of(
        results.PredictionResult(model="m", task="t", rows=rows, inputs=(":smile:",), seconds=0.1)
    )
    assert "[/foo]" in shown
    assert "[bold]x[/bold]" in shown


def test_guards_stand_below_every_result() -> None:
    """A warning is never lost because of the kind of result it belongs to."""
    guard = Guard("truncation", "warn", "12 rows were cut", hint="--max-length 256", count=12)
    shown = text_of(results.Value(name="lr", value="1", guards=(guard,)))
    assert "truncation" in shown
    assert "12 rows were cut" in shown
    assert "--max-length 256" in shown


@dataclass(frozen=True, kw_only=True)
class Clusters(Result):
    """A result type that render does not know."""

    kind: ClassVar[str] = "clusters"
    groups: tuple[Any, ...]
    spread: float
    note: str | None = None


def test_an_unknown_kind_is_shown_with_all_its_values() -> None:
    """A plugin's own result is readable without a renderer."""
    groups = ({"name": "north", "terms": ["snow", "ice"]}, {"name": "south", "terms": []})
    shown = text_of(Clusters(groups=groups, spread=12.345678))
    for fact in ("clusters", "north", "snow, ice", "south", "12.35", "spread"):
        assert fact in shown


def test_echoed_words_are_exact_in_a_pipe() -> None:
    """`echo` in a script writes what it was given: no margin, no wrapping."""
    line = "x" * 300
    console = pipe()
    show(console, Message(lines=(line, "  two")))
    assert written(console) == f"{line}\n  two\n"


def test_no_line_ends_in_blanks() -> None:
    """What is copied from the screen carries no invisible tail."""
    for kind in KINDS:
        shown = text_of(fill(kind, Random(7)), plain=True)
        assert all(line == line.rstrip(" ") for line in shown.split("\n"))


def test_render_returns_something_rich_prints() -> None:
    """The renderable may be put into other renderables."""
    assert "lr = 2" in text_of(render(results.Value(name="lr", value="2"), width=80))
