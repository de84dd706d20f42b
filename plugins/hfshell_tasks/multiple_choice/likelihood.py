"""Choices by their likelihood: how probable a causal model holds each one behind the question.

As in the EleutherAI evaluation harness: a choice's score is the sum of its tokens' log-probabilities (`acc`
there), or that by its length in characters (`acc_norm`); by its length in tokens as for GPT-3 (Brown et al.
2020, section 2.4). A question too long for the model loses its beginning, the same for all choices.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

from hfshell.api import (
    IGNORED,
    ROW,
    TRUNCATED,
    Feature,
    HeadTask,
    ModelView,
    Row,
    TaskData,
    Window,
    token_losses,
)
from hfshell_tasks.multiple_choice.asked import Asked, ChoiceScore, ranked, too_long


class ChoiceLikelihood(HeadTask):
    """Multiple choice by a causal model. To train it is to learn the right choices behind their questions."""

    auto_class: ClassVar[str] = "AutoModelForCausalLM"
    windowed: ClassVar[bool] = True
    validated_by: ClassVar[Literal["predictions", "loss"]] = "loss"

    def encode(self, rows: Sequence[Row], model: ModelView) -> list[dict[str, Any]]:
        """Turn each choice of a row into a feature; of a row to learn from, the right one alone.

        Raises:
            DataError: a row has fewer than two choices, or they leave no room for their question.
        """
        features: list[dict[str, Any]] = []
        for number, row in enumerate(rows):
            asked = Asked.of(row)
            found = _cut(asked, [_feature(asked.question, choice, model) for choice in asked.choices], model)
            right = row.get(self.target_role or "")
            chosen = found if right is None else found[int(right) : int(right) + 1]
            features += [{**feature, ROW: number} for feature in chosen]
        return features

    def head_labels(self, data: TaskData) -> tuple[str, ...]:  # noqa: ARG002 - of the contract
        """Name no labels: there is no head."""
        return ()

    def collate(self, features: Sequence[Feature], model: ModelView) -> Mapping[str, Any]:
        """Make one batch, padded on the right: positions count from the first token."""
        return model.pad(features, side="right")

    def read(self, outputs: Any, batch: Mapping[str, Any], model: ModelView) -> Any:  # noqa: ARG002 - of the contract
        """Keep the log-likelihood of each choice, in nats; shape (features,)."""
        return -token_losses(outputs, batch).sum(dim=-1)

    def decode(
        self, logits: Sequence[Window], rows: Sequence[Row], model: ModelView
    ) -> Iterator[list[ChoiceScore]]:
        """Yield each row's choices with their probabilities, the best first."""
        import torch

        by_row: list[list[Any]] = [[] for _ in rows]
        way = getattr(model.options, "normalize", "none")
        for window in logits:
            by_row[window.row].append(window.output / _length(window.feature, way))
        for row, scores in zip(rows, by_row, strict=True):
            yield ranked(row["choices"], torch.stack(scores))


def _length(feature: Feature, way: str) -> float:
    if way == "none":
        return 1.0
    if way == "character":
        return float(max(feature["_characters"], 1))
    return float(max(sum(label != IGNORED for label in feature["labels"]), 1))


def _feature(question: str, choice: str, model: ModelView) -> dict[str, Any]:
    """Encode a question and a choice as one text; what is learnt, and measured, are the choice's tokens."""
    processor = model.processor
    before = f"{question}{_joint(question)}"
    ids = list(processor(f"{before}{choice}", truncation=False, verbose=False)["input_ids"])
    lead = _lead(ids, processor)
    shared = (
        list(processor(question, truncation=False, verbose=False)["input_ids"]) if question else ids[:lead]
    )
    start = _common(ids, shared)
    if start == 0 and (first := _first(processor)) is not None:
        ids, start, lead = [first, *ids], 1, 1
    end = len(ids) - (ids[-1] == getattr(processor, "eos_token_id", None) and len(ids) > 1)
    labels = [token if start <= place < end else IGNORED for place, token in enumerate(ids)]
    return {
        "input_ids": ids, "attention_mask": [1] * len(ids), "labels": labels, "_start": start, "_lead": lead,
        "_characters": len(choice),
    }  # fmt: skip


def _cut(asked: Asked, features: list[dict[str, Any]], model: ModelView) -> list[dict[str, Any]]:
    """Take as many tokens off the beginning of the question of each choice as the longest one has too many.

    Raises:
        DataError: there are not as many.
    """
    excess = max(len(feature["input_ids"]) for feature in features) - (model.limit or _NO_LIMIT)
    if excess <= 0:
        return features
    if any(feature["_start"] - feature["_lead"] <= excess for feature in features):
        raise too_long(asked.question)
    cut = [
        {
            name: [*values[: feature["_lead"]], *values[feature["_lead"] + excess :]]
            if isinstance(values, list)
            else values
            for name, values in feature.items()
        }
        for feature in features
    ]
    cut[0][TRUNCATED] = excess
    return cut


_NO_LIMIT = 1 << 30


def _joint(question: str) -> str:
    """Return what stands between a question and a choice: a blank, but for scripts that have none."""
    if not question or question[-1].isspace():
        return ""
    return "" if unicodedata.east_asian_width(question[-1]) in "WF" else " "


def _common(ids: Sequence[int], shared: Sequence[int]) -> int:
    """Count the tokens at the beginning that two texts have in common."""
    pairs = enumerate(zip(ids, shared, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(ids), len(shared)))


def _lead(ids: Sequence[int], processor: Any) -> int:
    return int(bool(ids) and ids[0] == getattr(processor, "bos_token_id", None))


def _first(processor: Any) -> int | None:
    """Return a token to begin with, where a tokenizer adds none: the model predicts no first token."""
    for mark in ("bos_token_id", "eos_token_id"):
        if (found := getattr(processor, mark, None)) is not None:
            return int(found)
    return None
