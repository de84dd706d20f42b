"""The shapes that all screens share."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from hfshell.render.layout import Block, Flow, beside, prose
from hfshell.render.look import Look
from tests.render.screens import text_of

facts = st.lists(
    st.text(st.sampled_from("ab "), min_size=1, max_size=12).map(lambda text: f"<{text}>"), max_size=12
)


@given(facts, st.integers(14, 60))
def test_lines_break_between_facts(items: list[str], width: int) -> None:
    """A fact that fits on a line is never torn, and none is lost."""
    lines = text_of(Flow(items), width).splitlines()
    assert all(line.count("<") == line.count(">") for line in lines)
    assert "".join(lines).count("<") == len(items)


def test_a_long_head_stands_above_its_body() -> None:
    """A head that takes too much of the width leaves the body its own line."""
    body = Text("the body")
    assert text_of(beside(Text("head"), body, Look(40)), 40).splitlines() == ["head  the body"]
    long = "a head of many cells"
    assert text_of(beside(Text(long), body, Look(40)), 40).splitlines() == [long, "  the body"]


def test_every_line_has_the_margin_and_none_a_tail() -> None:
    """Wrapped lines too; empty ones stay empty."""
    assert text_of(Block(Text("one two\n\nthree  ")), 7).split("\n") == ["  one", "  two", "", "  three", ""]


def test_commands_in_a_sentence_are_marked() -> None:
    """What stands between backticks has the colour of a command; an odd backtick has none."""
    sentence = prose("type `help x` or ` alone")
    assert [sentence.plain[span.start : span.end] for span in sentence.spans] == ["`help x`"]
