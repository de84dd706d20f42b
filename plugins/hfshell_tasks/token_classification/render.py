"""Entities in their sentences, as in `[Ada Lovelace]PER wrote to [Babbage]PER`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hfshell.api import Line, PredictionResult, Span, Stack
from hfshell_tasks.token_classification.entities import Entity

SHOWN = 20
"""Sentences."""


def tagged_sentences(result: PredictionResult) -> Stack | None:
    """Return a line a sentence; None where a text is not whole, and entities would stand beside it."""
    shown = list(zip(result.rows, result.inputs, strict=True))[:SHOWN]
    if not shown or not all(_fits(entities, text) for entities, text in shown):
        return None
    lines = [_sentence(entities, text) for entities, text in shown]
    if len(result.rows) > 1:
        lines.append(_counts(result.rows))
    return Stack(tuple(lines))


def _fits(entities: Sequence[Entity], text: str) -> bool:
    return all(text[entity.start : entity.end] == entity.word for entity in entities)


def _sentence(entities: Sequence[Entity], text: str) -> Line:
    spans: list[Span | str] = []
    end = 0
    for entity in entities:
        spans += [text[end : entity.start], Span(entity.word, "mark", tag=entity.entity_group)]
        end = entity.end
    spans.append(text[end:])
    return Line(tuple(span for span in spans if span))


def _counts(rows: Sequence[Sequence[Entity]]) -> Line:
    """Say how many entities of each type were found, over all sentences."""
    found = Counter(entity.entity_group for entities in rows for entity in entities)
    told = ", ".join(f"{name} {count:,}" for name, count in found.most_common())
    more = f"; the first {SHOWN} are shown" if len(rows) > SHOWN else ""
    return Line((Span(f"{len(rows):,} rows{more}: {told or 'no entity'}", "dim"),))
