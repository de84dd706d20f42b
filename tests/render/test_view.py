"""Views of plugins on the screen: what they say is there, whatever the width, with colours and without."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from hfshell.api.guards import Guard
from hfshell.api.results import Message, PredictionResult
from hfshell.api.view import Bar, Bars, Line, Span, Stack, Table, View
from hfshell.render.console import make_theme
from hfshell.render.results import render, show
from hfshell.render.spans import MARK_COLOURS, mark_colour
from tests.render.screens import pipe, terminal, unsafe_characters, without_colours, written
from tests.render.strategies import views

RESULT = PredictionResult(model="m", task="t", rows=("usual",), inputs=("x",), seconds=0.1)
SENTENCE = Line(
    (
        Span("Ada Lovelace", "mark", tag="PER"),
        " wrote to ",
        Span("Babbage", "mark", tag="PER"),
        " from ",
        Span("London", "mark", tag="LOC"),
        ".",
    )
)
SCORES = Table(
    ("name", "score", "n"),
    (("router", 0.917, 192), ("a much longer name of a model than the others", 0.5, 7), ("none", None, None)),
)
LABELS = Bars((Bar("billing", 0.94), Bar("refunds", 0.04)))


def screen(view: View, width: int = 80, *, plain: bool = False) -> list[str]:
    """The lines that a view takes, without colours."""
    console = pipe(width) if plain else terminal(width)
    show(console, RESULT, view)
    return without_colours(written(console)).splitlines()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(views, st.integers(20, 140), st.booleans())
def test_any_view_fits_any_screen(view: View, width: int, plain: bool) -> None:
    """Nothing is raised, nothing steers the terminal, no line is wider than it, and plain means plain."""
    console = pipe(width) if plain else terminal(width)
    show(console, RESULT, view)
    text = written(console)
    assert not unsafe_characters(without_colours(text))
    assert max((cell_len(line) for line in without_colours(text).splitlines()), default=0) <= width
    assert not plain or "\x1b" not in text


def test_a_view_stands_in_place_of_the_usual_body() -> None:
    """Without a view the result is shown as ever; with one, nothing of that is left."""
    console = pipe()
    show(console, RESULT)
    assert "usual" in written(console)
    assert screen(LABELS, plain=True) == ["  billing 0.94   refunds 0.04"]
    assert "usual" not in "".join(screen(LABELS))


def test_guards_stand_below_a_view() -> None:
    """A renderer of a plugin cannot hide a warning."""
    guarded = PredictionResult(
        model="m",
        task="t",
        rows=(),
        inputs=(),
        seconds=0.1,
        guards=(Guard("truncation", "warn", "12 rows were cut"),),
    )
    console = pipe()
    show(console, guarded, LABELS)
    assert "12 rows were cut" in written(console).splitlines()[-1]


def test_a_message_may_have_a_view_too() -> None:
    """A view of a message is shown, margin and all."""
    console = pipe()
    show(console, Message(lines=("usual",)), LABELS)
    assert written(console) == "  billing 0.94   refunds 0.04\n"


@pytest.mark.parametrize("plain", [True, False])
def test_marks_are_seen_without_colour(plain: bool) -> None:
    """Brackets and tags say what is marked, on every screen."""
    assert screen(SENTENCE, plain=plain) == ["  [Ada Lovelace]PER wrote to [Babbage]PER from [London]LOC."]


def test_other_styles_carry_their_tags() -> None:
    """A tag is never lost because its text is not marked."""
    assert screen(Line((Span("wrote", "name", tag="VERB"), " ", Span("to", tag="ADP")))) == [
        "  wrote/VERB to/ADP"
    ]


def test_a_tag_has_one_colour_and_the_usual_ones_differ() -> None:
    """The colour of a tag does not depend on the view, nor on the process; entities can be told apart."""
    assert [mark_colour(tag) for tag in ("PER", "ORG", "LOC", "MISC")] == [0, 2, 3, 4]
    assert {mark_colour(f"tag{number}") for number in range(50)} == set(range(MARK_COLOURS))
    assert all(f"mark.{number}" in make_theme("auto").styles for number in range(MARK_COLOURS))


def test_colours_are_the_tags() -> None:
    """On a terminal a mark has the style of its tag, and other spans that of their meaning."""
    console = terminal()
    line = Line((Span("Ada", "mark", tag="PER"), Span(" well", "good"), Span(" said")))
    styles = {
        segment.text.strip(): segment.style for segment in console.render(render(RESULT, width=80, view=line))
    }
    assert styles["Ada"] == styles["PER"] == console.get_style(f"mark.{mark_colour('PER')}")
    assert styles["well"] == console.get_style("good")
    assert styles["said"] != styles["well"]


def test_lines_break_between_words() -> None:
    """A long line goes on below, within the margin."""
    assert screen(SENTENCE, 30) == ["  [Ada Lovelace]PER wrote to", "  [Babbage]PER from", "  [London]LOC."]


def test_numbers_of_a_column_line_up() -> None:
    """They stand to the right with equally many decimals; whole numbers as they are; None is absent."""
    heading, first, second, none = screen(SCORES)
    assert heading.index("score") + 5 == first.index("0.917") + 5 == second.index("0.500") + 5
    assert first.endswith("  192")
    assert second.endswith("    7")
    assert none.split() == ["none", "—", "—"]


def test_spans_that_are_numbers_stand_to_the_right() -> None:
    """A number with a meaning is still a number; a text among numbers is none."""
    table = Table(("share",), ((Span("12 %", "bad"),), (Span("3 %", "good"),), ("much",)))
    assert screen(table) == ["  share", "   12 %", "    3 %", "  much"]


def test_truth_values_are_words() -> None:
    """True is no 1."""
    assert screen(Table((), ((True, 1), (False, 0)))) == ["  yes  1", "  no   0"]


def test_a_table_without_a_header_or_rows() -> None:
    """An empty `columns` leaves no blank line; headings alone are still said."""
    assert screen(Table((), (("a", "b"),))) == ["  a  b"]
    assert screen(Table(("one", "two"), ())) == ["  one  two"]


def test_long_texts_wrap_inside_their_column() -> None:
    """At a width where only the text is too long, the numbers stay whole."""
    lines = screen(SCORES, 40)
    assert lines[2].split()[-2:] == ["0.500", "7"]
    assert all("0.500" in line or "score" not in line for line in lines[2:])
    assert "others" in " ".join(lines[3:])


def test_a_table_that_cannot_fit_becomes_records() -> None:
    """With more columns than the screen takes, each cell stands beside its heading, rows apart."""
    headings = tuple(f"column{number}" for number in range(6))
    table = Table(headings, (tuple(range(6)), tuple(range(6, 12))))
    lines = screen(table, 30)
    assert lines[0].split() == ["column0", "0"]
    assert lines[5].split() == ["column5", "5"]
    assert lines[6] == ""
    assert lines[7].split() == ["column0", "6"]
    assert len(lines) == 13


def test_wide_characters_are_measured() -> None:
    """Two-cell characters move the next column by two cells each."""
    table = Table(("word", "n"), (("日本語", "x"), ("abcdef", "y")))
    lines = screen(table)
    assert [cell_len(line[: line.index(mark)]) for line, mark in zip(lines[1:], "xy", strict=True)] == [
        10,
        10,
    ]


def test_bars_keep_their_proportion() -> None:
    """A bar is drawn in proportion to the maximum, with as many decimals as its numbers need."""
    bars = Bars((Bar("first", 1000.0), Bar("half", 500.0), Bar("not known", None)), maximum=1000)
    lines = screen(bars, 40)
    lengths = [line.count("█") for line in lines]
    assert lengths[0] == 2 * lengths[1] > 0
    assert lengths[2] == 0
    assert [line.split()[-1] for line in lines] == ["1,000", "500", "—"]


def test_the_number_of_a_bar_is_never_cut() -> None:
    """On the narrowest screen a label gives way, its number does not."""
    bars = Bars((Bar("a label of many words that is long", 0.94), Bar("other", 0.04)))
    assert [line.split()[-1] for line in screen(bars, 20)] == ["0.94", "0.04"]


def test_stacks_keep_their_order() -> None:
    """Views stand below each other as they were given."""
    lines = screen(Stack((Line(("one",)), Stack((Line(("two",)), LABELS)), Line(()), Line(("three",)))))
    assert [line.split()[:1] for line in lines] == [["one"], ["two"], ["billing"], [], ["three"]]
