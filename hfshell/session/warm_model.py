"""A model in memory, and how it is described."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hfshell.api.results import ModelSummary

if TYPE_CHECKING:
    from hfshell.api.models import LoadedModel
    from hfshell.models.store import ModelKey
    from hfshell.models.task_model import InMemory, TaskModel


@dataclass(frozen=True)
class WarmModel:
    """A model in memory, and what finds it again."""

    key: ModelKey
    model: LoadedModel | TaskModel
    already_warm: bool = False


def summarise(name: str, warm: WarmModel, seconds: float) -> ModelSummary:
    """Describe a model as a command found it."""
    return describe(name, warm.key, warm.model, seconds, already_warm=warm.already_warm)


def describe(
    name: str, key: ModelKey, model: InMemory, seconds: float = 0.0, *, already_warm: bool = False
) -> ModelSummary:
    """Describe a model.

    Args:
        name: the name bound to it; empty without one.
        key: what finds it again.
        model: it.
        seconds: what bringing it into memory took.
        already_warm: whether it was there before.
    """
    return ModelSummary(
        name=name,
        source=key.source,
        architecture=type(model.module).__name__,
        task=key.task,
        labels=model.labels,
        parameters=model.parameters,
        bytes=model.bytes,
        dtype=model.dtype,
        device=model.device,
        seconds=seconds,
        already_warm=already_warm,
    )
