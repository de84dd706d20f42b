"""A model that a task made itself, and what all models in memory have in common. No torch here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pathlib import Path


class InMemory(Protocol):
    """What the session sees of any model in memory, be it a transformers model or a task's own."""

    @property
    def source(self) -> str:
        """Canonical name that finds it again."""

    @property
    def module(self) -> Any:
        """The thing itself."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the labels that it predicts; empty when it has none."""

    @property
    def task(self) -> str | None:
        """The task that it is for; None for a base model."""

    @property
    def device(self) -> str:
        """Where it computes; empty when its task does not say."""

    @property
    def dtype(self) -> str:
        """How its weights are; empty when it has none."""

    @property
    def parameters(self) -> int:
        """How many numbers it has; 0 when nobody counts them."""

    @property
    def bytes(self) -> int:
        """Memory that it takes; 0 when its task does not say."""

    @property
    def new_weights(self) -> tuple[str, ...]:
        """Names of weights that came from no file."""

    @property
    def dirty(self) -> str | None:
        """Why it must not be used, or None."""

    @property
    def trained_on(self) -> frozenset[str]:
        """Fingerprints of rows that it was trained on."""


@dataclass(frozen=True)
class TaskSource:
    """A name with one of a task's own schemes: `bayes:multinomial`.

    Attributes:
        source: the whole name.
        task: the task that makes the model.
        name: what stands behind the colon.
    """

    source: str
    task: str
    name: str


@dataclass(eq=False)
class TaskModel:
    """A model that a task made: whatever its `load` or `finetune` returned, and what is known of it.

    Attributes:
        source: canonical name that finds it again.
        task: the task that made it, the only one that can use it.
        module: what the task returned.
        labels, bytes: what the task says of it.
        folder: where its files lie; None for one that is on no disk.
        device: where the task was told to compute; empty when it did not ask.
        dtype, parameters, new_weights, dirty: as every model has them; a task says nothing of them.
        trained_on: fingerprints of rows it was trained on, see `hfshell.data.fingerprint`.
    """

    source: str
    task: str
    module: Any
    labels: tuple[str, ...] = ()
    bytes: int = 0
    folder: Path | None = None
    device: str = ""
    dtype: str = ""
    parameters: int = 0
    new_weights: tuple[str, ...] = ()
    dirty: str | None = None
    trained_on: frozenset[str] = field(default=frozenset(), repr=False)
