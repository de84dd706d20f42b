"""Expansion: one word in, one text out."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from hfshell.errors import UsageError
from hfshell.language import expand, parse_line


class Values:
    """Some values, a result and a model."""

    def __init__(self) -> None:
        self.plain = {"lr": "2e-5", "spaced": "a  b *", "tricky": "$lr 'x"}
        self.results = {"ev": {"accuracy": "0.9", "macro_f1": "0.8"}}

    def value(self, name: str, field: str | None) -> str:
        """Return a value or a field."""
        if field is None:
            return self.plain[name]
        return self.results[name][field]

    def environment(self, name: str) -> str:
        """Return a variable."""
        return {"HOME": "/home/ada"}[name]

    def names(self) -> Collection[str]:
        """Return what is bound."""
        return [*self.plain, *self.results, "router"]

    def fields(self, name: str) -> Collection[str]:
        """Return a result's fields."""
        return list(self.results.get(name, ()))


def expanded(text: str) -> str:
    """Expand the last word, or the heredoc, of a line."""
    line = parse_line(text, "f")
    assert line
    return expand(line.heredoc.body if line.heredoc else line.words[-1], Values(), line.source)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x plain", "plain"),
        ("x $lr", "2e-5"),
        ("x $spaced", "a  b *"),
        ("x $tricky", "$lr 'x"),
        ("x --lr=${lr}0", "--lr=2e-50"),
        ('x "${ev.accuracy}, $ev.macro_f1"', "0.9, 0.8"),
        ("x '$lr'", "$lr"),
        ("x ${env:HOME}/m", "/home/ada/m"),
        ("x <<E\nrate $lr\ncosts $5\nE", "rate 2e-5\ncosts $5"),
        ("x <<'E'\nrate $lr\nE", "rate $lr"),
        ("x <<E\nE", ""),
    ],
)
def test_expands(text: str, expected: str) -> None:
    """What a reference stands for is put in as it is: never split, globbed or expanded again."""
    assert expanded(text) == expected


@pytest.mark.parametrize(
    ("text", "message", "hint", "column", "length"),
    [
        ("x a$lrr", "nothing is called lrr", "did you mean lr?", 4, 4),
        ("x $zebra", "nothing is called zebra", "bind it first: zebra = …", 3, 6),
        ("x ${ev.acuracy}", "ev has no field acuracy", "did you mean accuracy?", 3, 13),
        ("x $ev.loss", "ev has no field loss", "it has accuracy, macro_f1", 3, 8),
        (
            "x $ev", "ev is no plain value",
            "take one of its fields, ${ev.accuracy}; it has accuracy, macro_f1", 3, 3,
        ),
        ("x $router", "router is no plain value", "take one of its fields, ${router.FIELD}", 3, 7),
        ("x $lr.csv", "lr has no fields", "to put text behind it write ${lr}.csv", 3, 7),
        (
            "x ${env:HFSHELL_NO}", "the environment has no variable HFSHELL_NO",
            "set it before hfshell starts", 3, 17,
        ),
    ],
)  # fmt: skip
def test_what_stands_for_nothing(text: str, message: str, hint: str, column: int, length: int) -> None:
    """An undefined reference is an error at its place, with the nearest names or the way out."""
    with pytest.raises(UsageError) as caught:
        expanded(text)
    assert caught.value.message == message
    assert caught.value.hint == hint
    assert caught.value.place
    assert (caught.value.place.column, caught.value.place.length) == (column, length)


def test_a_lookup_may_say_more() -> None:
    """An error that the lookup itself raises gets the place of the reference."""

    class Undefined(Values):
        def value(self, name: str, field: str | None) -> str:
            raise UsageError(f"{name}.{field} is not defined for this data")

    line = parse_line("x $ev.f1", "f")
    assert line
    with pytest.raises(UsageError) as caught:
        expand(line.words[0], Undefined(), line.source)
    assert str(caught.value.place) == "f:1:3"
