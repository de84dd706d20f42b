"""Markdown in pieces: however it is cut, the same lines stay, and the cost grows with the length alone."""

from __future__ import annotations

import io
import re
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hfshell.render.console import make_console
from hfshell.render.streaming.blocks import parser
from hfshell.render.streaming.stream import MarkdownStream
from tests.render.streaming.documents import DOCUMENT, screen, shown

if TYPE_CHECKING:
    from markdown_it.token import Token

PROSE = "The box was late, and nobody could say **why it was** so, or `where` it had been all the time. "


@settings(deadline=None, max_examples=60)
@given(DOCUMENT, st.lists(st.integers(0, 5000), max_size=40), st.sampled_from([24, 60, 100]))
def test_lines_are_the_same_however_a_document_is_cut(document: str, cuts: list[int], width: int) -> None:
    """What was printed once is never what the whole would not show."""
    assert shown(document, cuts, width) == shown(document, (), width)


@settings(deadline=None, max_examples=25)
@given(DOCUMENT.map(lambda document: document[:300]))
def test_one_character_after_another_gives_the_same_lines(document: str) -> None:
    """The smallest pieces are no other than the largest."""
    assert shown(document, range(len(document))) == shown(document)


@settings(deadline=None, max_examples=60)
@given(DOCUMENT)
def test_all_that_is_said_is_shown(document: str) -> None:
    """Each word of the parsed document stands on the screen, in order but for cells that are wrapped.

    A last CR is half a line end.
    """
    text = document.removesuffix("\r").replace("\r\n", "\n").replace("\r", "\\r")
    said = re.sub(r"\s", "", "".join(_words(parser().parse(text))))
    seen = re.sub(r"\s", "", "".join(shown(document)))
    assert not Counter(said) - Counter(seen)
    letters = iter(seen)
    assert "|" in document or all(letter in letters for letter in said)


def _words(tokens: list[Token]) -> list[str]:
    found = []
    for token in tokens:
        found += _words(token.children) if token.children and token.type != "image" else [token.content]
    return found


@pytest.mark.parametrize("width", [24, 60])
def test_long_paragraph_without_a_line_end_does_not_wait(width: int) -> None:
    """Its first lines stay long before it ends, and are those of the whole."""
    document = PROSE * 150
    stream = MarkdownStream(screen(width), width)
    stream.feed(document)
    early = [line.plain for line in stream.advance()]
    assert len(early) > 100
    assert early + [line.plain for line in stream.close()] == shown(document, range(0, 14000, 61), width)


def test_lines_of_code_stay_as_they_come() -> None:
    """A code block of thousands of lines is never drawn again."""
    stream = MarkdownStream(screen(), 60)
    stream.feed("```python\nx = 1\ny = [\n")
    assert [line.plain for line in stream.advance()] == ["  x = 1", "  y = ["]
    stream.feed("2")
    assert stream.advance() == []
    assert [line.plain for line in stream.open_lines()] == ["  2"]


def test_code_is_coloured_as_the_whole_block_is() -> None:
    """A string over several lines has one colour, whatever piece its lines came in."""
    document = '```python\nx = """\nif else\n"""\nif x:\n    pass\n```\n'
    whole = MarkdownStream(screen(), 60)
    whole.feed(document)
    pieces = MarkdownStream(screen(), 60)
    lines = []
    for letter in document:
        pieces.feed(letter)
        lines += pieces.advance()
    assert [line.spans for line in lines + pieces.close()] == [
        line.spans for line in whole.advance() + whole.close()
    ]


def test_items_of_a_list_stay_one_by_one_and_are_numbered_on() -> None:
    """A list of any length is not drawn again, and `1.` written throughout counts up."""
    stream = MarkdownStream(screen(), 60)
    stream.feed("1. a\n1. b\n1. c\n")
    assert [line.plain for line in stream.advance()] == [" 1. a", " 2. b"]
    assert [line.plain for line in stream.open_lines()] == [" 3. c"]


@pytest.mark.parametrize(
    "document",
    [
        "\x1b[31mred",
        "&#27;[31mred",
        "`\x9b31m`",
        "[a](http://x/\x07)",
        "```\n\x1b]0;title\x07\n```",
        "| \x1b |\n|---|\n",
        "&#x202e;txet",
        "\u202etxet",
        "![\x1b](\x1b)",
        "- \x1b",
        "> &#x9b;",
        "# \x00",
    ],
)
def test_nothing_steers_the_terminal(document: str) -> None:
    """Control characters are written out, also those that Markdown has a way to spell."""
    text = "\n".join(shown(document))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


def _seconds(document: str, pieces: int) -> float:
    step = max(1, len(document) // pieces)
    began = time.process_time()
    shown(document, range(step, len(document), step))
    return time.process_time() - began


BULKY = {
    "paragraphs": (PROSE * 3 + "\n\n") * 40,
    "one paragraph": PROSE * 120,
    "one paragraph without a place to cut": "a*b *c " * 1700,
    "one code block": "```python\n" + "value = compute(value, 17)  # again\n" * 330,
    "one list": "- " + "\n- ".join([PROSE] * 120),
    "one item": "- a\n" + "".join(f"  - {PROSE}\n" for _ in range(120)),
    "one table": "| a | b |\n|---|---|\n" + "| one | two |\n" * 800,
    "one quote": "> " + "\n> ".join([PROSE] * 120),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BULKY)
def test_twice_the_length_takes_twice_the_time(name: str) -> None:
    """Pieces of a few characters each: the work grows with the text, not with its square."""
    document = BULKY[name][:6000]
    longer = document * 2 if "\n\n" in document else document + document.split("\n", 2)[-1]
    _seconds(document[:1000], 50)
    once, twice = (min(_seconds(text, len(text) // 20) for _ in range(3)) for text in (document, longer))
    assert twice < 3.6 * once


@pytest.mark.parametrize("theme", ["dark", "light", "auto"])
def test_code_has_the_colours_of_the_theme(theme: str) -> None:
    """So it can be read on the background that the rest is read on."""
    console = make_console(io.StringIO(), theme=theme, environ={"FORCE_COLOR": "1", "TERM": "xterm"})
    stream = MarkdownStream(console, 60)
    stream.feed("```python\nreturn 'text'\n")
    (line,) = stream.advance()
    found = {line.plain[span.start : span.end]: span.style for span in line.spans}
    assert found["return"] == console.get_style("code.word")
    assert found["text"] == console.get_style("code.text")
