"""Text classification on a sequence-classification head."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import torch

from hfshell.api import DataError, Features, HeadTask, LabelScore, ModelView, Row

if TYPE_CHECKING:
    from hfshell_tasks.text_classification.options import PredictOptions


class TextClassification(HeadTask):
    """One label for each text."""

    auto_class: ClassVar[str] = "AutoModelForSequenceClassification"
    problem_type: ClassVar[str | None] = "single_label_classification"

    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        """Turn texts into token IDs, cut at the end to what the model can read.

        Raises:
            DataError: a row has no text.
        """
        return model.tokenize([_text(row) for row in rows])

    def decode(
        self,
        logits: torch.Tensor,
        rows: Sequence[Row],  # noqa: ARG002 - of the contract
        model: ModelView,
    ) -> Iterator[list[LabelScore]]:
        """Yield each row's labels with their probabilities, the best first.

        Args:
            logits: float32, shape (rows, labels).
            rows: the rows.
            model: with its labels.

        Raises:
            ValueError: there are more or fewer labels than logits.
        """
        labels = model.labels
        if logits.shape[-1] != len(labels):
            raise ValueError(f"{logits.shape[-1]} logits a row for {len(labels)} labels")
        scores, order = torch.sort(torch.softmax(logits, dim=-1), dim=-1, descending=True, stable=True)
        for row_scores, row_order in zip(scores.tolist(), order.tolist(), strict=True):
            yield [
                LabelScore(labels[index], score) for index, score in zip(row_order, row_scores, strict=True)
            ]

    def select(self, prediction: Any, options: PredictOptions) -> list[LabelScore]:
        """Choose the best labels."""
        best: list[LabelScore] = prediction[: options.top_k]
        return best


def _text(row: Row) -> str:
    text = row.get("text")
    if not isinstance(text, str):
        raise DataError(f"a row has no text: {dict(row)!r:.80}")
    return text
