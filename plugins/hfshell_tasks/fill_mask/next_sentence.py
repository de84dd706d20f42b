"""Whether a sentence follows on another: BERT's second pretraining."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from hfshell.api import (
    Context,
    DataError,
    Features,
    FinetuneOutcome,
    HeadTask,
    LabelScore,
    LoadedModel,
    Metric,
    ModelView,
    Row,
    TaskData,
    ratio,
    ratio_interval,
)
from hfshell_tasks.fill_mask.rows import MadeRows
from hfshell_tasks.fill_mask.sentences import LABELS, label_of, pairs

if TYPE_CHECKING:
    import torch


class NextSentence(HeadTask):
    """Tells sentences that follow from others. It makes the pairs that it learns from documents."""

    auto_class = "AutoModelForNextSentencePrediction"

    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        """Turn pairs into token IDs; where they are too long, the longer sentence is cut at its end.

        Raises:
            DataError: a row lacks one of the sentences.
        """
        return model.tokenize([_text(row, "text") for row in rows], [_text(row, "second") for row in rows])

    def decode(self, logits: torch.Tensor, rows: Sequence[Row], model: ModelView) -> Iterator[Any]:  # noqa: ARG002 - of the contract
        """Yield both labels with their probabilities, the likelier first."""
        for scores in logits.softmax(-1).tolist():
            found = [LabelScore(label, score) for label, score in zip(LABELS, scores, strict=True)]
            yield sorted(found, key=lambda item: -item.score)

    def target(self, value: Any, model: ModelView) -> int:  # noqa: ARG002 - of the contract
        """Return the index of a label."""
        return LABELS.index(label_of(value))

    def head_labels(self, data: TaskData) -> tuple[str, ...]:  # noqa: ARG002 - of the contract
        """Name no labels: the head always has its two."""
        return ()

    def finetune(self, model: LoadedModel, data: TaskData, options: Any, context: Context) -> FinetuneOutcome:
        """Train a copy of the model on pairs of sentences; those that validate are the same each time."""
        made = MadeRows.of(
            data, lambda rows: pairs(rows, context.seed), lambda rows: pairs(rows, context.seed + 1)
        )
        return super().finetune(model, made, options, context)

    def eval(self, model: LoadedModel, rows: Sequence[Row], options: Any, context: Context) -> list[Metric]:
        """Measure the share of pairs that are told right; at even odds half of them are by chance."""
        made = pairs(rows, context.seed + 1)
        found = context.engine.predict(self, model, made, options, context)
        right = [(float(best.label == row["label"]), 1.0) for (best, _), row in zip(found, made, strict=True)]
        low, high = ratio_interval(right, seed=context.seed)
        return [Metric("accuracy", ratio(right), low, high, signature=f"{len(made)} pairs")]


def _text(row: Row, role: str) -> str:
    text = row.get(role)
    if not isinstance(text, str):
        raise DataError(f"a row has no {role} sentence: {dict(row)!r:.80}")
    return text
