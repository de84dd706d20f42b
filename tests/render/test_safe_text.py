"""Nothing untrusted reaches a terminal as anything but visible text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from hfshell.api.results import DataSample, EvaluationResult
from hfshell.render.safe_text import _made_safe, made_safe, one_line, safe_text
from tests.render.screens import unsafe_characters
from tests.render.strategies import filled, texts


@given(st.text() | texts)
def test_no_unsafe_character_survives(text: str) -> None:
    """Whatever comes in, what goes out cannot steer a terminal."""
    assert not unsafe_characters(safe_text(text))


@given(st.text() | texts)
def test_safe_text_is_left_alone(text: str) -> None:
    """Text that is safe is never changed, also when it looks like an escape."""
    once = safe_text(text)
    assert safe_text(once) == once
    if not unsafe_characters(text):
        assert once == text


@given(texts, texts)
def test_pieces_of_a_stream_are_safe(first: str, second: str) -> None:
    """A sequence split over two pieces is as harmless as a whole one."""
    assert not unsafe_characters(safe_text(first) + safe_text(second))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\x9b2J", r"\x9b2J"),
        ("user\u202egpj.exe", r"user\u202egpj.exe"),
        ("\U000e0041", r"\U000e0041"),
        ("\ud800", r"\ud800"),
        ("progress\rdone", r"progress\rdone"),
        ("windows\r\nlines", "windows\nlines"),
        ("tab\tstays", "tab\tstays"),
    ],
)
def test_what_is_shown_instead(text: str, shown: str) -> None:
    """People see which character it was."""
    assert safe_text(text) == shown


@given(st.text() | texts, st.integers(1, 60), st.booleans())
def test_one_line_fits(text: str, width: int, plain: bool) -> None:
    """A cut text is one line, never wider than asked, and safe."""
    line = one_line(text, width, plain=plain)
    assert cell_len(line) <= width
    assert "\n" not in line
    assert not unsafe_characters(line)


def test_one_line_says_that_it_was_cut() -> None:
    """Nobody takes a part for the whole, and nothing is cut that fits."""
    assert one_line("delivery", 8) == "delivery"
    assert one_line("delivery", 7) == "delive…"
    assert one_line("delivery", 7, plain=True) == "deli..."
    assert one_line("日本語", 5) == "日本…"
    assert one_line("a\nb", 9) == "a⏎b"


def test_one_line_does_not_read_a_megabyte() -> None:
    """A huge cell costs no more than what is shown of it, also when it takes no room at all."""
    assert one_line("x" * 10**7, 10) == "x" * 9 + "…"
    assert cell_len(one_line("\u0301" * 10**7, 10)) <= 10


@given(filled(EvaluationResult) | filled(DataSample))
def test_results_are_made_safe_whole(result: EvaluationResult | DataSample) -> None:
    """The quick look at a whole result agrees with the look at every string in it."""
    safe = made_safe(result)
    assert type(safe) is type(result)
    assert repr(safe) == repr(_made_safe(result))


def test_objects_of_unknown_types_become_safe_text() -> None:
    """A plugin's prediction may hold anything; what it prints as is untrusted too."""

    class Odd:
        def __str__(self) -> str:
            return "\x1b]0;owned\x07"

    prediction: dict[str, list[object]] = {"answer": [Odd()]}
    assert made_safe(prediction) == {"answer": [r"\x1b]0;owned\x07"]}
