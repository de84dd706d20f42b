"""Texts with entities at offsets, read as tokens with tags."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from hfshell.api.tagging import TagSpan, tags_of
from hfshell.data.jsonvalues import json_type
from hfshell.data.kinds.cells import Unfit, quoted
from hfshell.data.shapes.shape import Made, Shape, are, has_texts, looks
from hfshell.data.table import RowTable

_TEXTS = ("text", "sentence", "content", "data")
_ENTITIES = ("entities", "spans", "ner", "label", "labels", "annotations")
_STARTS = ("start", "start_offset", "start_char", "begin")
_ENDS = ("end", "end_offset", "end_char", "stop")
_LABELS = ("label", "type", "entity", "entity_type", "entity_group", "tag", "class")
# A character of a script without blanks between words is a token of its own, as tokenizers have it.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+|[^\w\s]")


@dataclass(frozen=True, order=True)
class Entity:
    """Characters from `start` to `end`, which is behind the last one, and what they are."""

    start: int
    end: int
    label: str


def read_entities(table: RowTable) -> Shape | None:
    """Read a text with `entities: [{"start": 0, "end": 3, "label": "PER"}]`, or `[0, 3, "PER"]`."""
    text = next((name for name in _TEXTS if has_texts(table, name)), None)
    column = next((name for name in _ENTITIES if are(looks(table, name), _are_entities)), None)
    if text is None or column is None:
        return None
    made = (
        Made("tokens", (text, column), _tokens),
        Made("tags", (text, column), _tags),
    )
    return Shape(f"{text} with {column} read as tokens and their tags", made)


def tokens_in(text: str, edges: frozenset[int] = frozenset()) -> list[tuple[int, int]]:
    """Return where the words and signs of a text stand, from and to.

    Args:
        text: the text.
        edges: offsets at which a word is cut, so that no entity begins or ends inside of one.
    """
    places: list[tuple[int, int]] = []
    for found in _TOKEN.finditer(text):
        cuts = [
            found.start(),
            *sorted(edge for edge in edges if found.start() < edge < found.end()),
            found.end(),
        ]
        places += pairwise(cuts)
    return places


def _are_entities(cell: Any) -> bool:
    return isinstance(cell, list) and all(_is_entity(item) for item in cell)


def _is_entity(item: Any) -> bool:
    if isinstance(item, dict):
        return _first(item, _STARTS) is not None and _first(item, _ENDS) is not None
    return isinstance(item, list) and len(item) == 3 and isinstance(item[0], int) and isinstance(item[2], str)


def _tokens(text: Any, entities: Any) -> Any:
    if not isinstance(text, str):
        return text
    try:
        return _read(text, entities)[0]
    except Unfit:  # that is said of the tags
        return [text[start:end] for start, end in tokens_in(text)]


def _tags(text: Any, entities: Any) -> Any:
    if entities is None or not isinstance(text, str):
        return None
    return _read(text, entities)[1]


def _read(text: str, cell: Any) -> tuple[list[str], list[str]]:
    entities = _entities(text, cell)
    edges = frozenset(edge for entity in entities for edge in (entity.start, entity.end))
    places = tokens_in(text, edges)
    spans = [_span(entity, places) for entity in entities]
    return [text[start:end] for start, end in places], list(tags_of(spans, len(places)))


def _span(entity: Entity, places: list[tuple[int, int]]) -> TagSpan:
    inside = [
        number for number, (start, end) in enumerate(places) if entity.start <= start and end <= entity.end
    ]
    if not inside:
        raise Unfit(f"the {entity.label} at {entity.start:,} holds no word")
    return TagSpan(inside[0], inside[-1] + 1, entity.label)


def _entities(text: str, cell: Any) -> list[Entity]:
    entities: list[Entity] = []
    for item in cell or ():
        entities.append(_entity(item))
        if not 0 <= entities[-1].start < entities[-1].end <= len(text):
            last = entities[-1]
            where = f"at {last.start:,} to {last.end:,}"
            raise Unfit(f"the {last.label} {where} is not within the {len(text):,} characters")
    entities.sort()
    for before, after in pairwise(entities):
        if after.start < before.end:
            overlap = text[after.start : min(before.end, after.end)]
            raise Unfit(
                f"a {before.label} and a {after.label} overlap at {quoted(overlap)}: a token has one tag"
            )
    return entities


def _entity(item: Any) -> Entity:
    if isinstance(item, dict):
        start, end, label = (_first(item, names) for names in (_STARTS, _ENDS, _LABELS))
    elif isinstance(item, list) and len(item) == 3:
        start, end, label = item
    else:
        raise Unfit(f"an entity is {json_type(item)}, not an object or list of start, end and label")
    if isinstance(label, list) and len(label) == 1:
        label = label[0]
    if not isinstance(start, int) or not isinstance(end, int) or not isinstance(label, str) or not label:
        raise Unfit("an entity has no start, end and label")
    return Entity(start, end, label)


def _first(item: dict[str, Any], names: tuple[str, ...]) -> Any:
    return next((item[name] for name in names if name in item), None)
