"""Syntax errors do not hide each other, nor what else is wrong; and nothing is found because of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfshell.checking.syntax import parse_as_far
from hfshell.language import Source
from tests.checking.place import check, found

pytestmark = pytest.mark.usefixtures("place")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("load (\necho )\nlaod m", ["1:6 syntax", "2:6 syntax", "3:1 unknown-command"]),
        ("laod m\nload (", ["2:6 syntax", "1:1 unknown-command"]),
        ("expect a => 1\nexpect b", ["1:1 syntax", "2:1 syntax"]),
        ("x = data a.csv ;\nshow x\neval m x\ndata out.csv", ["1:16 syntax"]),
        ("m = load minilm\nm = data ;\neval m m", ["2:10 syntax"]),
        ("param a = ;\necho $a", ["1:11 syntax"]),
        ("echo a \\\n ; b \\\n c\nlaod m", ["2:2 syntax", "4:1 unknown-command"]),
        ("laod m\necho 'open\nlaod n\n", ["2:6 syntax", "1:1 unknown-command"]),
        ("predict ( <<END\nlaod m\nEND\n", ["1:9 syntax"]),
        ("echo 1\nparam late = 3\nlaod m", ["2:1 syntax", "3:1 unknown-command"]),
        ("source lib/broken.hfsh\nshow base", ["lib/broken.hfsh:2:6 syntax"]),
    ],
)
def test_all_syntax_errors_are_found_and_what_is_wrong_beside(text: str, expected: list[str]) -> None:
    """Lines before a faulty one are held to all, those behind it to what is certain."""
    assert found(text) == expected


def test_a_parameter_may_stand_on_a_faulty_line() -> None:
    """What is given, or missing, is left alone where the header could not be read."""
    assert found("param a = ;\nparam b\necho $b", ("a=1",)) == ["1:11 syntax"]


def test_lines_keep_their_text_in_findings() -> None:
    """A finding shows the line as it was written, also a faulty one."""
    problems = check("load (\nlaod m")
    assert [problem.place.text for problem in problems] == ["load (", "laod m"]


@given(st.text(st.sampled_from("a1= '\"\\\n\r;()$<>#{}-"), max_size=60))
def test_it_comes_to_an_end_with_any_text(text: str) -> None:
    """Whatever a file holds, it is read, and what is read stands where it stood."""
    script, faults = parse_as_far(Source(text, "s.hfsh"))
    assert len(script.source.text) == len(text)
    assert bool(faults) is (script.source.text != text)
