"""Tokens become command lines, and what is no command line says so at its place."""

from __future__ import annotations

import time

import pytest

from hfshell.errors import SyntaxFault
from hfshell.language import (
    CommandLine,
    Heredoc,
    Name,
    Parameter,
    Redirect,
    Text,
    Word,
    parse_line,
    parse_script,
)


def line(text: str) -> CommandLine:
    """Parse the text of one command."""
    parsed = parse_line(text)
    assert parsed
    return parsed


def plain(parsed: CommandLine) -> list[str | None]:
    """Return what a line's words mean."""
    return [word.plain for word in parsed.words]


def word(text: str) -> Word:
    """Return a bare word."""
    return Word((Text(text),))


def test_a_whole_line() -> None:
    """Each piece of a line finds its field."""
    assert line("-preds = predict router 'a b' >> out.jsonl <<END\nhi\nEND") == CommandLine(
        command=Name("predict"),
        words=(word("router"), Word((Text("a b", "'"),))),
        binding=Name("preds"),
        ignore_error=True,
        redirect=Redirect(word("out.jsonl"), append=True),
        heredoc=Heredoc(Word((Text("hi", "<<"),)), literal=False),
    )


@pytest.mark.parametrize("text", ["", " \t", "# only a comment", "\n\n", "\\\n", "#!/usr/bin/env hfshell"])
def test_nothing(text: str) -> None:
    """Blank lines and comments are no commands."""
    assert parse_line(text) is None
    assert parse_script(text).lines == ()


@pytest.mark.parametrize(
    "text", ["a = load m", "a=load m", "a= load m", "a = 'load' m", "a \\\n= \\\n load m", "\ufeffa = load m"]
)
def test_bindings(text: str) -> None:
    """Blanks around `=`, quotes and continuations make no other line of it."""
    assert line(text) == CommandLine(Name("load"), (word("m"),), Name("a"))


@pytest.mark.parametrize("text", ["let lr = 2e-5", "let lr=2e-5", "let lr= 2e-5", "let lr =2e-5"])
def test_let(text: str) -> None:
    """`let` binds its one word, kept as written."""
    assert line(text) == CommandLine(Name("let"), (word("2e-5"),), Name("lr"))


def test_command_words_may_be_bound() -> None:
    """A name may be called like a command: the sign behind it decides."""
    assert line("data = data x.csv") == CommandLine(Name("data"), (word("x.csv"),), Name("data"))
    assert line("let = load m").binding == Name("let")
    assert line("param = load m").binding == Name("param")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("expect ev.accuracy >= 0.85", ["ev.accuracy", ">=", "0.85"]),
        ("expect ev.accuracy>=0.85", ["ev.accuracy", ">=", "0.85"]),
        ("expect a < -1", ["a", "<", "-1"]),
        ("expect a ~ 0.9", ["a", "~", "0.9"]),
        ('expect "a > b" == c=d', ["a > b", "==", "c=d"]),
        ("expect \\> != '>'", [">", "!=", ">"]),
    ],
)
def test_expect(text: str, expected: list[str]) -> None:
    """In `expect` the unquoted signs compare; there is no redirect."""
    parsed = line(text)
    assert plain(parsed) == expected
    assert parsed.redirect is None


def test_require_keeps_its_version() -> None:
    """A version's bounds are no redirects."""
    parsed = line("require hfshell-x>=0.3,<1 # soon")
    assert plain(parsed) == ["hfshell-x>=0.3,<1"]
    assert parsed.redirect is None


@pytest.mark.parametrize("text", ["x a > f <<E\nb\nE", "x a <<E > f\nb\nE", "x a >f <<'E'\nb\nE\n"])
def test_redirect_and_heredoc_in_either_order(text: str) -> None:
    """Both orders that a shell's user types are taken."""
    parsed = line(text)
    assert plain(parsed) == ["a"]
    assert parsed.redirect == Redirect(word("f"))
    assert parsed.heredoc
    assert parsed.heredoc.body.plain == "b"


def test_header() -> None:
    """Parameters come first, with or without a default; comments and `require` may stand between."""
    script = parse_script(
        "#!/usr/bin/env hfshell\n# trains\nparam data\nrequire x\nparam n=3 # epochs\n\nload $data\n"
    )
    assert script.parameters == (Parameter(Name("data")), Parameter(Name("n"), word("3")))
    assert [parsed.command.text for parsed in script.lines] == ["require", "load"]


def test_lines_know_where_they_stand() -> None:
    """Each line has its number, its text as written, and a place for each of its words."""
    script = parse_script("# c\n  load \\\n  'm x'  # d\npredict m <<E\na\nE\nshow m\n", "s.hfsh", 10)
    first, second, third = script.lines
    assert (first.line, second.line, third.line) == (11, 13, 16)
    assert first.text == "load \\\n  'm x'"[: len(first.text)]
    assert second.text == "predict m <<E\na\nE"
    place = first.place(first.words[0])
    assert (place.file, place.line, place.column, place.length) == ("s.hfsh", 12, 3, 5)
    assert place.text == "  'm x'  # d"
    assert str(third.place()) == "s.hfsh:16:1"


def test_windows_line_ends() -> None:
    """A script written on Windows says the same."""
    text = "param a = 1\nx = load m # c\necho \\\n b\nx <<END\nhi\n\n$you\nEND\nx <<'E'\na\nb\nE\n"
    assert parse_script(text.replace("\n", "\r\n")) == parse_script(text)


def test_spans_do_not_count() -> None:
    """Two lines that say the same are equal wherever they stand."""
    assert line("load   m  # here") == line("\n\nload m")


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a =", "1:3", "a command is missing here"),
        ("-", "1:1", "a command is missing here"),
        ("- # c", "1:1", "a command is missing here"),
        ("> f", "1:1", "a command is missing here"),
        ("$x y", "1:1", "a command's name cannot come from a reference"),
        ("'' y", "1:1", "a command's name cannot be empty"),
        ("!ls", "1:1", "`!` runs a system command at the prompt alone"),
        ("--help", "1:2", "a command cannot begin with `-`"),
        ("base-v2 = load m", "1:1", "`base-v2` cannot be a name"),
        ("base-v2=load m", "1:1", "`base-v2` cannot be a name"),
        ("2nd = load m", "1:1", "`2nd` cannot be a name"),
        ("= load m", "1:1", "a name is missing before `=`"),
        ("_ = load m", "1:1", "_ is the last model used and cannot be bound"),
        ("let _ = 1", "1:5", "_ is the last model used and cannot be bound"),
        ("param _", "1:7", "_ is the last model used and cannot be bound"),
        ("x >", "1:3", "a file must follow `>`"),
        ("x >> # f", "1:3", "a file must follow `>>`"),
        ("x > ''", "1:5", "a file must follow `>`"),
        ("x > > f", "1:3", "a file must follow `>`"),
        ("x > a > b", "1:7", "a line has one redirect at most"),
        ("x > a b", "1:7", "a redirect and a heredoc stand last"),
        ("x <<E b\nE", "1:7", "a redirect and a heredoc stand last"),
        ("x <<E <<F\nE\nF", "1:7", "a line has one heredoc at most"),
        ("let", "1:1", "this is not let NAME = VALUE"),
        ("let x", "1:5", "this is not let NAME = VALUE"),
        ("let x 5", "1:7", "this is not let NAME = VALUE"),
        ("let x =", "1:1", "this is not let NAME = VALUE"),
        ("let x = 1 2", "1:11", "this is not let NAME = VALUE"),
        ("let 2x = 1", "1:5", "this is not let NAME = VALUE"),
        ("a = let b = 1", "1:11", "this is not let NAME = VALUE"),
        ("let x = 1 > f", "1:11", "let takes neither a redirect nor a heredoc"),
        ("expect", "1:1", "this is not expect LEFT OP RIGHT"),
        ("expect a", "1:1", "this is not expect LEFT OP RIGHT"),
        ("expect a = b", "1:1", "this is not expect LEFT OP RIGHT"),
        ("expect a '==' b", "1:1", "this is not expect LEFT OP RIGHT"),
        ("expect a == b == c", "1:1", "this is not expect LEFT OP RIGHT"),
        ("expect a == b c", "1:1", "this is not expect LEFT OP RIGHT"),
        ("expect a << b", "1:1", "this is not expect LEFT OP RIGHT"),
        ("param", "1:1", "this is not param NAME"),
        ("param a-b", "1:7", "this is not param NAME"),
        ("param a 1", "1:9", "this is not param NAME"),
        ("param a =", "1:9", "this is not param NAME"),
        ("param a = 1 2", "1:13", "this is not param NAME"),
        ("- param a", "1:9", "this is not param NAME"),
        ("x = param a", "1:11", "this is not param NAME"),
        ("load m\nparam a", "2:1", "param stands in the header alone"),
        ("param a\nparam a = 2", "2:7", "param a stands here twice"),
        ("load m\n\nx = 'open\n", "3:5", "this quote is never closed"),
        ("load m\npredict m <<END\nabc\n", "2:11", "no line `END` ends this heredoc"),
    ],
)
def test_faults(text: str, place: str, message: str) -> None:
    """Each way to be wrong says what is wrong, where, and what was wanted."""
    with pytest.raises(SyntaxFault) as caught:
        parse_script(text, "f")
    assert str(caught.value.place) == f"f:{place}"
    assert caught.value.message.startswith(message)


def test_parse_line_takes_one_command() -> None:
    """Who asks for one command does not lose a second in silence."""
    with pytest.raises(SyntaxFault) as caught:
        parse_line("load a\nload b")
    assert str(caught.value.place) == "<session>:2:1"
    with pytest.raises(SyntaxFault):
        parse_line("param a")


@pytest.mark.parametrize("text", ["param a{}\n", "a{} = x\n", "x a{} \n"])
def test_many_lines_take_linear_time(text: str) -> None:
    """Twenty thousand lines parse in a moment: no line looks at all lines before it."""
    began = time.process_time()
    script = parse_script("".join(text.format(number) for number in range(20_000)))
    assert time.process_time() - began < 8
    assert len(script.lines) + len(script.parameters) == 20_000
