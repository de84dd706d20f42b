"""Strategies that fill any dataclass of the contracts, with strings that try to steer a terminal."""

from __future__ import annotations

import dataclasses
import types
import typing
from typing import Any

from hypothesis import strategies as st

HOSTILE = (
    "\x1b[2J", "\x1b]52;c;aGk=\x07", "\x1b]0;title\x07", "\x1b]8;;http://x\x1b\\link", "\x9b31m", "\x1bP", "\x1b",
    "\r", "\r\n", "\x00", "\x08\x08", "\x7f", "\x85", "\x0e", "\u202e", "\u2066", "\u2069", "\U000e0041", "\ud800",
    "[/foo]", "[bold]", ":smile:", "`code`", "`", "|", "<b>", "&", "'", '"', ",", ";", "\\", "\\x1b", "=1+1", "-", "@",
    "a", "word ", "longerword", "é", "日本語", "\U0001f469\u200d\U0001f467", "e\u0301", "\n", "\t", " ", "",
)  # fmt: skip
"""Control sequences, markup of rich, HTML and Markdown, and innocent text of all widths."""

texts = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=8), max_size=12).map("".join)
wholes = st.integers(0, 12) | st.integers(0, 10**15)
numbers = st.floats(0, 1) | st.floats(allow_nan=True, allow_infinity=True)
predictions = st.recursive(
    st.none() | st.booleans() | wholes | numbers | texts | st.fixed_dictionaries({"label": texts, "score": numbers}),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)

_PLAIN = {str: texts, int: wholes, float: numbers, bool: st.booleans(), type(None): st.none(), Any: predictions}


def filled(hint: Any) -> st.SearchStrategy[Any]:
    """Return values of any type that the contracts use."""
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return st.one_of([filled(argument) for argument in arguments])
    if origin is typing.Literal:
        return st.sampled_from(arguments)
    if origin is tuple and arguments[-1] is Ellipsis:
        return st.lists(filled(arguments[0]), max_size=5).map(tuple)
    if origin is tuple:
        return st.tuples(*(filled(argument) for argument in arguments))
    if origin is dict:
        return st.dictionaries(filled(arguments[0]), filled(arguments[1]), max_size=3)
    if dataclasses.is_dataclass(hint):
        names = [field.name for field in dataclasses.fields(hint)]
        hints = typing.get_type_hints(hint)
        return st.builds(hint, **{name: filled(hints[name]) for name in names})
    raise TypeError(f"no strategy for {hint!r}")
