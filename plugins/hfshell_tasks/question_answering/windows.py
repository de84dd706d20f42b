"""Questions with their texts as windows of tokens, and where answers stand in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hfshell.api import ROW, TRUNCATED, DataError, ModelView, Row
from hfshell_tasks.question_answering.options import ReadingOptions

Feature = dict[str, Any]


@dataclass(frozen=True)
class Passage:
    """The tokens of a window that are of the text.

    Attributes:
        first: place of the first of them.
        offsets: where each begins and ends in the text, in characters.
        null: place of the token that stands for no answer.
    """

    first: int
    offsets: Sequence[tuple[int, int]]
    null: int

    def tokens_of(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the places of the first and the last token of an answer; None unless all of it is here."""
        covering = [
            place for place, (begin, close) in enumerate(self.offsets) if begin < end and close > start
        ]
        if not covering or not self.offsets:
            return None
        first, last = covering[0], covering[-1]
        cut_before = first == 0 and self.offsets[0][0] > start
        cut_behind = last == len(self.offsets) - 1 and self.offsets[-1][1] < end
        return None if cut_before or cut_behind else (self.first + first, self.first + last)


def windows(rows: Sequence[Row], model: ModelView) -> list[Feature]:
    """Return features of questions with their texts, several for a long text.

    A question of more than half a window is cut to that; it is counted as such.

    Raises:
        DataError: a row has no question, or no text.
    """
    options: ReadingOptions = model.options or ReadingOptions()
    limit = min(options.window, model.limit or options.window)
    questions, cut = _short([_text(row, "question") for row in rows], limit // 2, model.processor)
    features = model.windows(
        questions,
        [_text(row, "context") for row in rows],
        overlap=min(options.overlap, limit // 4),
        max_length=limit,
        truncation="only_second",
        return_overflowing_tokens=True,
    )
    for feature in features:
        if tokens := cut.pop(feature[ROW], 0):
            feature[TRUNCATED] = tokens
    return features


def passage_of(feature: Mapping[str, Any], processor: Any) -> Passage:
    """Return the part of a window that is of the text."""
    places = [place for place, sequence in enumerate(feature["_sequence"]) if sequence == 1]
    first = places[0] if places else 0
    offsets = [feature["_offsets"][place] for place in places]
    null = getattr(processor, "cls_token_id", None)
    ids = list(feature["input_ids"])
    return Passage(first, offsets, ids.index(null) if null in ids else 0)


def positions(feature: Mapping[str, Any], answers: Mapping[str, Any], processor: Any) -> tuple[int, int]:
    """Return the tokens where the first answer begins and ends; those of no answer where it is not here."""
    passage = passage_of(feature, processor)
    nothing = (passage.null, passage.null)
    if not answers["text"]:
        return nothing
    start = answers["answer_start"][0]
    return passage.tokens_of(start, start + len(answers["text"][0])) or nothing


def _short(questions: list[str], most: int, processor: Any) -> tuple[list[str], dict[int, int]]:
    """Cut long questions; return them with the tokens that were cut, by row."""
    long = [number for number, question in enumerate(questions) if len(question) > most]
    if not long:
        return questions, {}
    given = [questions[number] for number in long]
    arguments = {"add_special_tokens": False, "truncation": False, "return_offsets_mapping": True}
    found = processor(given, verbose=False, **arguments)["offset_mapping"]
    short, cut = list(questions), {}
    for number, offsets in zip(long, found, strict=True):
        if len(offsets) > most:
            short[number] = questions[number][: offsets[most - 1][1]]
            cut[number] = len(offsets) - most
    return short, cut


def _text(row: Row, role: str) -> str:
    text = row.get(role)
    if not isinstance(text, str):
        raise DataError(f"a row has no {role}: {dict(row)!r:.80}")
    return text
