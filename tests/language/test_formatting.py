"""Trees become text, quoted no more than needed."""

from __future__ import annotations

import pytest

from hfshell.language import (
    CommandLine,
    Name,
    Text,
    Word,
    format_line,
    format_script,
    parse_line,
    parse_script,
    quote,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abc", "abc"), ("a.csv", "a.csv"), ("org/name@1.0", "org/name@1.0"), ("train=a.csv", "train=a.csv"),
        ("--epochs", "--epochs"), ("été", "été"), ("50%", "50%"), ("C:/x", "C:/x"),
        ("", "''"), ("a b", "'a b'"), ("$x", "'$x'"), ("a\\b", "'a\\b'"), ("#a", "'#a'"), ("a\nb", "'a\nb'"),
        ("a\u00a0b", "'a\u00a0b'"), ("~/x", "'~/x'"), ("!x", "'!x'"), ("-", "'-'"), ("--", "'--'"),
        ("=", "'='"), ("=a", "'=a'"), ("a==b", "'a==b'"), ("a>b", "'a>b'"), ("{a}", "'{a}'"),
        ("it's", '"it\'s"'), ("it's $5", '"it\'s $5"'), ("it's $x", '"it\'s \\$x"'), ("'\"\\", '"\'\\"\\\\"'),
    ],
)  # fmt: skip
def test_quote(text: str, expected: str) -> None:
    """Safe words stay bare, others get single quotes, and double ones around an apostrophe."""
    assert quote(text) == expected


@pytest.mark.parametrize("text", ["a\0b", "\udcff"])
def test_quote_refuses_what_no_word_can_hold(text: str) -> None:
    """No quoting makes a NUL character part of a word."""
    with pytest.raises(ValueError, match="NUL"):
        quote(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a=load   minilm # c", "a = load minilm"),
        ("- predict m x", "-predict m x"),
        ("let x=$a.b", "let x = $a.b"),
        ("expect ev.f1>=0.5", "expect ev.f1 >= 0.5"),
        ("x >>a.txt", "x >> a.txt"),
        ("x \"a $b c\"d'e'", "x \"a ${b} c\"d'e'"),
        ('x "${a}" ${b} ${c}.csv ${env:D}', 'x "$a" $b ${c}.csv ${env:D}'),
        ("x a\\ b \\#c", "x a\\ b \\#c"),
        ("x <<'E' >f\na $b\nE\n", "x > f <<'E'\na $b\nE"),
        ("x <<E\nE", "x <<E\nE"),
        ("x \\\n a", "x a"),
    ],
)
def test_lines(text: str, expected: str) -> None:
    """A line is written in one way, and each part quoted as it was."""
    line = parse_line(text)
    assert line
    assert format_line(line) == expected


def test_heredoc_tag_never_stands_in_its_body() -> None:
    """A body that holds its tag gets another one, and nothing is cut off."""
    line = parse_line("x <<'STOP'\nEND\nend\nSTOP")
    assert line
    assert line.heredoc
    moved = CommandLine(line.command, heredoc=type(line.heredoc)(line.heredoc.body, literal=True, tag="END"))
    assert format_line(moved) == "x <<'END_'\nEND\nend\nEND_"
    assert parse_line(format_line(moved)) == line


@pytest.mark.parametrize("part", [Text("a\nb"), Text(""), Text("it's", "'"), Text("a\rb")])
def test_a_part_that_its_quote_cannot_hold(part: Text) -> None:
    """A tree made by hand keeps its meaning, even where its quoting is impossible."""
    line = parse_line(format_line(CommandLine(Name("x"), (Word((part,)),))))
    assert line
    assert [word.plain for word in line.words] == [part.text]


def test_script() -> None:
    """The header stands first, each command on its line."""
    text = "param a = 1\nparam b\nx = load $a\nlet y = 'b c'\n"
    assert format_script(parse_script(text)) == text
