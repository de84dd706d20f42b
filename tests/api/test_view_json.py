"""Views as JSON types: all of a good one comes back, and a bad one is told what is wrong with it."""

from __future__ import annotations

import enum
import fractions
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings

from hfshell.api.view import Bar, Bars, Line, Span, Stack, Table, View
from hfshell.api.view_json import (
    DEEPEST,
    MOST_CHARACTERS,
    MOST_PARTS,
    view_from_dict,
    view_to_dict,
)
from hfshell.render.safe_text import made_safe
from tests.render.strategies import views

VIEW = Stack(
    (
        Line((Span("Ada", "mark", tag="PER"), " wrote.")),
        Table(("name", "n"), (("a", 1), (Span("b", "good"), 0.5), (None, True))),
        Bars((Bar("x", 0.5), Bar("y", None)), maximum=2.0),
    )
)


class Colour(enum.StrEnum):
    """A text of another type."""

    RED = "red"


def nested(depth: int) -> View:
    """Stacks inside each other."""
    view: View = Line(("x",))
    for _ in range(depth - 1):
        view = Stack((view,))
    return view


def test_each_view_says_its_kind() -> None:
    """The JSON form is a contract between two processes, and with whoever reads a recording."""
    assert msgspec.json.decode(msgspec.json.encode(view_to_dict(VIEW))) == {
        "view": "stack",
        "views": [
            {"view": "line", "spans": [{"text": "Ada", "style": "mark", "tag": "PER"}, " wrote."]},
            {
                "view": "table",
                "columns": ["name", "n"],
                "rows": [["a", 1], [{"text": "b", "style": "good", "tag": ""}, 0.5], [None, True]],
            },
            {
                "view": "bars",
                "bars": [{"label": "x", "value": 0.5}, {"label": "y", "value": None}],
                "maximum": 2.0,
            },
        ],
    }


@settings(deadline=None, max_examples=60)
@given(views)
def test_any_view_comes_back_through_json(view: View) -> None:
    """What a view says survives the way through bytes, but for numbers and characters that JSON has not."""
    sent = made_safe(view_to_dict(view))
    received = view_from_dict(msgspec.json.decode(msgspec.json.encode(sent)))
    assert received == view_from_dict(sent)
    assert view_to_dict(received) == sent


def test_numbers_and_texts_of_libraries_become_plain_ones() -> None:
    """Numpy's numbers are numbers; one that is not finite is None; an enum is its text."""
    cells = (np.float32(0.5), np.int64(3), float("nan"), fractions.Fraction(1, 4), Colour.RED)
    table = view_from_dict(view_to_dict(Table((), (cells,))))
    assert isinstance(table, Table)
    assert table.rows == ((0.5, 3, None, 0.25, "red"),)
    assert [type(cell) for cell in table.rows[0]] == [float, int, type(None), float, str]
    bars = view_from_dict(view_to_dict(Bars((Bar("a", np.float64(0.5)), Bar("b", float("inf"))))))
    assert bars == Bars((Bar("a", 0.5), Bar("b", None)))


def test_lists_do_for_tuples() -> None:
    """An author who writes a list has made no mistake worth a warning."""
    assert view_from_dict(view_to_dict(Line(["a"]))) == Line(("a",))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("view", "where", "what"),
    [
        ("text", "", "a view is a Line, Table, Bars or Stack, not str"),
        (None, "", "not None"),
        (Span("x"), "", "not hfshell.api.view.Span"),
        (Line("text"), "spans", "a tuple, not str"),
        (Line(("a", 1)), "span 2", "a Span or a str, not int"),
        (Line((Span("a", "red"),)), "span 1", "style is one of plain, name"),
        (Line((Span(b"a"),)), "span 1", "a str, not bytes"),
        (Line((Span("a", tag=None),)), "span 1", "not None"),
        (Table("ab", ()), "columns", "a tuple, not str"),
        (Table((1,), ()), "column 1", "a str, not int"),
        (Table(("a",), ("b",)), "row 1, cells", "a tuple, not str"),
        (Table(("a",), (("b",), ("c", "d"))), "row 2", "as there are columns: 1, not 2"),
        (Table((), (("b",), ("c", "d"))), "row 2", "as row 1 has: 1, not 2"),
        (Table(("a",), (({},),)), "row 1, cell 1", "a cell is a str, a number, a Span or None, not dict"),
        (Table(("a",), ((2**64,),)), "row 1, cell 1", "too large"),
        (Bars({"a": 1}), "bars", "a tuple, not dict"),
        (Bars((("a", 1),)), "bar 1", "a Bar, not tuple"),
        (Bars((Bar("a", "1"),)), "bar 1", "a number or None, not str"),
        (Bars((Bar("a", True),)), "bar 1", "not bool"),
        (Bars((Bar(1, 1),)), "bar 1", "a str, not int"),
        (Bars((), maximum=0), "maximum", "a number above 0, not 0"),
        (Bars((), maximum=float("nan")), "maximum", "not nan"),
        (Stack(VIEW), "views", "a tuple, not hfshell.api.view.Stack"),
        (Stack((VIEW, Stack(("x",)))), "view 2, view 1", "not str"),
    ],
)
def test_what_is_no_view_is_told_where_and_why(view: Any, where: str, what: str) -> None:
    """A renderer may return anything; its author finds the place."""
    with pytest.raises(msgspec.ValidationError) as raised:
        view_to_dict(view)
    assert str(raised.value).startswith(where)
    assert what in str(raised.value)


@pytest.mark.parametrize(
    "data",
    [
        None, [], "line", {}, {"view": "circle"}, {"view": ["line"]}, {"view": "line"},
        {"view": "line", "spans": "x"}, {"view": "line", "spans": [{"text": 1}]},
        {"view": "line", "spans": [{"text": "x", "style": "red"}]},
        {"view": "table", "columns": [], "rows": [[1], [1, 2]]}, {"view": "table", "columns": []},
        {"view": "bars", "bars": [{"label": "x"}]}, {"view": "bars", "bars": [], "maximum": -1},
        {"view": "stack"}, {"view": "stack", "views": {}}, {"view": "stack", "views": [3]},
    ],
)  # fmt: skip
def test_data_that_is_no_view_is_a_validation_error(data: Any) -> None:
    """Bytes from another process raise one kind of error, whatever they are."""
    with pytest.raises(msgspec.ValidationError):
        view_from_dict(data)


@pytest.mark.parametrize(
    ("view", "limit"),
    [
        (nested(DEEPEST + 1), f"{DEEPEST} views"),
        (Line(("",) * (MOST_PARTS + 1)), f"{MOST_PARTS:,} parts"),
        (Table((), ((None,) * (MOST_PARTS // 2),) * 3), f"{MOST_PARTS:,} parts"),
        (Bars((Bar("", 1.0),) * (MOST_PARTS + 1)), f"{MOST_PARTS:,} parts"),
        (Line(("x" * MOST_CHARACTERS, "x")), f"{MOST_CHARACTERS:,} characters"),
    ],
    ids=["depth", "spans", "cells", "bars", "characters"],
)
def test_a_huge_view_is_an_error_that_names_the_limit(view: View, limit: str) -> None:
    """No view hangs a screen."""
    with pytest.raises(msgspec.ValidationError, match=limit):
        view_to_dict(view)


def test_a_view_at_the_limits_passes() -> None:
    """The limits are what they say."""
    assert view_to_dict(nested(DEEPEST))["view"] == "stack"
    assert len(view_to_dict(Line(("x" * 40,) * (MOST_PARTS - 1)))["spans"]) == MOST_PARTS - 1


def test_a_view_that_holds_itself_is_no_endless_walk() -> None:
    """A cycle ends at the depth's limit."""
    views: list[View] = []
    view = Stack(views)  # type: ignore[arg-type]
    views.append(view)
    with pytest.raises(msgspec.ValidationError, match="inside each other"):
        view_to_dict(view)


def test_data_too_deep_is_an_error_before_it_is_read() -> None:
    """Data of another process cannot exhaust the stack."""
    data: dict[str, Any] = {"view": "line", "spans": []}
    for _ in range(5000):
        data = {"view": "stack", "views": [data]}
    with pytest.raises(msgspec.ValidationError, match="inside each other"):
        view_from_dict(data)
