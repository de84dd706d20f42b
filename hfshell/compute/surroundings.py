"""What a training run touches beyond its weights, put back as it was.

A stock Trainer leaves the model in train mode with gradients, `use_cache` off and `forward` wrapped, reseeds
the random numbers of the whole process, and `TrainingArguments` resets accelerate's shared state, which kills
every living `Accelerator`. Each of these is kept here as a context manager.
"""

from __future__ import annotations

import contextlib
import random
from typing import TYPE_CHECKING, Any

import accelerate.state
import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Iterator

_MISSING = object()


@contextlib.contextmanager
def random_state_kept() -> Iterator[None]:
    """Put back the random numbers of Python, numpy and torch (all devices)."""
    python, legacy = random.getstate(), np.random.get_state()  # noqa: NPY002 - the state that Trainer reseeds
    cpu = torch.random.get_rng_state()
    devices = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else None
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(legacy)  # noqa: NPY002 - see above
        torch.random.set_rng_state(cpu)
        if devices is not None:
            torch.cuda.set_rng_state_all(devices)


@contextlib.contextmanager
def accelerator_state_kept() -> Iterator[None]:
    """Put back accelerate's process-wide state.

    Wrap the making of `TrainingArguments` and of the Trainer, and the run: inside, the state is the run's own
    (its device, its mixed precision), so runs of different precision can follow each other; behind, an
    `Accelerator` that lived before works as before.
    """
    shared = [
        kind._shared_state  # noqa: SLF001 - accelerate has no public way to keep its singletons
        for kind in (
            accelerate.state.PartialState,
            accelerate.state.AcceleratorState,
            accelerate.state.GradientState,
        )
    ]
    before = [dict(state) for state in shared]
    try:
        yield
    finally:
        for state, values in zip(shared, before, strict=True):
            state.clear()
            state.update(values)


@contextlib.contextmanager
def use_cache_kept(model: Any) -> Iterator[None]:
    """Put back `model.config.use_cache`, which Trainer turns off."""
    config: Any = getattr(model, "config", None)
    before = getattr(config, "use_cache", _MISSING)
    try:
        yield
    finally:
        if before is not _MISSING:
            config.use_cache = before
        elif hasattr(config, "use_cache"):
            del config.use_cache


@contextlib.contextmanager
def module_kept(module: torch.nn.Module) -> Iterator[None]:
    """Put back all of a module but its weights: modes, `forward`, attributes, `use_cache`; drop gradients."""
    modes = [(part, part.training) for part in module.modules()]
    attributes = dict(vars(module))
    try:
        with use_cache_kept(module):
            yield
    finally:
        for part, training in modes:
            part.training = training
        for name in vars(module).keys() - attributes.keys():
            del vars(module)[name]
        if "forward" in attributes:
            vars(module)["forward"] = attributes["forward"]
        module.zero_grad(set_to_none=True)
