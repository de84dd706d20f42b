"""Features, what a model makes of them, and whose they are: the words between a head task and the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hfshell.errors import ModelError

Feature = Mapping[str, Any]
"""One encoded row, or a part of one: `input_ids` and the like as lists, neither padded nor tensors.

What stands under a key that begins with `_` never reaches the model; `decode` finds it again in its windows.
"""

Features = Sequence[Feature] | Mapping[str, Sequence[Any]]
"""Features of rows: a dict each, or lists by name as a tokenizer gives them."""

TRUNCATED = "_truncated"
"""How many tokens of the row were cut; hfshell reports it."""

ROW = "_row"
"""Which of the rows given to `encode` a feature belongs to, from 0. Without it there is one feature a row."""

IGNORED = -100
"""Target that a loss passes over, as torch and transformers have it."""

TARGETS = ("labels", "start_positions", "end_positions")
"""Features that a head learns from, as transformers calls them; hidden from it while it predicts."""


@dataclass(frozen=True, eq=False)
class Window:
    """What a model made of one feature: of a row, or of a part of one that is longer than the model reads.

    Attributes:
        row: which of the rows it belongs to, from 0.
        feature: as `encode` gave it.
        output: what `read` kept of the model's outputs for it, a tensor on the CPU; one entry a token may be
            followed by others for padding.
        padded_left: whether padding stands before the tokens.
    """

    row: int
    feature: Feature
    output: Any
    padded_left: bool = False

    @property
    def tokens(self) -> Any:
        """The output without what stands for padding: one entry for each of the feature's `input_ids`."""
        count = len(self.feature["input_ids"])
        return self.output[-count:] if self.padded_left else self.output[:count]


def for_model(feature: Feature) -> dict[str, Any]:
    """Return what of a feature a model sees."""
    return {name: value for name, value in feature.items() if not name.startswith("_")}


def split_rows(encoded: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Turn what a tokenizer gives for many rows, lists by name, into one dict a row."""
    names = list(encoded)
    rows = len(encoded[names[0]]) if names else 0
    return [{name: encoded[name][index] for name in names} for index in range(rows)]


def logits_of(outputs: Any) -> Any:
    """Return the logits of a transformers model's outputs.

    Raises:
        ModelError: it has none: it is a base model.
    """
    logits = getattr(outputs, "logits", None)
    if logits is None:
        raise ModelError("the model has no head to predict with", hint="`finetune` gives it one")
    return logits
