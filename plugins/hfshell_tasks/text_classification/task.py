"""Text classification on a sequence-classification head."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import torch

from hfshell.api import DataError, HeadTask, LabelScore, Refused, Row

_SHOWN = 5


class TextClassification(HeadTask):
    """One label for each text."""

    auto_class: ClassVar[str] = "AutoModelForSequenceClassification"
    problem_type: ClassVar[str | None] = "single_label_classification"

    def encode(
        self, rows: Sequence[Row], processor: Any, labels: tuple[str, ...], max_length: int | None
    ) -> list[dict[str, Any]]:
        """Turn texts into token IDs, special tokens included, cut at the end to what the model can read.

        Args:
            rows: with `text`, and with `label` where it is known.
            processor: a tokenizer.
            labels: label names by index.
            max_length: longest input in tokens; the tokenizer's own limit holds too.

        Returns:
            For each row the tokenizer's lists of ints, `labels` (the label's index) where there is one, and
            `hfshell_truncated` (how many tokens were cut) where there were any.

        Raises:
            DataError: a row has no text.
            Refused: a label is not one that the model knows (`labels`).
        """
        if not rows:
            return []
        texts = [_text(row) for row in rows]
        limit = _limit(processor, max_length)
        encoded = processor(texts, truncation=limit is not None, max_length=limit)
        features = [{name: encoded[name][index] for name in encoded} for index in range(len(rows))]
        for index, cut in _cut_tokens(processor, texts, encoded["input_ids"], limit).items():
            features[index]["hfshell_truncated"] = cut
        position = {label: index for index, label in enumerate(labels)}
        for feature, row in zip(features, rows, strict=True):
            if row.get(self.target_role) is not None:
                feature["labels"] = _index(str(row[self.target_role]), position)
        return features

    def decode(
        self,
        logits: torch.Tensor,
        rows: Sequence[Row],  # noqa: ARG002 - of the contract
        labels: tuple[str, ...],
        options: Any,
    ) -> Iterator[list[LabelScore]]:
        """Yield each row's labels with their probabilities, the best first.

        Args:
            logits: float32, shape (rows, labels).
            rows: the rows.
            labels: label names by index.
            options: its `top_k` says how many labels to give; all of them when it has none.

        Raises:
            ValueError: there are more or fewer labels than logits.
        """
        if logits.shape[-1] != len(labels):
            raise ValueError(f"{logits.shape[-1]} logits a row for {len(labels)} labels")
        probabilities = torch.softmax(logits, dim=-1)
        scores, order = torch.sort(probabilities, dim=-1, descending=True, stable=True)
        top_k = getattr(options, "top_k", None) or len(labels)
        for row_scores, row_order in zip(scores[:, :top_k].tolist(), order[:, :top_k].tolist(), strict=True):
            yield [
                LabelScore(labels[index], score) for index, score in zip(row_order, row_scores, strict=True)
            ]


def _text(row: Row) -> str:
    text = row.get("text")
    if not isinstance(text, str):
        raise DataError(f"a row has no text: {dict(row)!r:.80}")
    return text


def _limit(processor: Any, max_length: int | None) -> int | None:
    """Return the smaller of the two limits; a tokenizer that knows none of its own says 1e30."""
    limits = [limit for limit in (max_length, processor.model_max_length) if limit and limit < 1 << 30]
    return min(limits, default=None)


def _cut_tokens(
    processor: Any, texts: Sequence[str], input_ids: Sequence[Sequence[int]], limit: int | None
) -> dict[int, int]:
    """Count the tokens that were cut, by index of the row; only rows at the limit are read again."""
    at_limit = [index for index, ids in enumerate(input_ids) if len(ids) == limit]
    if not at_limit:
        return {}
    whole = processor([texts[index] for index in at_limit], truncation=False, verbose=False)["input_ids"]
    cut = {index: len(ids) - len(input_ids[index]) for index, ids in zip(at_limit, whole, strict=True)}
    return {index: count for index, count in cut.items() if count}


def _index(label: str, position: dict[str, int]) -> int:
    if label in position:
        return position[label]
    known = ", ".join(list(position)[:_SHOWN]) + (", …" if len(position) > _SHOWN else "")
    raise Refused(
        "labels",
        f"the data has a label {label} that the model does not know: it knows {{{known}}}",
        hint=f"--label-map '{label}=LABEL' says which one it is",
    )
