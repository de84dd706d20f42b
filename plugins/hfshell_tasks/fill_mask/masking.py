"""Which tokens of a text are hidden, and what stands in their place: BERT's rule."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Any

from hfshell.api import IGNORED, Feature, ModelError

SHARE = 0.15
"""Of a text's tokens so many are to be found out (Devlin et al. 2019, section 3.1)."""

_AS_MASK = 0.8
_AS_ANOTHER = 0.9

_SPELLINGS = re.compile(r"\[MASK\]|<mask>|_{3,}", re.IGNORECASE)


def mask_of(processor: Any) -> str:
    """Return the token that a tokenizer hides words with.

    Raises:
        ModelError: it has none.
    """
    mask = getattr(processor, "mask_token", None)
    if mask is None:
        raise ModelError(
            "the tokenizer has no mask token: the model was not made to find hidden words",
            hint="`new bert DATA` makes one that can be pretrained so",
        )
    return str(mask)


def with_masks(text: str, mask: str) -> str:
    """Return a text with the tokenizer's mask wherever one is written: `[MASK]`, `<mask>`, `___`."""
    return _SPELLINGS.sub(lambda _found: mask, text)


def parts_of(text: str) -> list[str]:
    """Return what of a text stands before, between and behind its masks."""
    return _SPELLINGS.split(text)


def places(feature: Feature) -> list[int]:
    """Return where a feature has tokens of the text itself."""
    return [place for place, text in enumerate(feature["_sequence"]) if text is not None]


def masked(feature: Feature, processor: Any, draw: random.Random) -> dict[str, Any]:
    """Return a feature with some of its tokens hidden, and as `labels` what they were.

    15 % of the tokens, at least one: of these 80 % become the mask, 10 % any token, and 10 % stay, as in
    BERT's `create_pretraining_data.py`.
    """
    candidates = places(feature)
    count = min(len(candidates), max(1, round(SHARE * len(candidates))))
    ids, chosen = list(feature["input_ids"]), draw.sample(candidates, count)
    for place in chosen:
        luck = draw.random()
        if luck < _AS_MASK:
            ids[place] = processor.mask_token_id
        elif luck < _AS_ANOTHER:
            ids[place] = draw.randrange(len(processor))
    return hiding(feature, ids, chosen)


def each_masked(feature: Feature, processor: Any) -> list[dict[str, Any]]:
    """Return a feature for each token of the text, in which that token alone is hidden.

    Of a text without tokens one in which nothing is: each row is measured.
    """
    found = []
    for place in places(feature):
        ids = list(feature["input_ids"])
        ids[place] = processor.mask_token_id
        found.append(hiding(feature, ids, [place]))
    return found or [hiding(feature, list(feature["input_ids"]), [])]


def hiding(feature: Feature, ids: list[int], chosen: Sequence[int]) -> dict[str, Any]:
    """Return a feature with other tokens, and the old ones as `labels` where they are to be found out."""
    labels = [IGNORED] * len(ids)
    for place in chosen:
        labels[place] = feature["input_ids"][place]
    return {**feature, "input_ids": ids, "labels": labels}
