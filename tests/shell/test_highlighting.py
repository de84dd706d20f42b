"""Colours: every character keeps its place, and gets the class of what it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import fragment_list_to_text

from hfshell.shell.highlighting import PromptLexer, highlighted

COMMANDS = frozenset({"finetune", "echo", "models", "expect"})


def classes(text: str) -> dict[str, str]:
    """The class of each coloured piece."""
    return {piece: style.removeprefix("class:") for style, piece, *_ in highlighted(text, COMMANDS) if style}


@pytest.mark.parametrize(
    ("text", "piece", "expected"),
    [
        ("finetune base", "finetune", "command"),
        ("r = finetune base", "r", "name"),
        ("r = finetune base", "=", "operator"),
        ("finetune b --epochs 3", "--epochs", "option"),
        ("echo 'a b'", "a b", "string"),
        ("echo x$ev.accuracy", "$ev.accuracy", "reference"),
        ('echo "x ${ev.n}"', "${ev.n}", "reference"),
        ("models > out.json", ">", "redirect"),
        ("models # why", "# why", "comment"),
        ("models ; help", ";", "error"),
        ("expect ev.n >= 3", ">=", "operator"),
        ("!ls", "!", "operator"),
    ],
)
def test_what_is_coloured(text: str, piece: str, expected: str) -> None:
    """Each kind of word has its class."""
    found = {"".join(part.split("'")): style for part, style in classes(text).items()} | classes(text)
    assert found[piece] == expected


def test_an_unknown_command_has_no_colour() -> None:
    """A typo is seen before Enter: the word stays uncoloured."""
    assert "fintune" not in classes("fintune base")


@given(st.text(max_size=60))
def test_no_character_moves(text: str) -> None:
    """Whatever is typed, the pieces joined are the text."""
    assert fragment_list_to_text(highlighted(text, COMMANDS)) == text


def test_lines_of_a_heredoc() -> None:
    """prompt_toolkit asks line by line; the end of the text has no line more."""
    line = PromptLexer(lambda: COMMANDS).lex_document(Document("echo <<END\nhello\nEND"))
    assert [fragment_list_to_text(line(number)) for number in range(4)] == ["echo <<END", "hello", "END", ""]
