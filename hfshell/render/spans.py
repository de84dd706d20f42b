"""Spans of a view as text: what they mean is said in signs and colours, and lost in neither."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from rich.text import Text

from hfshell.render.safe_text import one_line

if TYPE_CHECKING:
    from hfshell.api.view import Span
    from hfshell.render.look import Look

MARK_COLOURS = 5
"""How many there are: `mark.0`, `mark.1`, …; red is left to what is wrong."""

_START = 387  # with it the usual tags of entities, parts of speech and sentiments differ from each other
_TAG = 24  # cells


def span_text(span: Span | str, look: Look) -> Text:
    """Return a span as text: `[Ada]PER` when it is marked, `wrote/VERB` with another style and a tag."""
    if isinstance(span, str):
        return Text(span)
    tag = one_line(span.tag, _TAG, plain=look.plain)
    colour = f"mark.{mark_colour(span.tag)}" if tag else "mark"
    if span.style == "mark":
        return Text.assemble(("[", "dim"), (span.text, colour), ("]", "dim"), (tag, colour))
    text = Text(span.text, "" if span.style == "plain" else span.style)
    return Text.assemble(text, ("/", "dim"), (tag, colour)) if tag else text


def mark_colour(tag: str) -> int:
    """Return the number of a tag's colour: the same in every view, process and format."""
    return crc32(tag.encode("utf-8", "backslashreplace"), _START) % MARK_COLOURS
