"""Aliases stand for the beginning of a line, and there is always an end to expanding them."""

from __future__ import annotations

import pytest

from hfshell.errors import UsageError
from hfshell.settings.aliases import check_alias, expand_aliases

ALIASES = {
    "ev": "eval router",
    "full": "ev --limit 9",
    "a": "b 1",
    "b": "a 2",
    "self": "self x",
    "q": "'x y'",
}


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("ev tickets", "eval router tickets"),
        ("ev", "eval router"),
        ("x = ev tickets", "x = eval router tickets"),
        ("- ev tickets", "- eval router tickets"),
        ("full", "eval router --limit 9"),
        ("ev a\nmodels\nev b", "eval router a\nmodels\neval router b"),
        ("echo ev", "echo ev"),
        ("'ev' tickets", "'ev' tickets"),
        ("evx", "evx"),
        ("ev = load x", "ev = load x"),
        ("ev | less", "eval router | less"),
        ("", ""),
        ("# ev", "# ev"),
        ("predict m <<END\nev\nEND", "predict m <<END\nev\nEND"),
    ],
)
def test_first_word_alone_is_expanded(text: str, expanded: str) -> None:
    """The command of each line, and nothing else that looks like it."""
    assert expand_aliases(text, ALIASES) == expanded


@pytest.mark.parametrize(("text", "expanded"), [("a", "a 2 1"), ("b", "b 1 2"), ("self", "self x")])
def test_circle_has_an_end(text: str, expanded: str) -> None:
    """Aliases that stand for each other are expanded once each."""
    assert expand_aliases(text, ALIASES) == expanded


def test_text_that_is_no_line_stays() -> None:
    """What cannot be read is left for whoever explains it."""
    assert expand_aliases("ev ; 'a", ALIASES) == "eval router ; 'a"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("1x", "models", "cannot be an alias"),
        ("a b", "models", "cannot be an alias"),
        ("-x", "models", "cannot be an alias"),
        ("x", "  ", "stands for nothing"),
        ("x", "a\nb", "more than one line"),
        ("x", "echo 'a", "inside a quote"),
    ],
)
def test_alias_that_cannot_be(name: str, text: str, message: str) -> None:
    """What could not be typed, or would swallow the rest of the line, is refused."""
    with pytest.raises(UsageError, match=message):
        check_alias(name, text)


@pytest.mark.parametrize(
    ("name", "text"), [("ev", "eval router"), ("mm", "models | less"), ("l-l", "!ls -l")]
)
def test_alias_that_can_be(name: str, text: str) -> None:
    """A line of the prompt's own may be behind it."""
    check_alias(name, text)
