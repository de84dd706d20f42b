"""Texts that a tokenizer does not know: all of them look the same to the model, and get a sure answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hfshell.api.features import Feature
from hfshell.api.guards import Guard

SUSPICIOUS = 0.05
UNREADABLE = 0.30
"""Shares of a text's tokens that are unknown: said from the first on, refused from the second."""

_MARKS = ("bos", "eos", "sep", "cls", "pad", "mask")


@dataclass
class UnknownPieces:
    """Counts tokens that stand for text which a tokenizer does not know.

    Tokenizers that fall back on bytes know every text; those whose unknown token means something else as
    well, GPT-2's say, are not asked.

    Attributes:
        processor: the tokenizer.
    """

    processor: Any
    _unknown: int = 0
    _tokens: int = 0
    _rows: int = 0
    _wholly: int = 0
    _id: int | None = field(init=False)
    _special: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        marks = {getattr(self.processor, f"{mark}_token_id", None) for mark in _MARKS}
        unknown = getattr(self.processor, "unk_token_id", None)
        self._id = unknown if unknown not in marks else None
        self._special = frozenset(mark for mark in marks if mark is not None)

    def count(self, feature: Feature) -> None:
        """Count a feature's tokens, but for those that mark its beginning, end and gaps."""
        ids = feature.get("input_ids")
        if self._id is None or ids is None:
            return
        text = [token for token in _flat(ids) if token not in self._special]
        unknown = text.count(self._id)
        self._tokens += len(text)
        self._unknown += unknown
        self._rows += 1
        self._wholly += bool(text) and unknown == len(text)

    def guard(self) -> Guard | None:
        """Return what is to be said of the texts so far; None when they can be read."""
        share = self._unknown / self._tokens if self._tokens else 0.0
        hint = "a model for this language and script reads them"
        if share > SUSPICIOUS:
            return Guard(
                "unknown-tokens",
                "refuse" if share > UNREADABLE else "warn",
                f"the model's tokenizer does not know {share:.0%} of the tokens: it reads them all as "
                f"{self.processor.unk_token}",
                hint=f"{hint}   or   --allow unknown-tokens" if share > UNREADABLE else hint,
                count=self._unknown,
            )
        if self._wholly:
            what = f"{self._wholly:,} of {self._rows:,} texts"
            return Guard(
                "unknown-tokens",
                "warn",
                f"the model's tokenizer knows nothing in {what}: their answers mean nothing",
                hint=hint,
                count=self._wholly,
            )
        return None


def _flat(ids: Sequence[Any]) -> Iterable[int]:
    for item in ids:
        if isinstance(item, Sequence):
            yield from item
        else:
            yield item
