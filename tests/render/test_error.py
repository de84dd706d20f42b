"""An error says what, where, and what to do; the caret stands under what is meant."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from hfshell.errors import (
    DataError,
    ExpectationFailed,
    HfshellError,
    Interrupted,
    ModelError,
    Place,
    Refused,
    UsageError,
)
from hfshell.render.error import render_error
from hfshell.render.results import show_error
from tests.render.screens import pipe, terminal, text_of, unsafe_characters, without_colours, written
from tests.render.strategies import filled, texts

LINE = "finetune base reviews --epoch 3"


def lines_of(error: HfshellError, width: int = 80, *, plain: bool = False) -> list[str]:
    """The lines of an error on a screen."""
    return text_of(render_error(error, width=width, plain=plain), width, plain=plain).splitlines()


def cut(line: str, start: int, cells: int) -> str:
    """The part of a line that takes up these cells."""
    place, part = 0, ""
    for character in line:
        if start <= place < start + cells:
            part += character
        place += cell_len(character)
    return part


def marked(lines: list[str]) -> str:
    """What stands above the carets."""
    index = next(index for index, line in enumerate(lines) if re.match(r"\s*[│|]\s*\^", line))
    carets = re.search(r"\^+", lines[index])
    assert carets is not None
    start = cell_len(lines[index][: carets.start()])
    return cut(lines[index - 1], start, len(carets[0]))


def test_place_message_excerpt_caret_and_hint() -> None:
    """The whole of an error in a script."""
    error = UsageError(
        "there is no option --epoch", place=Place("a.hfsh", 7, 23, 7, LINE), hint="did you mean --epochs?"
    )
    lines = lines_of(error)
    assert lines[0].split() == ["a.hfsh:7:23", "there", "is", "no", "option", "--epoch"]
    assert lines[1].split() == ["7", "│", *LINE.split()]
    assert lines[2].endswith("^^^^^^^ did you mean --epochs?")
    assert marked(lines) == "--epoch"


@given(
    st.text(st.sampled_from("ab \t日é\x1b\u202e"), max_size=40),
    st.text(st.sampled_from("xy日"), min_size=1, max_size=6),
    st.text(st.sampled_from("ab \t日"), max_size=200),
    st.sampled_from([40, 80, 140]),
)
def test_carets_stand_under_the_place(before: str, meant: str, after: str, width: int) -> None:
    """Places count characters, screens count cells: tabs, wide letters and escapes do not matter."""
    place = Place("a.hfsh", 3, len(before) + 1, len(meant), before + meant + after)
    lines = lines_of(UsageError("no", place=place), width)
    assert marked(lines) == meant


@settings(deadline=None)
@given(st.integers(0, 5000), st.sampled_from([40, 80, 140]))
def test_a_long_line_is_cut_around_the_place(offset: int, width: int) -> None:
    """Of a line of ten thousand characters, the part around the caret is shown."""
    text = "a " * (offset // 2) + "HERE" + " b" * 2500
    lines = lines_of(UsageError("no", place=Place("a.hfsh", 3, text.index("HERE") + 1, 4, text)), width)
    assert marked(lines) == "HERE"
    assert max(cell_len(line) for line in lines) <= width


def test_a_place_at_the_end_of_the_line_is_marked() -> None:
    """What is missing is marked where it should stand."""
    lines = lines_of(UsageError("predict wants a text", place=Place("a.hfsh", 1, 8, 1, "predict")))
    assert lines[2].index("^") == lines[1].index("predict") + len("predict")


def test_a_typed_line_has_no_file_and_number() -> None:
    """At the prompt, the line stands right above."""
    lines = lines_of(UsageError("no", place=Place("<prompt>", 1, 10, 4, LINE)))
    assert lines[0] == "error  no"
    assert "prompt" not in "".join(lines)
    assert marked(lines) == "base"


def test_a_row_of_data_is_shown_with_its_number() -> None:
    """A bad row comes with FILE:ROW and itself, without a caret."""
    error = DataError(
        "this row has 3 fields, the header has 2",
        place=Place("reviews.csv", 1041, None, 1, '"great, really",5,'),
        hint="`data reviews.csv --skip-bad-rows` reads the other 8,211 rows",
    )
    lines = lines_of(error)
    assert lines[0].startswith("reviews.csv:1041  this row has 3 fields")
    assert lines[1].split(" │ ") == ["  1041", '"great, really",5,']
    assert "--skip-bad-rows" in lines[2]
    assert "^" not in "".join(lines)


def test_without_a_place_message_and_hint_remain() -> None:
    """Nothing is lost when nobody knows where."""
    lines = lines_of(ModelError("there is no model x", hint="`load` finds models"))
    assert lines[0] == "error  there is no model x"
    assert lines[1].strip() == "`load` finds models"


def test_refusal_names_its_guard() -> None:
    """The guard stands as `--allow` takes it, the place before it, the way out below."""
    refused = Refused("labels", "the labels differ", place=Place("ci.hfsh", 7), hint="--label-map a=b")
    shown = " ".join(" ".join(lines_of(refused)).split())
    assert shown == "ci.hfsh:7 refused (labels) the labels differ --label-map a=b"


def test_interrupted_says_it_once() -> None:
    """Ctrl-C is no error, and one word is enough."""
    assert lines_of(Interrupted()) == ["interrupted"]
    assert lines_of(Interrupted("stopped after 12 steps")) == ["interrupted  stopped after 12 steps"]


def test_a_failed_expectation_stands_at_its_line() -> None:
    """CI finds the line of the script."""
    error = ExpectationFailed("expected ev.accuracy >= 0.9: it is 0.8", place=Place("ci.hfsh", 12))
    assert lines_of(error) == ["ci.hfsh:12  expected ev.accuracy >= 0.9: it is 0.8"]


def test_an_ignored_error_says_that_it_was_ignored() -> None:
    """A line that begins with `-` failed, and the script went on."""
    console = pipe()
    show_error(console, ModelError("no such model", place=Place("a.hfsh", 3)), ignored=True)
    assert "no such model" in written(console)
    assert "ignored" in written(console)


def test_plain_mode_is_ascii() -> None:
    """A log gets no rules and no signs beyond ASCII."""
    error = UsageError("no", place=Place("a.hfsh", 7, 23, 7, LINE + "x" * 200), hint="try")
    assert "\n".join(lines_of(error, plain=True)).isascii()


errors = st.one_of(
    st.builds(UsageError, texts, place=st.none() | filled(Place), hint=st.none() | texts),
    st.builds(Refused, texts, texts, place=st.none() | filled(Place), hint=st.none() | texts),
    st.builds(Interrupted, texts, place=st.none() | filled(Place), hint=st.none() | texts),
)


@given(errors, st.booleans())
def test_no_string_of_an_error_steers_the_terminal(error: HfshellError, ignored: bool) -> None:
    """File names, rows and messages are untrusted too."""
    for console in (pipe(), terminal(40)):
        show_error(console, error, ignored=ignored)
        assert not unsafe_characters(without_colours(written(console)))


@given(errors, st.sampled_from([40, 80, 140]), st.booleans())
def test_no_line_is_wider_than_the_screen(error: HfshellError, width: int, plain: bool) -> None:
    """Errors wrap where the screen ends."""
    assert max((cell_len(line) for line in lines_of(error, width, plain=plain)), default=0) <= width


@pytest.mark.parametrize("width", [1, 5, 12])
def test_a_tiny_screen_does_not_break_it(width: int) -> None:
    """Whatever the width, the error comes out."""
    assert lines_of(UsageError("no", place=Place("a.hfsh", 7, 23, 7, LINE), hint="try"), width)
