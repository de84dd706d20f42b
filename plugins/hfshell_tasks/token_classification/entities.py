"""Entities: runs of tagged words, with the keys of the Hub's pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from hfshell.api import tagging
from hfshell_tasks.token_classification.words import Words


@dataclass(frozen=True)
class Entity:
    """Words that belong together, as the pipeline gives them when it aggregates.

    Attributes:
        entity_group: what they are: `PER`.
        score: mean probability of its words' tags, each that of its first token.
        word: the text, as it stands.
        start, end: where it stands, in characters.
    """

    entity_group: str
    score: float
    word: str
    start: int
    end: int


@dataclass(frozen=True)
class Tagged:
    """A row with a tag for each word.

    Attributes:
        tags: as many as words.
        entities: what they mark.
    """

    tags: tuple[str, ...]
    entities: tuple[Entity, ...]


def entities_of(words: Words, tags: Sequence[str], scores: Sequence[float]) -> tuple[Entity, ...]:
    """Return what tags mark; an `I-` that nothing begins begins an entity, as for the pipeline.

    Tags that mark no spans, parts of speech say, are one entity a word.

    Args:
        words: the row's.
        tags: one a word.
        scores: their probabilities.
    """
    if all(map(tagging.marks_spans, tags)):
        spans = tagging.spans_of(tagging.to_iob2(tags))
    else:
        spans = tuple(
            tagging.TagSpan(place, place + 1, tag) for place, tag in enumerate(tags) if tag != tagging.OUTSIDE
        )
    return tuple(_entity(words, span, scores) for span in spans)


def loose_begins(tags: Sequence[str]) -> int:
    """Count entities that begin without a `B-`: strictly read they are none."""
    if not all(map(tagging.marks_spans, tags)):
        return 0
    return len(tagging.spans_of(tagging.to_iob2(tags))) - sum(tag.startswith("B") for tag in tags)


def _entity(words: Words, span: tagging.TagSpan, scores: Sequence[float]) -> Entity:
    start, end = words.spans[span.start][0], words.spans[span.end - 1][1]
    score = fmean(scores[span.start : span.end])
    return Entity(span.label or "entity", score, words.text[start:end], start, end)
