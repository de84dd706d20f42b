"""Relation extraction on a sequence-classification head that reads the text with signs at the marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hfshell.api import TRUNCATED, DataError, Features, LabelHead, ModelError, ModelView, Row
from hfshell_tasks.relation_extraction.marked import SIGNS, Marked, marked


class RelationExtraction(LabelHead):
    """The relation between two marked things."""

    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        """Turn marked texts into token IDs; of long ones what is nearest to the two things.

        Raises:
            DataError: a text has not its four marks, or the two things alone are longer than the model reads.
            ModelError: the tokenizer does not know the signs, or cannot say where its tokens stand.
        """
        if not rows:
            return []
        _require_signs(model.processor)
        return [_feature(_marked(row), model) for row in rows]


def _marked(row: Row) -> Marked:
    text = row.get("text")
    if not isinstance(text, str):
        raise DataError(f"a row has no text: {dict(row)!r:.80}")
    try:
        return marked(text)
    except ValueError as error:
        raise DataError(
            f"the two things are not marked in '{text:.60}': {error}",
            hint="A <e1>fire</e1> was caused by a <e2>spark</e2>.",
        ) from None


def _feature(row: Marked, model: ModelView) -> dict[str, Any]:
    """Encode a text whole where it fits, else the tokens nearest to the two things, in their order."""
    processor, limit = model.processor, model.limit
    encoded = dict(processor(row.text, truncation=False, verbose=False))
    count = len(encoded["input_ids"])
    if limit is None or count <= limit:
        return encoded
    if not getattr(processor, "is_fast", False):
        raise ModelError(
            f"{type(processor).__name__} does not say where its tokens stand: a text of {count:,} tokens "
            f"cannot be cut around its marks to the {limit:,} that are read"
        )
    how = {"return_offsets_mapping": True, "return_special_tokens_mask": True}
    places = processor(row.text, truncation=False, verbose=False, **how)
    kept = _nearest(row, places["offset_mapping"], places["special_tokens_mask"], limit)
    return {name: [values[place] for place in kept] for name, values in encoded.items()} | {
        TRUNCATED: count - len(kept)
    }


def _nearest(
    row: Marked, offsets: Sequence[tuple[int, int]], special: Sequence[int], limit: int
) -> list[int]:
    """Choose which tokens are kept, by place: special ones, the two things, and then those next to them.

    Raises:
        DataError: there is no room for the two things.
    """
    inside = {
        place
        for place, ((start, end), mark) in enumerate(zip(offsets, special, strict=True))
        if mark or any(start < last and end > first for first, last in row.things)
    }
    if len(inside) > limit:
        raise DataError(
            f"the two things of '{row.text:.60}' have {len(inside):,} tokens, and the model reads {limit:,}",
            hint="mark less of the text, or leave the row out",
        )
    edges = _edges(sorted(place for place in inside if not special[place]))
    rest = sorted(
        (min(abs(place - thing) for thing in edges), place)
        for place in range(len(offsets))
        if place not in inside
    )
    return sorted(inside | {place for _, place in rest[: limit - len(inside)]})


def _edges(places: Sequence[int]) -> list[int]:
    """Return the places that have no neighbour on one side."""
    held = set(places)
    return [place for place in places if place - 1 not in held or place + 1 not in held]


def _require_signs(processor: Any) -> None:
    """Make sure that signs are not all the same to the model.

    Raises:
        ModelError: the tokenizer does not know one.
    """
    unknown = getattr(processor, "unk_token_id", None)
    for sign in dict.fromkeys(SIGNS.values()):
        ids = processor(sign, add_special_tokens=False)["input_ids"]
        if unknown is not None and unknown in ids:
            raise ModelError(f"the model's tokenizer does not know the sign {sign} that marks a thing")
