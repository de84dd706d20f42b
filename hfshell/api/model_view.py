"""A model as a head task sees it while it encodes rows and decodes logits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TRUNCATED = "hfshell_truncated"
"""Feature that says how many tokens of its row were cut; it is reported, and never reaches the model."""

_NO_LIMIT = 1 << 30
"""Tokenizers that know no limit of their own say 1e30."""


@dataclass(frozen=True)
class ModelView:
    """A model as `HeadTask.encode` and `HeadTask.decode` see it.

    Example::

        def encode(self, rows, model):
            return model.tokenize([row["premise"] for row in rows], [row["hypothesis"] for row in rows])

    Attributes:
        processor: the tokenizer (or image processor).
        labels: label names by index; empty for a head without labels.
        max_length: longest input in tokens that the model and the user's `--max-length` allow; None when
            nothing limits it.
        options: the task's own options of the verb: an instance of the dataclass that `TaskSpec.options`
            declares for it. In `finetune` and `eval` it is that of `predict`, with its defaults and whatever
            options of the same name were given. None when the task declares none.
    """

    processor: Any
    labels: tuple[str, ...] = ()
    max_length: int | None = None
    options: Any = None

    @property
    def limit(self) -> int | None:
        """The smaller of `max_length` and the tokenizer's own limit, in tokens."""
        limits = (self.max_length, getattr(self.processor, "model_max_length", None))
        return min((int(limit) for limit in limits if limit and limit < _NO_LIMIT), default=None)

    def tokenize(
        self, texts: Sequence[str], pairs: Sequence[str] | None = None, **arguments: Any
    ) -> list[dict[str, Any]]:
        """Turn texts into token IDs, cut at `limit`, and count what was cut.

        Args:
            texts: one a row.
            pairs: a second text a row, for heads that read two.
            arguments: passed on to the tokenizer, over `truncation` and `max_length`.

        Returns:
            For each row the tokenizer's lists of ints, neither padded nor tensors, with
            `hfshell_truncated` where tokens were cut.
        """
        if not texts:
            return []
        limit = self.limit
        given = (list(texts),) if pairs is None else (list(texts), list(pairs))
        short = (
            given if pairs is None or limit is None else tuple(self._cut(column, limit) for column in given)
        )
        encoded = self.processor(
            *short, **{"truncation": limit is not None, "max_length": limit, **arguments}
        )
        features = split_rows(encoded)
        for index, cut in self._cut_tokens(given, encoded["input_ids"], limit).items():
            features[index][TRUNCATED] = cut
        return features

    def _cut(self, texts: list[str], limit: int) -> list[str]:
        """Cut long texts of pairs to the first `limit` tokens before they are cut together.

        The fast tokenizers keep all that they cut, of pairs each piece with each: gigabytes for long texts.
        """
        long = [index for index, text in enumerate(texts) if len(text) > limit]
        if not long or not getattr(self.processor, "is_fast", False):
            return texts
        arguments = {"add_special_tokens": False, "truncation": False, "return_offsets_mapping": True}
        found = self.processor([texts[index] for index in long], verbose=False, **arguments)["offset_mapping"]
        cut = list(texts)
        for index, offsets in zip(long, found, strict=True):
            if len(offsets) > limit:
                cut[index] = texts[index][: offsets[limit - 1][1]]
        return cut

    def _cut_tokens(
        self, texts: tuple[list[str], ...], input_ids: Sequence[Sequence[int]], limit: int | None
    ) -> dict[int, int]:
        """Count the tokens that were cut, by row; only rows at the limit are read again."""
        at_limit = [index for index, ids in enumerate(input_ids) if len(ids) == limit]
        if not at_limit:
            return {}
        again = tuple([column[index] for index in at_limit] for column in texts)
        whole = self.processor(*again, truncation=False, verbose=False)["input_ids"]
        cut = {index: len(ids) - len(input_ids[index]) for index, ids in zip(at_limit, whole, strict=True)}
        return {index: count for index, count in cut.items() if count > 0}


def split_rows(encoded: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Turn what a tokenizer gives for many rows, lists by name, into one dict a row."""
    names = list(encoded)
    rows = len(encoded[names[0]]) if names else 0
    return [{name: encoded[name][index] for name in names} for index in range(rows)]
