"""How texts fit what is typed, and the order that comes of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfshell.shell.completion.matching import (
    BEGINS,
    BEGINS_FOLDED,
    BEGINS_PART,
    CONTAINS,
    EXACT,
    INITIALS,
    SCATTERED,
    Pattern,
    ranked,
)
from hfshell.shell.completion.suggestions import Candidate


@pytest.mark.parametrize(
    ("typed", "text", "kind"),
    [
        ("load", "load", EXACT),
        ("lo", "load", BEGINS),
        ("LO", "load", BEGINS_FOLDED),
        ("rate", "--learning-rate", BEGINS_PART),
        ("acc", "ev.accuracy", BEGINS_PART),
        ("load", "unload-load", BEGINS_PART),
        ("lr", "--learning-rate", INITIALS),
        ("--lr", "--learning-rate", INITIALS),
        ("--ra", "--learning-rate", BEGINS_PART),
        ("--ra", "--gradient-accumulation", CONTAINS),
        ("--", "a--b", CONTAINS),
        ("--x", "x", CONTAINS),
        ("oad", "unload", CONTAINS),
        ("ftn", "finetune", SCATTERED),
        ("xyz", "finetune", None),
        ("nf", "finetune", None),
        ("ß", "STRASSE", CONTAINS),
    ],
)
def test_how_a_text_fits(typed: str, text: str, kind: int | None) -> None:
    """From the whole word down to its letters in order."""
    fit = Pattern(typed).fit(text)
    assert (fit and fit.kind) == kind


@pytest.mark.parametrize(
    ("typed", "text", "marked"),
    [
        ("lo", "load", "LOad"),
        ("rate", "--learning-rate", "--learning-RATE"),
        ("lr", "--learning-rate", "--Learning-Rate"),
        ("ftn", "fort finetune", "fort FineTuNe"),
        ("--ra", "--learning-rate", "--learning-RAte"),
        ("xyz", "load", "load"),
    ],
)
def test_the_letters_that_match(typed: str, text: str, marked: str) -> None:
    """The menu shows why a candidate is there: the shortest match, not the first letters that fit."""
    letters = Pattern(typed).letters(text)
    assert "".join(c.upper() if i in letters else c for i, c in enumerate(text)) == marked


@given(st.text(max_size=6), st.text(max_size=12))
def test_no_text_is_too_odd(typed: str, text: str) -> None:
    """Any text can be typed and offered; what begins with it always fits."""
    pattern = Pattern(typed)
    fit = pattern.fit(text)
    assert fit is not None or not text.startswith(typed)
    assert all(0 <= place < len(text) for place in pattern.letters(text))


def order(typed: str, *texts: str, narrow: bool = True) -> list[str]:
    """Rank texts of one kind."""
    found = ranked([[Candidate(text) for text in texts]], typed, narrow=narrow)
    return [candidate.text for candidate in found]


def test_beginnings_come_before_fuzzy_matches() -> None:
    """`load` is not drowned by `unload`; without a beginning, letters in order are enough."""
    offered = ("unload", "load", "Loader", "finetune", "load")
    assert order("lo", *offered) == ["load"]
    assert order("LO", *offered) == ["load", "Loader"]
    assert order("nload", *offered) == ["unload"]
    assert order("ftn", *offered) == ["finetune"]
    assert order("xyz", *offered) == []


def test_while_typing_worse_fits_follow() -> None:
    """The menu lists what begins so, then what holds it; scattered letters only where nothing else fits."""
    offered = ("a-load", "unload", "load", "Loader", "lxoxaxd")
    assert order("load", *offered, narrow=False) == ["load", "Loader", "a-load", "unload"]
    assert order("lad", "load", "unload", narrow=False) == ["load", "unload"]


def test_the_order_of_what_fits_alike() -> None:
    """First the likeliest kind, then what was used, then the order given; what is of no use yet last."""
    groups = [
        [Candidate("bb"), Candidate("ba", late=True), Candidate("bc")],
        [Candidate("bd"), Candidate("bb", "said twice")],
    ]
    used = {"bc": 2.0, "bd": 9.0, "ba": 9.0}
    for typed in ("", "b"):
        found = ranked(groups, typed, used)
        assert [candidate.text for candidate in found] == ["bc", "bb", "bd", "ba"]
        assert found[1].meta == ""


def test_a_whole_word_comes_before_what_is_used_more() -> None:
    """Who typed all of `set` means it."""
    found = ranked([[Candidate("settle"), Candidate("set")]], "set", {"settle": 5.0})
    assert [candidate.text for candidate in found] == ["set", "settle"]
