"""Forward passes: features in, what a task keeps of the outputs out, in the order given."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from accelerate.utils.memory import should_reduce_batch_size

from hfshell.api.events import Event, Progress
from hfshell.api.features import TARGETS, Feature, logits_of
from hfshell.compute.batching import token_budget_batches
from hfshell.compute.padding import pad
from hfshell.errors import ModelError, PluginError, Refused
from hfshell.models.quiet import silenced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hfshell.api.cancel import CancelToken
    from hfshell.api.model_view import ModelView
    from hfshell.api.models import LoadedModel
    from hfshell.api.task import HeadTask

CPU_BUDGET = 2048
ACCELERATOR_BUDGET = 16_384
"""Tokens in one forward pass."""

WITHOUT_TOKENS = 128
"""Tokens that an input without any counts as, a sound or a picture: 16 of them in a pass on a processor."""

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
    _done: float = 0.0
    _began: float = field(default_factory=time.monotonic)
    _said: float = field(default_factory=time.monotonic)

    def advance(self, rows: float) -> None:
        """Count rows that are done; a part of one counts as that."""
        self._done += rows
        now = time.monotonic()
        if now - self._said < _SECONDS_BETWEEN_EVENTS:
            return
        self._said = now
        rate = self._done / (now - self._began)
        remaining = (self.total - self._done) / rate if self.total is not None else None
        self.emit(
            Progress(
                self.activity,
                round(self._done),
                self.total,
                rows_per_second=rate,
                remaining_seconds=remaining,
            )
        )


@dataclass(frozen=True)
class Forward:
    """What a task says about a forward pass.

    Attributes:
        collate: features to one batch of tensors.
        read: what of the model's outputs is kept for a batch, a tensor of its features.
        loss: what is learnt of outputs and their batch; None leaves it to the model.
    """

    collate: Callable[[Sequence[Feature]], Mapping[str, Any]]
    read: Callable[[Any, Mapping[str, Any]], Any]
    loss: Callable[[Any, Mapping[str, Any]], Any] | None = None

    @classmethod
    def plain(cls, processor: Any) -> Forward:
        """Return the usual way: features are padded, logits kept."""
        return cls(lambda features: pad(processor, features), lambda outputs, _batch: logits_of(outputs))


def forward_of(task: HeadTask, view: ModelView) -> Forward:
    """Return a task's own way with batches and outputs."""
    return Forward(
        lambda features: task.collate(features, view),
        lambda outputs, batch: task.read(outputs, batch, view),
        (lambda outputs, batch: task.loss(outputs, batch, view)) if task.own_loss else None,
    )


def without_targets(batch: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a batch, or a feature, a model may see that is not to know what is right."""
    return {name: value for name, value in batch.items() if name not in TARGETS}


def compute_outputs(
    model: LoadedModel,
    features: Sequence[Feature],
    forward: Forward,
    *,
    cancelled: CancelToken,
    budget: int | None = None,
    done: Callable[[int], None] = lambda _features: None,
) -> list[torch.Tensor]:
    """Run a model over features, those of like length together.

    Args:
        model: in eval mode.
        features: `input_ids` and the like as lists, neither padded nor tensors.
        forward: how they become batches, and what of the outputs is kept.
        cancelled: looked at before each batch.
        budget: tokens of a batch; None takes what suits the model's device.
        done: told the number of features of each batch that is done.

    Returns:
        What is kept for each feature, on the CPU, in the order of the features; floats are float32. Where
        features of a batch differ in length, the padding's outputs are there too.

    Raises:
        Interrupted: cancelled.
        Refused: guard `dirty`: it is in training mode; guard `non-finite`: an output is NaN or infinite.
        ModelError: the model has no head, or memory ran out.
        PluginError: the task kept more or fewer outputs than there are features.
    """
    if model.module.training:
        raise Refused(
            "dirty", "the model is in training mode: dropout would make its answers random", hint=_AGAIN
        )
    budget = budget or (CPU_BUDGET if model.device == "cpu" else ACCELERATOR_BUDGET)
    lengths = [length_of(feature) for feature in features]
    outputs: list[torch.Tensor] = [torch.empty(0)] * len(features)
    with silenced(), torch.inference_mode():  # silenced: tokenizers remark on padding lists
        for numbers in token_budget_batches(lengths, budget):
            cancelled.raise_if_set()
            made = _run(model, [features[number] for number in numbers], forward)
            for number, output in zip(numbers, made, strict=True):
                outputs[number] = output
            done(len(numbers))
    return outputs


def stacked(outputs: Sequence[torch.Tensor]) -> torch.Tensor:
    """Return outputs as one tensor; where they differ in length, what is behind the shorter ones is 0."""
    if not outputs:
        return torch.zeros(0)
    shape = [max(extents) for extents in zip(*(output.shape for output in outputs), strict=True)]
    if all(list(output.shape) == shape for output in outputs):
        return torch.stack(list(outputs))
    found = outputs[0].new_zeros((len(outputs), *shape))
    for place, output in zip(found, outputs, strict=True):
        place[tuple(slice(extent) for extent in output.shape)] = output
    return found


_AGAIN = "load it again"


def length_of(feature: Feature) -> int:
    """Count a feature's tokens; those of all choices together."""
    ids = feature.get("input_ids")
    if ids is None:
        return WITHOUT_TOKENS
    return sum(map(len, ids)) if len(ids) and hasattr(ids[0], "__len__") else len(ids)


def _run(model: LoadedModel, features: list[Feature], forward: Forward) -> torch.Tensor:
    batch = {name: value.to(model.device) for name, value in forward.collate(features).items()}
    with _out_of_memory_explained(batch):
        seen = batch if forward.loss is None else without_targets(batch)
        kept = forward.read(model.module(**seen), batch)
    if not isinstance(kept, torch.Tensor) or kept.shape[:1] != (len(features),):
        given = tuple(kept.shape) if isinstance(kept, torch.Tensor) else type(kept).__name__
        raise PluginError(f"the task's `read` kept {given} of a batch of {len(features)} features")
    if not kept.is_floating_point():
        return kept.cpu()
    if not torch.isfinite(kept).all():
        raise Refused(
            "non-finite",
            "the model's answers are NaN or infinite",
            hint="its weights or its dtype are to blame: load it with --dtype float32",
        )
    return kept.float().cpu()


@contextmanager
def _out_of_memory_explained(batch: Mapping[str, torch.Tensor]) -> Iterator[None]:
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not isinstance(error, MemoryError) and not should_reduce_batch_size(error):
            raise
        rows, *sizes = batch.get("input_ids", next(iter(batch.values()))).shape
        what = f"{sizes[-1]} tokens" if "input_ids" in batch else f"size {'x'.join(map(str, sizes))}"
        raise ModelError(
            f"out of memory with {rows} rows of {what} at once",
            hint="a smaller --max-length needs less; `unload` gives back what other models hold",
        ) from None
