"""Forward passes: features in, logits out, in the order given."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from accelerate.utils.memory import should_reduce_batch_size

from hfshell.api.events import Event, Progress
from hfshell.compute.batching import token_budget_batches
from hfshell.errors import ModelError, Refused
from hfshell.models.quiet import silenced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from hfshell.api.cancel import CancelToken
    from hfshell.api.models import LoadedModel

CPU_BUDGET = 2048
ACCELERATOR_BUDGET = 16_384
"""Tokens in one forward pass."""

_SECONDS_BETWEEN_EVENTS = 0.1


@dataclass
class Meter:
    """Tells how far a stream of rows is, at most ten times a second.

    Attributes:
        emit: who is told.
        total: rows to come, None when nobody knows.
        activity: what is being done.
    """

    emit: Callable[[Event], None]
    total: int | None = None
    activity: str = "predict"
    _done: int = 0
    _began: float = field(default_factory=time.monotonic)
    _said: float = field(default_factory=time.monotonic)

    def advance(self, rows: int) -> None:
        """Count rows that are done."""
        self._done += rows
        now = time.monotonic()
        if now - self._said < _SECONDS_BETWEEN_EVENTS:
            return
        self._said = now
        rate = self._done / (now - self._began)
        remaining = (self.total - self._done) / rate if self.total is not None else None
        self.emit(
            Progress(self.activity, self._done, self.total, rows_per_second=rate, remaining_seconds=remaining)
        )


def compute_logits(
    model: LoadedModel,
    features: Sequence[Mapping[str, Any]],
    *,
    cancelled: CancelToken,
    budget: int | None = None,
    done: Callable[[int], None] = lambda _rows: None,
) -> torch.Tensor:
    """Run a model over features, rows of like length together.

    Args:
        model: in eval mode.
        features: `input_ids` and the like as lists, neither padded nor tensors.
        cancelled: looked at before each batch.
        budget: tokens of a batch; None takes what suits the model's device.
        done: told the number of rows of each batch that is done.

    Returns:
        Logits, float32 on the CPU, shape (rows, …), in the order of the features. Where rows differ in
        length, positions past a row's batch hold 0.

    Raises:
        Interrupted: cancelled.
        Refused: guard `dirty`: the model is in training mode; guard `non-finite`: a logit is NaN or infinite.
        ModelError: the model has no head, or memory ran out.
    """
    if model.module.training:
        raise Refused(
            "dirty", "the model is in training mode: dropout would make its answers random", hint=_AGAIN
        )
    budget = budget or (CPU_BUDGET if model.device == "cpu" else ACCELERATOR_BUDGET)
    lengths = [_length(feature) for feature in features]
    parts: list[tuple[list[int], torch.Tensor]] = []
    with silenced(), torch.inference_mode():  # silenced: tokenizers remark on padding lists
        for rows in token_budget_batches(lengths, budget):
            cancelled.raise_if_set()
            parts.append((rows, _forward(model, [features[row] for row in rows])))
            done(len(rows))
    return _in_order(parts, len(features))


_AGAIN = "load it again"


def _length(feature: Mapping[str, Any]) -> int:
    return max((len(value) for value in feature.values() if hasattr(value, "__len__")), default=1)


def _forward(model: LoadedModel, features: list[Mapping[str, Any]]) -> torch.Tensor:
    batch = model.processor.pad(features, padding=True, return_tensors="pt")
    with _out_of_memory_explained(batch):
        outputs = model.module(**{name: value.to(model.device) for name, value in batch.items()})
    logits = getattr(outputs, "logits", None)
    if logits is None:
        raise ModelError(
            f"{type(model.module).__name__} has no head to predict with", hint="`finetune` gives it one"
        )
    if not torch.isfinite(logits).all():
        raise Refused(
            "non-finite",
            "the model's answers are NaN or infinite",
            hint="its weights or its dtype are to blame: load it with --dtype float32",
        )
    answers: torch.Tensor = logits.float().cpu()
    return answers


@contextmanager
def _out_of_memory_explained(batch: Mapping[str, torch.Tensor]) -> Iterator[None]:
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not isinstance(error, MemoryError) and not should_reduce_batch_size(error):
            raise
        rows, tokens = next(iter(batch.values())).shape[:2]
        raise ModelError(
            f"out of memory with {rows} rows of {tokens} tokens at once",
            hint="a smaller --max-length needs less; `unload` gives back what other models hold",
        ) from None


def _in_order(parts: list[tuple[list[int], torch.Tensor]], rows: int) -> torch.Tensor:
    if not parts:
        return torch.zeros(0)
    shapes = [logits.shape[1:] for _, logits in parts]
    ordered = torch.zeros(rows, *(max(extents) for extents in zip(*shapes, strict=True)))
    for numbers, logits in parts:
        place: tuple[Any, ...] = (torch.tensor(numbers), *(slice(extent) for extent in logits.shape[1:]))
        ordered[place] = logits
    return ordered
