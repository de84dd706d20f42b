"""Instances of any dataclass of the contracts, their strings full of what tries to steer a terminal."""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from random import Random
from typing import Any

from hypothesis import strategies as st

from hfshell.api.view import Bar, Bars, Cell, Line, Span, Stack, Table, View

HOSTILE = (
    "\x1b[2J", "\x1b]52;c;aGk=\x07", "\x1b]0;title\x07", "\x1b]8;;http://x\x1b\\link", "\x9b31m",
    "\x1bP", "\x1b",
    "\r", "\r\n", "\x00", "\x08\x08", "\x7f", "\x85", "\x0e", "\u202e", "\u2066", "\u2069", "\U000e0041",
    "\ud800",
    "[/foo]", "[bold]", ":smile:", "`code`", "`", "|", "<b>", "&", "'", '"', ",", ";", "\\", "\\x1b", "=1+1",
    "-", "@",
    "a", "word ", "longerword", "é", "日本語", "\U0001f469\u200d\U0001f467", "e\u0301", "\n", "\t", " ",
    "\u2028",
)  # fmt: skip
"""Control sequences, markup of rich, HTML and Markdown, and innocent text of all widths."""

_NUMBERS = (
    0.0,
    0.25,
    0.5,
    1.0,
    1e-9,
    -0.5,
    3.7,
    99.999,
    1e6,
    1e300,
    float("nan"),
    float("inf"),
    float("-inf"),
)
_WHOLES = (0, 1, 2, 3, 9, 10, 47, 1023, 1024, 999_999, 10**12)

texts = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=6), max_size=8).map("".join)


def filled(kind: type) -> st.SearchStrategy[Any]:
    """Return instances of a dataclass. One number decides all fields: drawing each takes minutes."""
    return st.integers(0, 2**32).map(lambda seed: fill(kind, Random(seed)))


def hostile(random: Random) -> str:
    """Return a text of none to eight pieces."""
    return "".join(random.choices(HOSTILE, k=random.choice((0, 1, 1, 2, 3, 8))))


def fill(hint: Any, random: Random) -> Any:
    """Return a value of any type that the contracts use."""
    leaf = _LEAVES.get(hint)
    if leaf is not None:
        return leaf(random)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return fill(random.choice(arguments), random)
    if origin is typing.Literal:
        return random.choice(arguments)
    if origin is tuple and arguments[-1] is Ellipsis:
        return tuple(fill(arguments[0], random) for _ in range(random.choice((0, 1, 2, 3, 9, 25))))
    if origin is tuple:
        return tuple(fill(argument, random) for argument in arguments)
    if origin is dict:
        return {fill(arguments[0], random): fill(arguments[1], random) for _ in range(random.randrange(4))}
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return hint(**{name: fill(kind, random) for name, kind in _fields(hint).items()})
    raise TypeError(f"no values for {hint!r}")


@functools.cache
def _fields(kind: type) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def _prediction(random: Random, depth: int = 0) -> Any:
    """A prediction is whatever a task makes: mostly scores of labels, sometimes anything."""
    if random.random() < 0.7:
        return [{"label": hostile(random), "score": random.random()} for _ in range(random.randrange(1, 7))]
    if depth == 2 or random.random() < 0.5:
        return random.choice((None, True, 3, 0.5, hostile(random)))
    return {hostile(random): _prediction(random, depth + 1), "spans": [_prediction(random, depth + 1)]}


_LEAVES: dict[Any, Any] = {
    str: hostile,
    int: lambda random: random.choice(_WHOLES),
    float: lambda random: random.choice((*_NUMBERS, random.random())),
    bool: lambda random: random.random() < 0.5,
    type(None): lambda _: None,
    Any: _prediction,
}


def view(random: Random, depth: int = 0) -> View:
    """Return a view of any kind, of views of any kind."""
    many = random.choice((0, 1, 2, 3, 9))
    match random.randrange(4 if depth < 2 else 3):
        case 0:
            return Line(tuple(fill(Span | str, random) for _ in range(many)))
        case 1:
            columns = random.choice((1, 2, 3, 7))
            headings = random.choice((0, columns))
            rows = [tuple(fill(Cell, random) for _ in range(columns)) for _ in range(many)]
            return Table(tuple(hostile(random) for _ in range(headings)), tuple(rows))
        case 2:
            return Bars(tuple(fill(Bar, random) for _ in range(many)), random.choice((1.0, 0.001, 5.0, 1e9)))
    return Stack(tuple(view(random, depth + 1) for _ in range(many)))


views = st.integers(0, 2**32).map(lambda seed: view(Random(seed)))
