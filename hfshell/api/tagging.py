"""Tags that mark spans of tokens: which scheme they follow, and from tags to spans and back.

In hfshell tags are IOB2: `B-PER` begins a person, `I-PER` goes on with it, `O` is outside of all. Files may
have other schemes; they are told by what they hold, and converted.

| scheme | `New York and Paris` | |
|---|---|---|
| IOB2 | `B-LOC I-LOC O B-LOC` | |
| IOB1 | `I-LOC I-LOC O I-LOC` | `B-` only parts two spans that touch |
| BIOES | `B-LOC E-LOC O S-LOC` | `E-` ends a span, `S-` is one of a single token |
| BILOU | `B-LOC L-LOC O U-LOC` | the same with `L-` and `U-` |
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Scheme = Literal["IOB1", "IOB2", "BIOES", "BILOU"]

OUTSIDE = "O"
_MARKED = re.compile(r"(?P<place>[BIESLU])(?:-(?P<label>.+))?", re.DOTALL)
_ENDS = frozenset("ESLU")


@dataclass(frozen=True, order=True)
class TagSpan:
    """Tokens that belong together.

    Attributes:
        start: number of the first token, from 0.
        end: number of the token behind the last one.
        label: what they are: `PER`. Empty in files whose tags are `B` and `I` alone.
    """

    start: int
    end: int
    label: str


def marks_spans(tag: str) -> bool:
    """Tell whether a tag is one of these schemes'."""
    return tag == OUTSIDE or _MARKED.fullmatch(tag) is not None


def scheme_of(rows: Iterable[Sequence[str]]) -> Scheme | None:
    """Tell which scheme the tags of rows follow; None when they mark no spans: parts of speech, say.

    A `B-` where nothing of its kind went before shows that it is not IOB1; only rows without any such `B-`,
    and with an `I-` that begins a span, are IOB1.
    """
    rows = [tuple(row) for row in rows]
    marked = {tag for row in rows for tag in row} - {OUTSIDE}
    if not marked or not all(marks_spans(tag) for tag in marked):
        return None
    places = {tag[0] for tag in marked}
    if places & set("LU"):
        return None if places & set("ES") else "BILOU"
    if places & set("ES"):
        return "BIOES"
    begins = inside = False
    for row in rows:
        for before, tag in zip((OUTSIDE, *row), row, strict=False):
            touches = before != OUTSIDE and _label(before) == _label(tag)
            begins |= tag[0] == "B" and not touches
            inside |= tag[0] == "I" and not touches
    return "IOB1" if inside and not begins else "IOB2"


def to_iob2(tags: Sequence[str]) -> tuple[str, ...]:
    """Return tags of any of the schemes as IOB2.

    A tag that goes on with a span where none of its kind is open begins one; see `loose_tags`.
    """
    spans: list[TagSpan] = []
    is_open = False
    for place, tag in enumerate(tags):
        mark, label = tag[0], _label(tag)
        if tag == OUTSIDE:
            is_open = False
            continue
        goes_on = is_open and mark not in "BSU" and spans[-1].label == label
        if goes_on:
            spans[-1] = TagSpan(spans[-1].start, place + 1, label)
        else:
            spans.append(TagSpan(place, place + 1, label))
        is_open = mark not in _ENDS
    return tags_of(spans, len(tags))


def loose_tags(tags: Sequence[str], scheme: Scheme) -> int:
    """Count tags that no scheme allows where they stand.

    `I-` (or `E-`, `L-`) where no span of its kind is open, and, in schemes that mark the end, a span that is
    left open.
    """
    if scheme == "IOB1":
        return 0
    ends_are_marked = scheme in ("BIOES", "BILOU")
    loose = 0
    opened: str | None = None
    for tag in (*tags, OUTSIDE):
        goes_on = tag[0] in "IEL"
        if goes_on and opened != _label(tag):
            loose += 1
        if ends_are_marked and opened is not None and not (goes_on and opened == _label(tag)):
            loose += 1
        opened = None if tag == OUTSIDE or tag[0] in _ENDS else _label(tag)
    return loose


def spans_of(tags: Sequence[str]) -> tuple[TagSpan, ...]:
    """Return the spans of IOB2 tags, read strictly: what begins without a `B-` is none."""
    spans: list[TagSpan] = []
    is_open = False
    for place, tag in enumerate(tags):
        mark, label = tag[:1], _label(tag)
        if mark == "B":
            spans.append(TagSpan(place, place + 1, label))
            is_open = True
        elif mark == "I" and is_open and spans[-1].label == label:
            spans[-1] = TagSpan(spans[-1].start, place + 1, label)
        else:
            is_open = False
    return tuple(spans)


def tags_of(spans: Iterable[TagSpan], length: int) -> tuple[str, ...]:
    """Return the IOB2 tags of spans that do not overlap.

    Args:
        spans: in any order.
        length: how many tokens there are.

    Raises:
        ValueError: two spans overlap, or one does not lie within the tokens.
    """
    tags = [OUTSIDE] * length
    for span in sorted(spans):
        if not 0 <= span.start < span.end <= length or tags[span.start : span.end] != [OUTSIDE] * (
            span.end - span.start
        ):
            raise ValueError(f"{span} overlaps another span, or is not within {length} tokens")
        for place in range(span.start, span.end):
            mark = "B" if place == span.start else "I"
            tags[place] = f"{mark}-{span.label}" if span.label else mark
    return tuple(tags)


def _label(tag: str) -> str:
    found = _MARKED.fullmatch(tag)
    return (found["label"] or "") if found else ""
