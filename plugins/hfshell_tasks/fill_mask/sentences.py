"""Pairs of sentences to tell apart: one follows on the other, or it does not."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from hfshell.api import DataError, Row

IS_NEXT, NOT_NEXT = "is_next", "not_next"
LABELS = (IS_NEXT, NOT_NEXT)
"""In the order of the head's outputs: transformers' 0 says that the second sentence follows."""

_KNOWN_AS = {"0": IS_NEXT, "isnext": IS_NEXT, "is_next": IS_NEXT, "next": IS_NEXT} | {
    "1": NOT_NEXT, "notnext": NOT_NEXT, "not_next": NOT_NEXT, "random": NOT_NEXT,
}  # fmt: skip

_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|(?<=[。！？])|\n+")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text: what ends with a full stop and the like, or with its line."""
    return [part.strip() for part in _END.split(text) if part.strip()]


def label_of(value: object) -> str:
    """Return a label as it is called here; in data it may be 0 or 1, as transformers has it.

    Raises:
        DataError: it says neither.
    """
    known = _KNOWN_AS.get(str(value).casefold().replace(" ", "_"))
    if known is None:
        raise DataError(
            f"{value!r:.40} does not say whether a sentence follows",
            hint=f"{IS_NEXT} and {NOT_NEXT}, or 0 and 1",
        )
    return known


def pairs(rows: Sequence[Row], seed: int) -> list[Row]:
    """Return rows of two sentences and a label: the data's own, or made of its texts.

    Beside each sentence that another follows stands that one half the time, and one from elsewhere half the
    time: from another text where there is one (Devlin et al. 2019, section 3.1). Where most rows hold one
    sentence alone, rows follow on each other.

    Args:
        rows: with `text`, and `second` and `label` where the data has them.
        seed: of the choices.

    Raises:
        DataError: there are no two sentences, or a label says nothing.
    """
    if rows and all(row.get("second") is not None and row.get("label") is not None for row in rows):
        return [{**row, "label": label_of(row["label"])} for row in rows]
    texts = [found for row in rows if (found := sentences(str(row.get("text") or "")))]
    if sum(len(text) > 1 for text in texts) * 2 < len(texts):
        texts = [[sentence for text in texts for sentence in text]]
    draw = random.Random(seed)  # noqa: S311 - no secret
    places = [(number, place) for number, text in enumerate(texts) for place in range(len(text))]
    made = [
        _pair(texts, number, place, places, draw)
        for number, place in places
        if place + 1 < len(texts[number])
    ]
    if rows and not made:
        raise DataError(
            "no sentence follows on another in these texts",
            hint="texts of several sentences, or rows in the order of their text",
        )
    return made


def _pair(
    texts: Sequence[Sequence[str]],
    number: int,
    place: int,
    places: Sequence[tuple[int, int]],
    draw: random.Random,
) -> Row:
    """Return a sentence with the one that follows, or with one from elsewhere, at even odds."""
    first, following = texts[number][place], texts[number][place + 1]
    if draw.random() < 0.5:
        return {"text": first, "second": following, "label": IS_NEXT}
    for _ in range(_TRIES):
        other, there = draw.choice(places)
        if (other != number or len(texts) == 1) and texts[other][there] not in (first, following):
            return {"text": first, "second": texts[other][there], "label": NOT_NEXT}
    return {"text": first, "second": following, "label": IS_NEXT}


_TRIES = 20
"""Draws of another sentence; where all of them are the same ones, there is none."""
