"""What is being typed, for completion."""

from __future__ import annotations

import pytest

from hfshell.language import cursor_at, cursor_at_end


@pytest.mark.parametrize(
    ("text", "kind", "typed", "start"),
    [
        ("", "command", "", 0),
        ("  ", "command", "", 2),
        ("fi", "command", "fi", 0),
        ("-fi", "command", "fi", 1),
        ("a = ", "command", "", 4),
        ("a = fi", "command", "fi", 4),
        ("load a\n", "command", "", 7),
        ("x <<E\na\nE\nlo", "command", "lo", 10),
        ("load ", "word", "", 5),
        ("load mi", "word", "mi", 5),
        ("load \\\n mi", "word", "mi", 8),
        ("data 'my fi", "word", "my fi", 5),
        ('data "my fi', "word", "my fi", 5),
        ("data my\\ fi", "word", "my fi", 5),
        ("data 'a'b", "word", "ab", 5),
        ("data '", "word", "", 5),
        ("eval m --batch-size", "word", "--batch-size", 7),
        ("eval m; lo", "word", "lo", 8),
        ("eval m >", "redirect", "", 8),
        ("eval m > out", "redirect", "out", 9),
        ("eval m >> 'my o", "redirect", "my o", 10),
        ("eval m > out ", "word", "", 13),
        ("echo $", "reference", "", 6),
        ("echo $ev", "reference", "ev", 6),
        ("echo a${ev.ac", "reference", "ev.ac", 8),
        ("echo ${env:HO", "reference", "env:HO", 7),
        ('echo "a $e', "reference", "e", 9),
        ("let x = $e", "reference", "e", 9),
        ("echo '$e", "word", "$e", 5),
        ("echo \\$e", "word", "$e", 5),
        ("echo ${e}", "word", "${e}", 5),
        ("expect ev.ac", "word", "ev.ac", 7),
        ("expect ev.ac >= ", "word", "", 16),
        ("expect ev.ac >=0", "word", "0", 15),
        ("let x", "other", "", 5),
        ("echo # fi", "other", "", 9),
        ("# fi", "other", "", 4),
        ("x <<E\nab", "other", "", 8),
        ("x <<EN", "other", "", 6),
    ],
)
def test_what_is_typed(text: str, kind: str, typed: str, start: int) -> None:
    """Completion knows what could stand at the cursor, what it is so far, and what it replaces."""
    cursor = cursor_at_end(text)
    assert (cursor.kind, cursor.typed, cursor.start) == (kind, typed, start)


def test_what_stands_before() -> None:
    """The words before the cursor belong to the last logical line alone."""
    cursor = cursor_at_end('load x\na = finetune base "my data" --ep')
    assert cursor.command == "finetune"
    assert [word.plain for word in cursor.words] == ["base", "my data"]


@pytest.mark.parametrize(
    ("text", "quote"), [("x a", ""), ("x 'a", "'"), ('x "a', '"'), ('x "$a', '"'), ("x 'a'", "")]
)
def test_open_quote(text: str, quote: str) -> None:
    """What is completed is put into the quote that is open."""
    assert cursor_at_end(text).quote == quote


@pytest.mark.parametrize(
    ("text", "behind"),
    [
        ("eval |", []),
        ("eval | tickets --limit 3", ["tickets", "--limit", "3"]),
        ("eval ro|uter tickets", ["tickets"]),
        ("eval | tickets > out.json # why\nload x", ["tickets", "out.json"]),
        ("load x\neval | tickets", ["tickets"]),
        ("predict m 'a |b' --top-k 3", ["--top-k", "3"]),
        ("predict m 'a\nb|' x\nload y", ["x"]),
        ("expect ev.n | 3 ~ 4", ["3", "~", "4"]),
        ("eval a |\nload x", []),
    ],
)
def test_what_stands_behind(text: str, behind: list[str]) -> None:
    """The rest of the line counts, other lines do not, and nothing of it changes what is being typed."""
    position = text.index("|")
    cursor = cursor_at(text.replace("|", ""), position)
    assert [word.plain for word in cursor.behind] == behind
    before = cursor_at_end(text[:position])
    assert (cursor.kind, cursor.typed, cursor.start) == (before.kind, before.typed, before.start)


@pytest.mark.parametrize(
    ("text", "binds"),
    [("a = ", True), ("a = eval m ", True), ("a = eval m $x", True), ("eval m ", False), ("let a = ", False)],
)
def test_whether_the_line_binds(text: str, binds: bool) -> None:
    """Behind `NAME =` only what gives something is of use."""
    assert cursor_at_end(text).binds is binds
