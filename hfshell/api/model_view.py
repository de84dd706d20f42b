"""A model as a head task sees it while it encodes rows and decodes logits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from hfshell.api.features import ROW, TRUNCATED, Feature, split_rows
from hfshell.errors import ModelError

if TYPE_CHECKING:
    from hfshell.api.models import LoadedModel

_OVERLAP = 4
"""Windows overlap by one in so many of the tokens they hold: 128 of 512, as in BERT's SQuAD run."""

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
        padding: makes a batch of features; what `pad` calls. The engine gives it.
        config: the model's configuration, as transformers has it; None where a test gives none.
    """

    processor: Any
    labels: tuple[str, ...] = ()
    max_length: int | None = None
    options: Any = None
    padding: Callable[..., Mapping[str, Any]] | None = field(default=None, repr=False, compare=False)
    config: Any = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, model: LoadedModel, options: Any = None, max_length: int | None = None) -> Self:
        """Return a loaded model as its task sees it; `pad` is the engine's alone.

        Args:
            model: the model.
            options: the task's own options.
            max_length: tokens at most, where the user limits the input further than the model.
        """
        limits = [limit for limit in (max_length, model.files.max_length) if limit is not None]
        config = getattr(model.module, "config", None)
        return cls(model.processor, model.labels, min(limits, default=None), options, config=config)

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
            `_truncated` where tokens were cut.
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

    def windows(
        self,
        texts: Sequence[Any],
        pairs: Sequence[str] | None = None,
        *,
        overlap: int | None = None,
        **arguments: Any,
    ) -> list[dict[str, Any]]:
        """Turn texts into token IDs, those beyond `limit` into several overlapping windows: nothing is cut.

        Args:
            texts: one a row; or a list of words a row, with `is_split_into_words=True`.
            pairs: a second text a row, and the one that is cut into windows; the first is in each of them.
            overlap: tokens that a window shares with the one before it; a quarter of `limit` without it.
            arguments: passed on to the tokenizer.

        Returns:
            For each window the tokenizer's lists of ints, with `_row`, and a list each, one entry a token:
            `_offsets`, (start, end) in the text's characters; `_words`, the word's index or None;
            `_sequence`, 0 or 1 for the text or its pair, None for special tokens.

        Raises:
            ModelError: the tokenizer, one in pure Python, keeps no offsets.
        """
        if not texts:
            return []
        if not getattr(self.processor, "is_fast", False):
            raise ModelError(f"{type(self.processor).__name__} does not say where its tokens stand in a text")
        limit = self.limit
        given = (list(texts),) if pairs is None else (list(texts), list(pairs))
        cut: bool | str = False if limit is None else "longest_first" if pairs is None else "only_second"
        shared = 0 if limit is None else limit // _OVERLAP if overlap is None else overlap
        how: dict[str, Any] = {"truncation": cut, "max_length": limit, "stride": shared}
        how |= {"return_overflowing_tokens": limit is not None, "return_offsets_mapping": True}
        encoded = self.processor(*given, **{**how, **arguments})
        features = split_rows(encoded)
        for index, feature in enumerate(features):
            feature[ROW] = feature.pop("overflow_to_sample_mapping", index)
            feature["_offsets"] = [tuple(offset) for offset in feature.pop("offset_mapping")]
            feature["_words"] = encoded.word_ids(index)
            feature["_sequence"] = encoded.sequence_ids(index)
        return features

    def pad(self, features: Sequence[Feature], *, side: str | None = None) -> Mapping[str, Any]:
        """Pad features to one batch of tensors, on the engine's view of a model.

        Inputs are padded with the tokenizer's token, targets that are lists of whole numbers with -100.
        Inputs that are lists of lists, one for each choice, become tensors of shape (rows, choices, tokens).

        Args:
            features: at least one; what stands under a key that begins with `_` is left out.
            side: where padding stands, `left` or `right`; None for the tokenizer's own side.

        Returns:
            Tensors by name, their first dimension the features.

        Raises:
            ModelError: this is no view of the engine's.
        """
        if self.padding is None:
            raise ModelError("this view of a model cannot make batches: the engine's can")
        return self.padding(self.processor, features, side=side)

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
