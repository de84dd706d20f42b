"""Warm models: loaded once, shared by all who name them, parked when memory runs short.

Names in a session hold a `ModelKey`, never the model itself, so that parking one really frees its memory.
Everything here happens on the session's one worker thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from hfshell.errors import ModelError
from hfshell.models.task_model import InMemory

Load = Callable[[], InMemory]
Dropped = Callable[["ModelKey", InMemory], None]


@dataclass(frozen=True)
class ModelKey:
    """What makes two models the same.

    Attributes:
        source: canonical name, as `ModelFolder.source` has it.
        task: the task whose head it has, or that made it; None for a base model.
        dtype: of its weights; empty for a model that a task made.
        device: where it computes; empty for wherever the session's device is.
        options: the task's own options of `load`, as JSON; empty without any.
    """

    source: str
    task: str | None = None
    dtype: str = "float32"
    device: str = "cpu"
    options: str = ""


@dataclass(eq=False)
class StoredModel:
    """A model that the session knows, in memory or parked.

    Attributes:
        key: what it is.
        load: brings it back; None for one that is on no disk, which therefore stays.
        model: None while parked.
        bytes: what it takes in memory; of a parked one, what it took.
        used: when it was last used, on the monotonic clock.
        pins: how many uses are going on.
    """

    key: ModelKey
    load: Load | None
    model: InMemory | None = None
    bytes: int = 0
    used: float = field(default_factory=time.monotonic)
    pins: int = 0

    @property
    def state(self) -> str:
        """`warm`, `parked` or `dirty`."""
        if self.model is None:
            return "parked"
        return "dirty" if self.model.dirty else "warm"


class ModelStore:
    """Keeps models within a memory budget; the least recently used one is parked first.

    Args:
        budget: bytes that models may take together; None is no limit.
        release: called after models were dropped, to give memory back to the system.
        dropped: told of each model that left memory: parked, pushed out by another, replaced or forgotten.
    """

    def __init__(
        self,
        budget: int | None = None,
        release: Callable[[], None] = lambda: None,
        dropped: Dropped = lambda _key, _model: None,
    ) -> None:
        self.budget = budget
        self._release = release
        self._dropped = dropped
        self._models: dict[ModelKey, StoredModel] = {}

    def __iter__(self) -> Iterator[StoredModel]:
        """Iterate over what is known, in the order of arrival."""
        return iter(tuple(self._models.values()))

    def __contains__(self, key: ModelKey) -> bool:
        """Whether a model is known, warm or parked."""
        return key in self._models

    @property
    def bytes(self) -> int:
        """What all warm models take."""
        return sum(stored.bytes for stored in self._models.values() if stored.model is not None)

    def is_warm(self, key: ModelKey) -> bool:
        """Whether a model is in memory."""
        return key in self._models and self._models[key].model is not None

    def get(self, key: ModelKey, load: Load | None = None, *, expected: int = 0) -> InMemory:
        """Return a model, loading it unless it is warm.

        Args:
            key: which one.
            load: brings it into memory, in place of what brought it before; may be left out for one that is
                known.
            expected: bytes it may take, so that room is made first.

        Raises:
            ModelError: it is not known, it is on no disk, or there is no room; and whatever `load` raises.
        """
        stored = self._models.get(key) or StoredModel(key, load)
        stored.used = time.monotonic()
        if stored.model is None:
            stored.load = load or stored.load
            if stored.load is None:
                raise ModelError(f"{key.source} is not in memory and on no disk")
            self._make_room(max(expected, stored.bytes), spare=key)
            self._keep(stored, stored.load())
        assert stored.model is not None  # noqa: S101 - just loaded
        return stored.model

    def add(self, key: ModelKey, model: InMemory, load: Load | None) -> None:
        """Keep a model that was made here.

        Args:
            key: what it is; a model known under it is replaced.
            model: it.
            load: brings it back after parking; None keeps it in memory until it is unloaded.
        """
        self._keep(StoredModel(key, load), model)

    @contextmanager
    def pinned(self, key: ModelKey) -> Iterator[None]:
        """Keep a model from being parked while it is in use."""
        stored = self._models[key]
        stored.pins += 1
        try:
            yield
        finally:
            stored.pins -= 1
            stored.used = time.monotonic()

    def park(self, key: ModelKey) -> int:
        """Drop a model from memory; the next mention reads it again. Returns the bytes that came free.

        Raises:
            ModelError: it is in use, or on no disk.
        """
        stored = self._models[key]
        if stored.pins:
            raise ModelError(f"{key.source} is in use")
        if stored.load is None:
            raise ModelError(f"{key.source} is on no disk", hint="`save` it first")
        return self._drop(stored)

    def unload(self, *keys: ModelKey) -> int:
        """Forget models. Returns the bytes that came free; what is not known counts nothing.

        Raises:
            ModelError: one is in use; none is forgotten.
        """
        known = [self._models[key] for key in dict.fromkeys(keys) if key in self._models]
        for stored in known:
            if stored.pins:
                raise ModelError(f"{stored.key.source} is in use")
        for stored in known:
            del self._models[stored.key]
        return self._drop(*known)

    def _keep(self, stored: StoredModel, model: InMemory) -> None:
        before = self._models.get(stored.key)
        if before is not None and before.model is not None:
            self._drop(before)
        stored.model, stored.bytes = model, model.bytes
        self._models[stored.key] = stored
        self._make_room(0, spare=stored.key)

    def _make_room(self, needed: int, *, spare: ModelKey) -> None:
        """Park until `needed` bytes fit the budget, or nothing more can be parked."""
        while self.budget is not None and self.bytes + needed > self.budget:
            idle = [stored for stored in self if self._can_be_parked(stored) and stored.key != spare]
            if not idle:
                return
            self._drop(min(idle, key=lambda stored: stored.used))

    @staticmethod
    def _can_be_parked(stored: StoredModel) -> bool:
        return stored.model is not None and stored.load is not None and not stored.pins

    def _drop(self, *several: StoredModel) -> int:
        """Let go of models, and give their memory back once for all of them: that takes a while."""
        warm = [stored for stored in several if stored.model is not None]
        for stored in warm:
            self._let_go(stored)
        if warm:
            self._release()
        return sum(stored.bytes for stored in warm)

    def _let_go(self, stored: StoredModel) -> None:
        model, stored.model = stored.model, None
        if model is not None:
            self._dropped(stored.key, model)
