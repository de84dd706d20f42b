"""Tags and spans: there and back, in every scheme, and read strictly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfshell.api.tagging import Scheme, TagSpan, loose_tags, scheme_of, spans_of, tags_of, to_iob2

LABELS = ("PER", "LOC", "creative-work")


@st.composite
def tagged(draw: st.DrawFn) -> tuple[tuple[TagSpan, ...], int]:
    """Spans that do not overlap, and how many tokens there are."""
    length = draw(st.integers(1, 12))
    spans, start = [], 0
    while start < length:
        size = draw(st.integers(0, 3))
        if size and start + size <= length:
            spans.append(TagSpan(start, start + size, draw(st.sampled_from(LABELS))))
        start += max(size, 1)
    return tuple(spans), length


def written(spans: tuple[TagSpan, ...], length: int, scheme: Scheme) -> tuple[str, ...]:
    """Write spans in a scheme, one token after the other."""
    tags = ["O"] * length
    ends = {span.end: span.label for span in spans}
    for span in spans:
        for place in range(span.start, span.end):
            first, last = place == span.start, place == span.end - 1
            if scheme == "IOB1":
                mark = "B" if first and ends.get(span.start) == span.label else "I"
            elif scheme == "IOB2":
                mark = "B" if first else "I"
            else:
                only, end = ("S", "E") if scheme == "BIOES" else ("U", "L")
                mark = only if first and last else "B" if first else end if last else "I"
            tags[place] = f"{mark}-{span.label}"
    return tuple(tags)


@given(tagged())
def test_spans_there_and_back(case: tuple[tuple[TagSpan, ...], int]) -> None:
    """Tags of spans are those spans again."""
    spans, length = case
    assert spans_of(tags_of(spans, length)) == spans


@pytest.mark.parametrize("scheme", ["IOB1", "IOB2", "BIOES", "BILOU"])
@given(case=tagged())
def test_every_scheme_becomes_iob2(scheme: Scheme, case: tuple[tuple[TagSpan, ...], int]) -> None:
    """What a scheme says is the same in IOB2, and nothing of it is called loose."""
    spans, length = case
    tags = written(spans, length, scheme)
    assert to_iob2(tags) == tags_of(spans, length)
    assert loose_tags(tags, scheme) == 0


@pytest.mark.parametrize(
    ("tags", "scheme"),
    [
        ("I-PER I-PER O I-LOC B-LOC", "IOB1"),
        ("B-PER I-PER O B-LOC", "IOB2"),
        ("B-PER O I-LOC", "IOB2"),
        ("B-PER E-PER S-LOC", "BIOES"),
        ("B-PER L-PER U-LOC", "BILOU"),
        ("B I O B", "IOB2"),
        ("O O", None),
        ("NOUN VERB", None),
        ("B-PER NOUN", None),
        ("B-PER E-PER L-PER", None),
    ],
)
def test_the_scheme_of_a_column(tags: str, scheme: Scheme | None) -> None:
    """Schemes are told by what they hold; what marks no spans has none."""
    assert scheme_of([tags.split()]) == scheme


def test_one_begin_shows_that_it_is_not_iob1() -> None:
    """An I- that follows nothing is a fault where a B- begins a span elsewhere."""
    assert scheme_of([["I-PER", "O"], ["O", "B-LOC"]]) == "IOB2"


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ("O I-PER I-PER", []),
        ("B-PER I-LOC I-LOC", [(0, 1, "PER")]),
        ("B-PER I-PER B-PER", [(0, 2, "PER"), (2, 3, "PER")]),
        ("B-PER O I-PER", [(0, 1, "PER")]),
    ],
)
def test_strict_reading(tags: str, spans: list[tuple[int, int, str]]) -> None:
    """What begins without a B- is no span, as strict entity scores have it."""
    assert spans_of(tags.split()) == tuple(TagSpan(*span) for span in spans)


@pytest.mark.parametrize(
    ("tags", "scheme", "count"),
    [
        ("O I-PER I-PER", "IOB2", 1),
        ("B-PER I-LOC", "IOB2", 1),
        ("B-PER I-PER", "BIOES", 1),
        ("I-PER E-PER", "BIOES", 1),
        ("I-PER", "IOB1", 0),
    ],
)
def test_loose_tags_are_counted(tags: str, scheme: Scheme, count: int) -> None:
    """What goes on with nothing, and what is left open, is counted."""
    assert loose_tags(tags.split(), scheme) == count


@pytest.mark.parametrize("spans", [[(0, 2), (1, 3)], [(2, 2)], [(0, 9)], [(-1, 1)]])
def test_spans_that_are_none(spans: list[tuple[int, int]]) -> None:
    """Overlapping, empty and impossible spans are refused."""
    with pytest.raises(ValueError, match="overlaps another span"):
        tags_of([TagSpan(*span, "PER") for span in spans], 3)
