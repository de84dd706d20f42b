"""Texts with two marked things, and where the marks stand when a model reads them.

Marks become signs that every tokenizer knows, `$` around the first thing and `#` around the second, as in
R-BERT (Wu and He, 2019): no token is added, so nothing has to be learnt about it from nothing, and a saved
model needs no tokenizer of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SIGNS = {"<e1>": "$", "</e1>": "$", "<e2>": "#", "</e2>": "#"}
_MARK = re.compile(r"\s*(</?e[12]>)\s*")


@dataclass(frozen=True)
class Marked:
    """A text as a model reads it.

    Attributes:
        text: with a sign at each mark, apart from the words.
        things: where <e1> and <e2> stand with their signs, (start, end) in characters.
    """

    text: str
    things: tuple[tuple[int, int], tuple[int, int]]


def marked(text: str) -> Marked:
    """Read a text's marks.

    Raises:
        ValueError: one of the four marks is missing, is there twice, or closes what is not open.
    """
    parts = _MARK.split(text)
    marks = parts[1::2]
    for mark in SIGNS:
        if marks.count(mark) != 1:
            raise ValueError(
                f"{mark} is there {marks.count(mark)} times" if mark in marks else f"there is no {mark}"
            )
    written, places = parts[0], {}
    for mark, following in zip(marks, parts[2::2], strict=True):
        written += " " if written else ""
        places[mark] = len(written)
        written += SIGNS[mark] + (f" {following}" if following else "")
    things = tuple((places[f"<{name}>"], places[f"</{name}>"] + 1) for name in ("e1", "e2"))
    for name, (start, end) in zip(("e1", "e2"), things, strict=True):
        if end <= start:
            raise ValueError(f"</{name}> stands before <{name}>")
    return Marked(written, (things[0], things[1]))
