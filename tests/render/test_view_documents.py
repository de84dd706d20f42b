"""Views in files: Markdown, web pages and text show them; files for programs have the result itself."""

from __future__ import annotations

import html
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from hfshell.api.guards import Guard
from hfshell.api.results import LabelScore, PredictionResult
from hfshell.api.view import Bar, Bars, Line, Span, Stack, Table, View
from hfshell.render.export import export, shows_views
from hfshell.render.safe_text import made_safe
from hfshell.render.spans import mark_colour
from tests.render.screens import unsafe_characters
from tests.render.strategies import texts, views

RESULT = PredictionResult(
    model="m",
    task="t",
    rows=([LabelScore("usual", 0.9)],),
    inputs=("text",),
    seconds=0.1,
    guards=(Guard("truncation", "warn", "1 row was cut"),),
)
VIEW = Stack(
    (
        Line((Span("Entities", "heading"),)),
        Line((Span("Ada Lovelace", "mark", tag="PER"), " wrote to ", Span("Babbage", "mark"), ".")),
        Table(("name", "score"), (("Ada", 0.97), (Span("x|y", "bad"), None))),
        Bars((Bar("billing", 0.94), Bar("refunds", None))),
    )
)
TAGS = {
    "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "div", "table", "tr", "th", "td",
    "mark", "small", "b", "span", "meter",
}  # fmt: skip
thorough = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Page(HTMLParser):
    """The elements of a page and the text in its body."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page[page.index("<body>") :])

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_markdown_of_a_view() -> None:
    """Marks are bold with their tag behind, tables and bars are pipe tables; the guards follow."""
    lines = export(RESULT, "p.md", view=VIEW).splitlines()
    assert "usual" not in " ".join(lines)
    assert "## Entities" in lines
    assert "**Ada Lovelace** (PER) wrote to **Babbage**." in lines
    assert "| name | score |" in lines
    assert "| x\\|y | — |" in lines
    assert "| billing | 0.94 |" in lines
    assert "## guards" in lines


def test_web_page_of_a_view() -> None:
    """Marks are <mark> with the tag in small letters and its colour, bars are meters with a name."""
    page = Page(export(RESULT, "p.html", view=VIEW))
    assert ("mark", {"class": f"mark-{mark_colour('PER')}"}) in page.elements
    assert ("small", {}) in page.elements
    meters = [attributes for tag, attributes in page.elements if tag == "meter"]
    assert meters == [{"min": "0", "max": "1.0", "value": "0.94", "aria-label": "billing"}]
    assert "Ada Lovelace PER wrote to Babbage." in page.text
    assert "1 row was cut" in page.text
    assert "usual" not in page.text


def test_text_of_a_view_is_the_plain_screen() -> None:
    """.txt shows the view as a pipe does."""
    text = export(RESULT, "p.txt", view=VIEW)
    assert "[Ada Lovelace]PER wrote to [Babbage]." in text
    assert "usual" not in text


@pytest.mark.parametrize("ending", [".json", ".jsonl", ".csv", ".tsv"])
def test_files_for_programs_have_the_result(ending: str) -> None:
    """A view is for people; no renderer changes what a program reads."""
    assert export(RESULT, f"p{ending}", view=VIEW) == export(RESULT, f"p{ending}")
    assert not shows_views(f"p{ending}")


@pytest.mark.parametrize("file", ["p.md", "P.HTML", "p.txt"])
def test_which_formats_show_views(file: str) -> None:
    """A renderer is only asked where its view is shown."""
    assert shows_views(file)


@thorough
@given(views)
def test_pages_have_our_tags_alone(view: View) -> None:
    """Nothing in a view becomes markup, a script or a control character, and its text is all there."""
    file = export(RESULT, "p.html", view=view)
    page = Page(file)
    assert {tag for tag, _ in page.elements} <= TAGS
    names = {name for _, attributes in page.elements for name in attributes}
    assert names <= {"class", "scope", "min", "max", "value", "aria-label"}
    assert not unsafe_characters(file)
    shown = made_safe(_words(view))
    assert [text for text in shown if text not in page.text] == []


@thorough
@given(views)
def test_markdown_means_what_the_view_says(view: View) -> None:
    """Read by a Markdown parser, the text of every view is there, in tables of the right size."""
    file = export(RESULT, "p.md", view=view)
    assert not unsafe_characters(file)
    tokens = MarkdownIt("commonmark").enable("table").parse(file)
    kinds = {token.type for token in tokens}
    assert not kinds & {"code_block", "fence", "bullet_list_open", "blockquote_open", "hr", "html_block"}
    read = "".join(_text(token) for token in tokens if token.type == "inline")
    squeezed = re.sub(r"\s", "", html.unescape(read))
    for text in made_safe(_words(view)):
        assert re.sub(r"\s", "", text) in squeezed


@thorough
@given(st.lists(texts.map(lambda text: Span(text, "mark")) | texts, max_size=4))
def test_bold_in_markdown_ends_where_the_mark_ends(spans: list[Span | str]) -> None:
    """No star of ours is left as a star, whatever stands beside the mark."""
    file = export(RESULT, "p.md", view=Line(tuple(spans)))
    tokens = MarkdownIt("commonmark").enable("table").parse(file)
    line = "".join(_text(token) for token in tokens if token.type == "inline")
    wanted = "".join(span if isinstance(span, str) else span.text for span in spans)
    assert line.count("*") == made_safe(wanted).count("*")


def test_lines_that_look_like_blocks_stay_lines() -> None:
    """A line that begins like a list, a heading or a rule is a paragraph all the same."""
    starts = (
        "# one",
        "- one",
        "+ one",
        "1. one",
        "12) one",
        "---",
        "===",
        "> one",
        "    one",
        "~~~",
        "* one",
    )
    file = export(RESULT, "p.md", view=Stack(tuple(Line((start,)) for start in starts)))
    tokens = MarkdownIt("commonmark").parse(file.split("## guards")[0])
    paragraphs = [token.content for token in tokens if token.type == "inline"][1:]
    assert len(paragraphs) == len(starts)
    assert {token.type for token in tokens} == {
        "heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline",
    }  # fmt: skip


def test_results_without_a_view_are_as_before() -> None:
    """The documents of results know nothing of views."""
    assert "usual" in export(RESULT, "p.md")
    assert json.loads(export(RESULT, "p.json"))["kind"] == "predictions"


def _text(token: Any) -> str:
    """The text of a line as it is read; our own tags in it are none."""
    children = token.children or []
    assert {child.content for child in children if child.type == "html_inline"} <= {"<b>", "</b>", "<br>"}
    return "".join(child.content for child in children if child.type in ("text", "text_special"))


def _words(view: View) -> tuple[str, ...]:
    """All texts in a view."""
    match view:
        case Line(spans):
            return tuple(word for span in spans for word in _of(span))
        case Table(columns, rows):
            return (*columns, *(word for row in rows for cell in row for word in _of(cell)))
        case Bars(bars):
            return tuple(bar.label for bar in bars)
        case Stack(inner):
            return tuple(word for item in inner for word in _words(item))


def _of(cell: Any) -> tuple[str, ...]:
    if isinstance(cell, Span):
        return (cell.text, cell.tag)
    return (cell,) if isinstance(cell, str) else ()
