"""Features of rows to one batch of tensors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transformers import DataCollatorForTokenClassification, DataCollatorWithPadding

from hfshell.compute.encoding import TARGET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hfshell.compute.finetune_trainer import Collator
    from hfshell.compute.validation import Feature


def collator_for(processor: Any, features: Sequence[Feature]) -> Collator:
    """Return what pads features: their inputs, and targets too where there is one for each token.

    Args:
        processor: the tokenizer, which pads.
        features: all that are to be padded.
    """
    kind = DataCollatorForTokenClassification if _has_target_per_token(features) else DataCollatorWithPadding
    collator: Collator = kind(processor)
    return collator


def _has_target_per_token(features: Sequence[Feature]) -> bool:
    """Whether targets are lists of whole numbers as long as their inputs; flags of labels are floats."""
    return all(
        isinstance(target := feature.get(TARGET), list)
        and all(isinstance(item, int) for item in target)
        and len(target) == len(feature.get("input_ids", ()))
        for feature in features
    )
