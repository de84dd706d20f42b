"""A new head that learns a number begins at the mean of the numbers to learn."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import Any

import torch

from hfshell.api.features import TARGETS, Feature


def begin_at_mean(module: torch.nn.Module, features: Sequence[Feature]) -> None:
    """Set the bias of a new head's last layer to the mean of what is learnt.

    At the usual learning rates a bias moves by a hundredth in an epoch: to reach a mean of 3 the head would
    first have to spoil what the model knows.

    Args:
        module: with a head of one output.
        features: with their targets, numbers.
    """
    numbers = [feature[TARGETS[0]] for feature in features if isinstance(feature.get(TARGETS[0]), float)]
    last: Any = next(
        (part for part in reversed(list(module.modules())) if isinstance(part, torch.nn.Linear)), None
    )
    if numbers and last is not None and last.out_features == 1 and last.bias is not None:
        torch.nn.init.constant_(last.bias, fmean(numbers))
