"""Results about models in memory and on disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hfshell.api.results.base import Result, register_result


@register_result
@dataclass(frozen=True, kw_only=True)
class ModelSummary(Result):
    """A model in memory.

    Attributes:
        name: the name bound to it; empty without one.
        source: canonical name that finds it again.
        architecture: transformers class, `BertModel`.
        task: the task whose head it has; None for a base model.
        labels: label names by index; empty when it has none.
        parameters: how many numbers it has.
        bytes: memory that it takes.
        dtype: number format of its weights, `float32`.
        device: where it computes, `cpu`.
        seconds: how long loading took.
        already_warm: it was in memory before and is shared.
    """

    kind: ClassVar[str] = "model"
    name: str
    source: str
    architecture: str
    task: str | None
    labels: tuple[str, ...]
    parameters: int
    bytes: int
    dtype: str
    device: str
    seconds: float
    already_warm: bool = False


@dataclass(frozen=True)
class ModelRow:
    """A line of `models`.

    Attributes:
        state: `warm`, `parked` (its weights are read again on the next mention), `dirty`.
        bytes: memory of its own; 0 when parked or when it shares all its weights.
        shared_with: name of a model whose weights it shares.
        used_seconds_ago: None when it was never used.
    """

    name: str
    source: str
    task: str | None
    bytes: int
    device: str | None
    state: str
    used_seconds_ago: float | None = None
    shared_with: str | None = None
    current: bool = False


@register_result
@dataclass(frozen=True, kw_only=True)
class ModelTable(Result):
    """The session's models, and the memory they live in (bytes)."""

    kind: ClassVar[str] = "models"
    models: tuple[ModelRow, ...]
    memory_used: int
    memory_total: int


@register_result
@dataclass(frozen=True, kw_only=True)
class Saved(Result):
    """A model or result written to disk."""

    kind: ClassVar[str] = "saved"
    name: str
    path: str
    bytes: int


@register_result
@dataclass(frozen=True, kw_only=True)
class Unloaded(Result):
    """Names forgotten, or parked and so still known, and the memory that came free (bytes)."""

    kind: ClassVar[str] = "unloaded"
    names: tuple[str, ...]
    bytes: int
    parked: bool = False
