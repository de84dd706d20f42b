"""Two things at places beside their text, read as a text with marks: `<e1>fire</e1> by <e2>sparks</e2>`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hfshell.data.jsonvalues import json_type
from hfshell.data.kinds.cells import Unfit, is_missing
from hfshell.data.shapes.shape import Made, Shape, are, has_texts, looks
from hfshell.data.table import RowTable

_TEXTS = ("text", "sentence", "content")
_THINGS = (
    ("head", "tail"),
    ("e1", "e2"),
    ("entity1", "entity2"),
    ("subject", "object"),
    ("subj", "obj"),
    ("h", "t"),
)
_TOKENS = ("token", "tokens", "words")
_PLACES = ("subj_start", "subj_end", "obj_start", "obj_end")
_STARTS, _ENDS = ("start", "start_char", "begin"), ("end", "end_char", "stop")

Place = tuple[int, int]


def read_places(table: RowTable) -> Shape | None:
    """Read a text with `head` and `tail`, each `{"start": 2, "end": 6}` or `[2, 6]` in characters."""
    text = next((name for name in _TEXTS if has_texts(table, name)), None)
    things = next(
        (pair for pair in _THINGS if all(are(looks(table, name), _is_place) for name in pair)), None
    )
    if text is None or things is None:
        return None
    made = Made(f"{text}.marked", (text, *things), _marked, (("text", "text"),))
    return Shape(f"{text} with {things[0]} and {things[1]} read as a text with both marked", (made,))


def read_token_places(table: RowTable) -> Shape | None:
    """Read TACRED's tokens, with numbers of the first and last token of subject and object."""
    tokens = next((name for name in _TOKENS if are(looks(table, name), _is_list)), None)
    if tokens is None or not set(_PLACES) <= set(table.columns):
        return None
    made = Made("text.marked", (tokens, *_PLACES), _marked_tokens, (("text", "text"),))
    return Shape(f"{tokens} with places of subject and object read as a text with both marked", (made,))


def _is_place(cell: Any) -> bool:
    if isinstance(cell, dict):
        return _first(cell, _STARTS) is not None and _first(cell, _ENDS) is not None
    return _is_list(cell) and len(cell) == 2 and all(isinstance(item, int) for item in cell)


def _is_list(cell: Any) -> bool:
    return isinstance(cell, list)


def _marked(text: Any, first: Any, second: Any) -> str | None:
    if is_missing(text) or first is None or second is None:
        return None
    return _with_marks(text, _place(first), _place(second))


def _marked_tokens(tokens: Any, *ends: Any) -> str | None:
    if tokens is None or None in ends:
        return None
    if not _is_list(tokens) or not all(isinstance(end, int) and 0 <= end < len(tokens) for end in ends):
        raise Unfit("the places of subject and object are not within the tokens")
    starts: list[int] = []
    length = 0
    for token in tokens:
        starts.append(length)
        length += len(token) + 1
    spans = [(starts[first], starts[last] + len(tokens[last])) for first, last in (ends[:2], ends[2:])]
    return _with_marks(" ".join(tokens), spans[0], spans[1])


def _with_marks(text: str, first: Place, second: Place) -> str:
    for start, end in (first, second):
        if not 0 <= start < end <= len(text):
            raise Unfit(f"characters {start:,} to {end:,} are not within the {len(text):,} of the text")
    if first[0] < second[1] and second[0] < first[1]:
        raise Unfit("the two things overlap")
    marked = text
    for name, (start, end) in sorted((("e1", first), ("e2", second)), key=lambda item: -item[1][0]):
        marked = f"{marked[:start]}<{name}>{marked[start:end]}</{name}>{marked[end:]}"
    return marked


def _place(cell: Any) -> Place:
    ends: Sequence[Any] = (
        (_first(cell, _STARTS), _first(cell, _ENDS))
        if isinstance(cell, dict)
        else cell
        if _is_list(cell)
        else ()
    )
    if len(ends) != 2 or not all(isinstance(end, int) for end in ends):
        raise Unfit(f"a thing is {json_type(cell)}, not an object or list of start and end")
    return ends[0], ends[1]


def _first(item: dict[str, Any], names: tuple[str, ...]) -> Any:
    return next((item[name] for name in names if name in item), None)
