"""Text becomes tokens: quoting, references, comments, continuation, and what stands in the middle."""

from __future__ import annotations

import time

import pytest

from hfshell.language import Reference, Text, is_incomplete, lex, parse_script
from hfshell.language.tokens import Part


def kinds(text: str) -> list[tuple[str, str]]:
    """Return each token's kind and text."""
    return [(token.kind, text[token.start : token.end]) for token in lex(text).tokens]


def parts(word: str) -> tuple[Part, ...]:
    """Return the parts of a word behind a command."""
    lexed = lex(f"echo {word}")
    assert lexed.fault is None
    assert len(lexed.tokens) == 2
    token = lexed.tokens[1]
    assert token.word
    return token.word.parts


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("plain", (Text("plain"),)),
        ("'single $x \\ \"'", (Text('single $x \\ "', "'"),)),
        (r'"a\$b\`c\"d\\e\f"', (Text('a$b`c"d\\e\\f', '"'),)),
        ('"joined\\\nlines"', (Text("joinedlines", '"'),)),
        ('"two\nlines"', (Text("two\nlines", '"'),)),
        ("'two\nlines'", (Text("two\nlines", "'"),)),
        (r"a\ b\'c\\", (Text("a b'c\\"),)),
        ("jo\\\nined", (Text("joined"),)),
        ("jo\\\r\nined", (Text("joined"),)),
        ("a'b'\"c\"", (Text("a"), Text("b", "'"), Text("c", '"'))),
        ("''", (Text("", "'"),)),
        ('""', (Text("", '"'),)),
        ("a#b", (Text("a#b"),)),
        (r"\#b", (Text("#b"),)),
        ("train=a.csv", (Text("train=a.csv"),)),
        ("~/models", (Text("~/models"),)),
        ('"use `it`"', (Text("use `it`", '"'),)),
        (r"C:\\models\\x", (Text("C:\\models\\x"),)),
        ("été日本", (Text("été日本"),)),
    ],
)
def test_quoting(word: str, expected: tuple[Part, ...]) -> None:
    """A word's parts mean what they would in a POSIX shell, and keep how they were quoted."""
    assert parts(word) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("$ev", (Reference("ev"),)),
        ("${ev}", (Reference("ev"),)),
        ("$ev.accuracy", (Reference("ev", "accuracy"),)),
        ("${ev.accuracy}", (Reference("ev", "accuracy"),)),
        ("${env:HOME}/x", (Reference("HOME", environment=True), Text("/x"))),
        ("${env}", (Reference("env"),)),
        ("$a$b", (Reference("a"), Reference("b"))),
        ("$a.b.c", (Reference("a", "b"), Text(".c"))),
        ("$a.5", (Reference("a"), Text(".5"))),
        ("$a.", (Reference("a"), Text("."))),
        ("$a-b", (Reference("a"), Text("-b"))),
        ("${a}.csv", (Reference("a"), Text(".csv"))),
        ("$été", (Reference("été"),)),
        ('"is $a."', (Text("is ", '"'), Reference("a", quote='"'), Text(".", '"'))),
        ("'$a'", (Text("$a", "'"),)),
        (r"\$a", (Text("$a"),)),
        (r'"\$a"', (Text("$a", '"'),)),
        ("$5", (Text("$5"),)),
        ("$", (Text("$"),)),
        ('"costs $5 or $ 6 or 7$"', (Text("costs $5 or $ 6 or 7$", '"'),)),
        ("a$.b", (Text("a$.b"),)),
        ("$$a", (Text("$"), Reference("a"))),
    ],
)
def test_references(word: str, expected: tuple[Part, ...]) -> None:
    """A dollar is a reference before a name or a brace, and a dollar elsewhere."""
    assert parts(word) == expected


def test_parts_keep_their_spans() -> None:
    """The caret of an error can point at one reference inside a word."""
    text = "echo 'a b'\"x $ev.f1 y\"z"
    word = lex(text).tokens[1].word
    assert word
    spans = [text[part.start : part.end] for part in word.parts]
    assert spans == ["'a b'", "x ", "$ev.f1", " y", "z"]
    assert word.raw == "'a b'\"x $ev.f1 y\"z"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  # all", [("comment", "# all")]),
        ("#!/usr/bin/env hfshell\nx", [("comment", "#!/usr/bin/env hfshell"), ("command", "x")]),
        ("x # c \\\ny", [("command", "x"), ("comment", "# c \\"), ("command", "y")]),
        ("x # c\r\ny", [("command", "x"), ("comment", "# c"), ("command", "y")]),
        ("a = load m", [("name", "a"), ("operator", "="), ("command", "load"), ("word", "m")]),
        ("a=load m", [("name", "a"), ("operator", "="), ("command", "load"), ("word", "m")]),
        ("a= load m", [("name", "a"), ("operator", "="), ("command", "load"), ("word", "m")]),
        ("a \\\n = \\\n load", [("name", "a"), ("operator", "="), ("command", "load")]),
        ("echo =x", [("command", "echo"), ("word", "=x")]),
        ("echo == x", [("command", "echo"), ("word", "=="), ("word", "x")]),
        ("-predict m", [("operator", "-"), ("command", "predict"), ("word", "m")]),
        ("- a = b", [("operator", "-"), ("name", "a"), ("operator", "="), ("command", "b")]),
        ("let x=5", [("command", "let"), ("name", "x"), ("operator", "="), ("word", "5")]),
        ("let x = =5", [("command", "let"), ("name", "x"), ("operator", "="), ("word", "=5")]),
        ("param x", [("command", "param"), ("name", "x")]),
        ("x a>b", [("command", "x"), ("word", "a"), ("redirect", ">"), ("word", "b")]),
        ("x >>b", [("command", "x"), ("redirect", ">>"), ("word", "b")]),
        ("expect a.b>=1", [("command", "expect"), ("word", "a.b"), ("operator", ">="), ("word", "1")]),
        ("expect a==b=c", [("command", "expect"), ("word", "a"), ("operator", "=="), ("word", "b=c")]),
        ("expect a ~ -1", [("command", "expect"), ("word", "a"), ("operator", "~"), ("word", "-1")]),
        ("expect '>' != b", [("command", "expect"), ("word", "'>'"), ("operator", "!="), ("word", "b")]),
        ("require x>=0.3,<1", [("command", "require"), ("word", "x>=0.3,<1")]),
        ("x;y", [("command", "x"), ("error", ";"), ("word", "y")]),
        ("x && y", [("command", "x"), ("error", "&&"), ("word", "y")]),
        ("x a${b c", [("command", "x"), ("error", "a${b"), ("word", "c")]),
        (
            "x <<END > f\na $b\nEND\ny",
            [
                ("command", "x"), ("heredoc", "<<END"), ("redirect", ">"), ("word", "f"),
                ("body", "a $b"), ("heredoc", "END"), ("command", "y"),
            ],
        ),
    ],
)  # fmt: skip
def test_kinds(text: str, expected: list[tuple[str, str]]) -> None:
    """Each stretch of text is known for what it is, so that it can be coloured and parsed."""
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("echo 'a", "quote"),
        ('echo "a', "quote"),
        ('echo "a\\"', "quote"),
        ("echo it's late\nand more", "quote"),
        ("echo a \\", "continuation"),
        ("echo a\\", "continuation"),
        ("x <<END", "heredoc"),
        ("x <<END\nEND ", "heredoc"),
        ("x <<'END'\nabc\n", "heredoc"),
        ("echo a \\\n", None),
        ("echo a", None),
        ("", None),
        ("x <<END\nEND", None),
        ("echo ${a", None),
        ("echo (it's", None),
        ("# it's", None),
    ],
)
def test_incomplete(text: str, reason: str | None) -> None:
    """The prompt asks for another line when one could finish the text, and only then."""
    assert lex(text).incomplete == reason
    assert is_incomplete(text) is (reason is not None)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", ()),
        ("\n", ()),
        ("\n\n", (Text("\n", "<<"),)),
        ('it\'s "a" # b; c\n', (Text('it\'s "a" # b; c', "<<"),)),
        ("a\nb\n", (Text("a\nb", "<<"),)),
        ("$a ${b.c}\n", (Reference("a", quote="<<"), Text(" ", "<<"), Reference("b", "c", quote="<<"))),
        ("\\$a \\\\ \\x \\`\n", (Text("$a \\ \\x `", "<<"),)),
        ("joi\\\nned\n", (Text("joined", "<<"),)),
        ("last\\\n", (Text("last\\", "<<"),)),
        ("costs $5\n", (Text("costs $5", "<<"),)),
        (" END\nENDING\n", (Text(" END\nENDING", "<<"),)),
    ],
)
def test_heredoc_bodies(body: str, expected: tuple[Part, ...]) -> None:
    """A heredoc is the lines up to the one that is its tag alone; references in it expand."""
    lexed = lex(f"x <<END\n{body}END\ny")
    assert lexed.fault is None
    assert [token.kind for token in lexed.tokens] == ["command", "heredoc", "body", "heredoc", "command"]
    word = lexed.tokens[2].word
    assert word
    assert word.parts == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x <<E\r\na\r\nb\r\nE\r\n", "a\nb"),
        ("x <<'E'\r\na\r\n\r\nE", "a\n"),
        ("x <<E\r\n\r\nE", ""),
        ("x <<E\r\nE", ""),
        ("x <<E\r\na\nE", "a"),
        ("x <<E\na\r\nE", "a\r"),
    ],
)
def test_heredocs_written_on_windows(text: str, expected: str) -> None:
    """The carriage returns of a body are line ends when its mark's line ends so, and text otherwise."""
    word = lex(text).tokens[2].word
    assert word
    assert word.plain == expected


@pytest.mark.parametrize("mark", ["<<'END'", '<<"END"', "<< 'END'"])
def test_quoted_heredocs_are_literal(mark: str) -> None:
    """Nothing in `<<'END'` expands, not even a backslash."""
    word = lex(f"x {mark}\n$a \\\\ ${{\nEND\n").tokens[2].word
    assert word
    assert word.parts == (Text("$a \\\\ ${", "<<"),)


def test_statements_are_logical_lines() -> None:
    """Completion looks at the last logical line alone, which a line end begins."""
    statements = lex("a \\\n b\n\nc 'x\ny'\n").statements
    assert [len(statement) for statement in statements] == [2, 0, 2, 0]


def test_first_fault_wins() -> None:
    """The fault that stands first in the text is shown, whichever is found first."""
    fault = lex("x (\ny 'open \0").fault
    assert fault
    assert str(fault.place) == "<session>:1:3"


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("x a;b", 4, "`;` is reserved"),
        ("x & y", 3, "`&` is reserved"),
        ("x || y", 3, "`||` is reserved"),
        ("x (a)", 3, "`(` is reserved"),
        ("x a)", 4, "`)` is reserved"),
        ("x `a`", 3, "a backquote is reserved"),
        ("x < y", 3, "`<` is reserved"),
        ("x << 'a b'", 3, "`<<` is reserved"),
        ("x $(date)", 3, "`$(` is reserved"),
        ('x "$(date)"', 4, "`$(` is reserved"),
        ("x ${a-b}", 3, "`${a-b}` is no reference"),
        ("x ${}", 3, "`${}` is no reference"),
        ("x ${env:}", 3, "`${env:}` is no reference"),
        ("x ${a", 3, "`${a` is no reference"),
        ('x "${a.b.c}"', 4, "`${a.b.c}` is no reference"),
        ("x a\u00a0b", 4, "the character U+00A0 is not a plain space"),
        ("x a\rb", 4, "the character U+000D is not a plain space"),
        ("x a\\\rb", 4, "a carriage return must be quoted"),
        ("x 'a\0'", 5, "the character U+0000 is no text"),
        ("x \udcff", 3, "the character U+DCFF is no text"),
        ("x 'a", 3, "this quote is never closed"),
        ('x a"b', 4, "this quote is never closed"),
        ("x a \\", 5, "nothing follows the `\\`"),
        ("x <<END\nabc", 3, "no line `END` ends this heredoc"),
    ],
)
def test_faults(text: str, column: int, message: str) -> None:
    """What cannot stand is named, with its place and what to do."""
    fault = lex(text).fault
    assert fault
    assert fault.message == message
    assert fault.place
    assert (fault.place.line, fault.place.column) == (1, column)
    assert fault.hint


_SHAPES = [
    "a ", "a", "\\a", "''", '""', "$", "$a", "${", "${a", "$(", "'", '"', "\\", ";", "\u00a0", "\r", "\\\n",
    "$a.", "<<E ", "#", "~", "=", "<", "-", "a = b\n", "x <<E\nE\n", "param a\n", "\\\r", '"$', "x\n",
]  # fmt: skip


@pytest.mark.parametrize("shape", _SHAPES)
@pytest.mark.parametrize("start", ["x ", "expect ", 'x "', ""])
def test_no_shape_is_slow(shape: str, start: str) -> None:
    """Ten thousand characters of anything take a moment, where a backtracking pattern would take minutes.

    The bound is forty times what it takes on a laptop, for busy machines; the next test holds the shape.
    """
    text = (start + shape * (10_000 // len(shape)))[:10_000]
    began = time.process_time()
    lex(text)
    assert time.process_time() - began < 1.0


def test_usual_long_line_is_quick() -> None:
    """A pasted line of ten thousand characters parses in less than 50 ms, at its best of five."""
    text = "predict router " + "'a message of several words' " * 350
    assert len(text) > 10_000
    best = 9.0
    for _ in range(5):
        began = time.process_time()
        parse_script(text)
        best = min(best, time.process_time() - began)
    assert best < 0.05


class _Counting(str):
    """A text that counts the characters which searches in it may have read."""

    __slots__ = ("read",)
    read: int

    def count(self, sub: str, start: int = 0, end: int | None = None, /) -> int:  # type: ignore[override]
        """Count as usual, and note how far that reads."""
        self.read += (len(self) if end is None else end) - start
        return super().count(sub, start, end)

    def find(self, sub: str, start: int = 0, end: int | None = None, /) -> int:  # type: ignore[override]
        """Find as usual, and note how far that reads."""
        found = super().find(sub, start, end)
        self.read += (len(self) if found < 0 else found) - start
        return found


@pytest.mark.parametrize("shape", [";", "${", "$(", "\u00a0 ", "\\\r", "x <<E\n"])
def test_many_faults_read_the_text_once(shape: str) -> None:
    """Only the first fault looks for its line: thousands of them do not read the text thousands of times."""
    text = _Counting("x " + shape * 5_000)
    text.read = 0
    assert lex(text).fault
    assert text.read <= 4 * len(text)
