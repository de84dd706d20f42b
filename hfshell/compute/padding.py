"""Features of unequal length to one batch of tensors, by the collators of transformers."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import transformers

from hfshell.api.features import IGNORED, TARGETS, Feature, for_model


def pad(processor: Any, features: Sequence[Feature], *, side: str | None = None) -> Mapping[str, Any]:
    """Pad features to the longest of them.

    Inputs are padded with the tokenizer's token, targets that are lists of whole numbers with -100. Inputs
    that are lists of lists, one for each choice, become tensors of shape (rows, choices, tokens). Features
    without `input_ids`, of images say, must be of one shape.

    Args:
        processor: the tokenizer.
        features: at least one; what stands under a key that begins with `_` is left out.
        side: where padding stands, `left` or `right`; None for the tokenizer's own side.

    Returns:
        Tensors by name, their first dimension the features.
    """
    seen = [for_model(feature) for feature in features]
    first = seen[0]
    if "input_ids" not in first:
        batch: Mapping[str, Any] = transformers.default_data_collator(seen)
        return batch
    if first["input_ids"] and isinstance(first["input_ids"][0], Sequence):
        return _choices(processor, seen)
    if side is not None and not any(name in first for name in TARGETS):
        padded: Mapping[str, Any] = processor.pad(seen, padding=True, return_tensors="pt", padding_side=side)
        return padded
    if _has_list_of_targets(seen):
        padding = transformers.DataCollatorForSeq2Seq(_on_side(processor, side), label_pad_token_id=IGNORED)
        return _collated(padding, seen)
    return _collated(transformers.DataCollatorWithPadding(processor), seen)


def _on_side(processor: Any, side: str | None) -> Any:
    """Return a tokenizer that pads on a side; inputs and targets are padded on the same one."""
    if side is None or processor.padding_side == side:
        return processor
    other = copy.copy(processor)
    other.padding_side = side
    return other


def _choices(processor: Any, features: list[dict[str, Any]]) -> Mapping[str, Any]:
    """Pad lists of choices; the collator wants a target of each row, which rows to predict have not."""
    hidden = [{"labels": 0, **feature} for feature in features]
    batch = dict(_collated(transformers.DataCollatorForMultipleChoice(processor), hidden))
    if "labels" not in features[0]:
        del batch["labels"]
    return batch


def _collated(collator: Any, features: list[dict[str, Any]]) -> Mapping[str, Any]:
    batch: Mapping[str, Any] = collator(features)
    return batch


def _has_list_of_targets(features: Sequence[Feature]) -> bool:
    """Whether targets are lists of whole numbers, one a token; flags of labels are floats."""
    return all(
        isinstance(target := feature.get("labels"), list) and all(isinstance(item, int) for item in target)
        for feature in features
    )
