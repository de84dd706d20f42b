"""What holds for every text and every tree."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hfshell.errors import SyntaxFault
from hfshell.language import (
    CommandLine,
    Script,
    cursor_at_end,
    format_line,
    format_script,
    is_incomplete,
    lex,
    parse_line,
    parse_script,
    quote,
)
from tests.language import strategies


@given(strategies.scripts)
@settings(max_examples=30, deadline=None)
def test_format_then_parse_gives_the_script(script: Script) -> None:
    """Whatever is written parses to what it was written from."""
    assert parse_script(format_script(script)) == script


@given(strategies.lines)
@settings(deadline=None)
def test_format_then_parse_gives_the_line(line: CommandLine) -> None:
    """A line keeps its words, quoting, binding, redirect and heredoc."""
    assert parse_line(format_line(line)) == line


@given(strategies.any_text)
@settings(deadline=None)
def test_what_parses_can_be_formatted(text: str) -> None:
    """The tree of any text that parses is written and read again to the same tree."""
    try:
        script = parse_script(text)
    except SyntaxFault:
        return
    assert parse_script(format_script(script)) == script


@given(strategies.any_text)
@settings(deadline=None)
def test_only_syntax_faults_with_a_place(text: str) -> None:
    """Any text parses, or fails with a place inside it that can be shown and sent."""
    fault = _fault(text)
    if fault is None:
        return
    place = fault.place
    assert place
    assert place.file == "some.hfsh"
    assert place.line is not None
    assert place.column is not None
    assert place.text is not None
    lines = text.removeprefix("\ufeff").split("\n")
    assert 7 <= place.line < 7 + len(lines)
    assert len(place.text) <= len(lines[place.line - 7])
    assert 1 <= place.column <= len(place.text) + 2
    assert place.length >= 1
    assert place.text.encode().decode() == place.text
    assert "\n" not in fault.message


def _fault(text: str) -> SyntaxFault | None:
    try:
        parse_script(text, "some.hfsh", 7)
    except SyntaxFault as fault:
        return fault
    return None


@given(strategies.any_text)
@settings(deadline=None)
def test_tokens_tile_the_text(text: str) -> None:
    """Tokens stand in order, and between them nothing but blanks, line ends and continuations."""
    end = 0
    for token in lex(text).tokens:
        assert end <= token.start <= token.end <= len(text)
        assert text[end : token.start].replace("\\\r\n", "").replace("\\\n", "").strip(" \t\r\n") == ""
        end = token.end
        for part in token.word.parts if token.word else ():
            assert token.start <= part.start <= part.end <= token.end
    assert text[end:].replace("\\\r\n", "").replace("\\\n", "").strip(" \t\r\n") == ""


@given(strategies.any_text)
@settings(deadline=None)
def test_lexer_and_parser_agree(text: str) -> None:
    """A text is incomplete only when it does not parse, and a fault of the lexer is the parser's."""
    lexed = lex(text)
    if lexed.fault:
        with pytest.raises(SyntaxFault) as caught:
            parse_script(text if not text.startswith("\ufeff") else "\ufeff" + text)
        assert caught.value.message == lexed.fault.message
    assert is_incomplete(text) == (lexed.incomplete is not None)
    assert lexed.incomplete is None or lexed.fault is not None


@given(st.text(st.sampled_from("ab1.-_/:,=@é'\"\\ \t\"'"), max_size=30))
@settings(deadline=None)
def test_words_are_those_of_shlex(text: str) -> None:
    """On what both languages share, words are what a POSIX shell's would be."""
    source = f"command 'first' {text}"
    try:
        expected = shlex.split(source, comments=False, posix=True)
    except ValueError:
        assert is_incomplete(source)
        return
    line = parse_line(source)
    assert line
    assert [line.command.text, *(word.plain for word in line.words)] == expected


@given(strategies.plain_text, st.sampled_from(["echo", "expect a ==", "require", "data x"]))
@settings(deadline=None)
def test_quoted_text_means_itself(text: str, before: str) -> None:
    """`quote` gives one word that means the text, behind any command."""
    line = parse_line(f"{before} {quote(text)}")
    assert line
    assert line.words[-1].plain == text
    assert len(line.words) == len(before.split())


@given(strategies.any_text)
@settings(deadline=None)
def test_cursor_never_fails(text: str) -> None:
    """Completion may ask at the end of any text; what it would replace lies inside it."""
    cursor = cursor_at_end(text)
    assert 0 <= cursor.start <= len(text)
