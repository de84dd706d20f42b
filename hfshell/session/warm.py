"""Models by name: found, loaded once, kept warm, and loaded again when they were parked."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING

from hfshell.api.guards import Guard
from hfshell.api.models import LoadedModel
from hfshell.api.results import ModelRow, ModelSummary
from hfshell.commands.load import LoadOptions
from hfshell.errors import ModelError, UsageError
from hfshell.language import did_you_mean
from hfshell.models.inspection import inspect_folder
from hfshell.models.memory import processor_memory, release_memory
from hfshell.models.store import ModelKey, ModelStore, StoredModel
from hfshell.models.task_model import TaskModel, TaskSource
from hfshell.session import loading
from hfshell.session.names import A_KIND, CURRENT, Binding
from hfshell.session.warm_model import WarmModel, describe, summarise

if TYPE_CHECKING:
    from hfshell.api.models import ModelFolder
    from hfshell.models.task_model import InMemory
    from hfshell.session.context import CommandContext
    from hfshell.session.session import Session
    from hfshell.session.tasks import ChosenTask

Heard = Callable[[ModelSummary], None]
_PLACEMENT = "hfshell.models.placement"


class WarmModels:
    """The session's models. A binding holds a key; the store holds the weights.

    Nothing here imports torch before a transformers model is wanted.

    Attributes:
        on_loaded: told of each model that came into memory.
        on_unloaded: told of each that left it: unloaded, parked, replaced, or pushed out by another.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.on_loaded: Heard = lambda _summary: None
        self.on_unloaded: Heard = lambda _summary: None
        self.store = ModelStore(self._budget(), release_memory, self._left)

    def load(
        self, source: str, task: str | None, dtype: str, device: str, context: CommandContext
    ) -> WarmModel:
        """Find a model by its source and bring it into memory, unless it is there already.

        Raises:
            ModelError: it is not there, not whole, or does not fit.
            Refused: a guard refuses.
            PluginError: the task that loads it failed.
        """
        tasks = self._session.tasks
        found = loading.find(source, tasks.get(task) if task else None, context)
        chosen = tasks.of_source(found, task)
        return self._warm(loading.key_of(found.source, chosen, dtype, device, context), found, context)

    def get(self, word: str, context: CommandContext, owner: ChosenTask | None = None) -> WarmModel:
        """Find a model by bound name, by `_`, or by source; it becomes the one that `_` means.

        Args:
            word: what the user wrote.
            context: the command's surroundings.
            owner: a task that makes its models itself and wants this one: a base model, or one that is not in
                memory yet, is loaded by it.

        Raises:
            UsageError: nothing has that name.
            ModelError: it cannot be loaded.
        """
        names = self._session.names
        binding = names.current_model if word == CURRENT else names.find(word, "model")
        if binding is None and word == CURRENT:
            raise UsageError("no model was used yet", hint="load one: base = load minilm")
        if binding is None and word in names:
            raise UsageError(f"{word} is {A_KIND[names.get(word).kind]}, not a model")
        if binding is None:
            task = owner.spec.name if owner else None
            try:
                warm = self.load(word, task, "float32", "auto", context)
            except ModelError as error:
                raise self._also_unbound(word, error) from None
            names.use_model(Binding(word, "model", asdict(warm.key)))
            return warm
        key = ModelKey(**binding.recipe)
        if owner is not None and key.task is None:
            key = ModelKey(key.source, owner.spec.name, "", "")
        warm = self._warm(key, None, context)
        names.use_model(binding)
        return warm

    def _also_unbound(self, word: str, error: ModelError) -> ModelError:
        """Say of a plain word that it is no name either: a misspelt name looks like a model of the Hub."""
        if word.isidentifier():
            bound = [binding.name for binding in self._session.names if binding.kind == "model"]
            unbound = did_you_mean(word, bound) or f"no model is bound to the name {word}"
            error.hint = f"{unbound}\n{error.hint}" if error.hint else unbound
        return error

    def adopt(self, key: ModelKey, model: LoadedModel | TaskModel, context: CommandContext) -> WarmModel:
        """Keep a model that was trained here; it can be parked when it has a folder."""
        folder = model.files.folder if isinstance(model, LoadedModel) else model.folder
        load = None
        if folder is not None:
            files = inspect_folder(folder, source=key.source)
            load = partial(loading.bring, key, files, context)
            if isinstance(model, LoadedModel):
                model.files = files
        self.store.add(key, model, load)
        warm = WarmModel(key, model)
        self.on_loaded(summarise(context.binding or "", warm, 0.0))
        return warm

    def bind(self, name: str | None, key: ModelKey) -> None:
        """Bind a model's key to a name, if there is one, and make it the one that `_` means."""
        binding = Binding(name or key.source, "model", asdict(key))
        if name:
            self._session.names.bind(binding)
        self._session.names.use_model(binding)

    def in_memory(self, binding: Binding) -> InMemory | None:
        """Return the model that a binding holds, unless it is parked. May be called from any thread."""
        stored = self._stored(ModelKey(**binding.recipe))
        return stored.model if stored else None

    def park(self, binding: Binding) -> None:
        """Free a model's memory; its name stays.

        Raises:
            ModelError: it is in use, or in memory only.
        """
        key = ModelKey(**binding.recipe)
        stored = self._stored(key)
        if stored is None:
            return
        if stored.load is None:
            raise ModelError(
                f"{binding.name} is in memory only, for {key.task} cannot save its models",
                hint=f"parked it would be lost; `unload {binding.name}` forgets it",
            )
        self.store.park(key)

    def release(self) -> int:
        """Forget models that no name holds any more. Returns the bytes that came free."""
        names = self._session.names
        held = {ModelKey(**binding.recipe) for binding in names if binding.kind == "model"}
        return self.store.unload(*(stored.key for stored in self.store if stored.key not in held))

    def rows(self) -> tuple[ModelRow, ...]:
        """What `models` shows: bound models, then those that are warm without a name."""
        names = self._session.names
        bound = [binding for binding in names if binding.kind == "model"]
        held = {ModelKey(**binding.recipe) for binding in bound}
        owners: dict[ModelKey, str] = {}
        rows = []
        for binding in bound:
            key = ModelKey(**binding.recipe)
            rows.append(self._row(binding.name, key, owners.setdefault(key, binding.name)))
        rows += [self._row("", stored.key, "") for stored in self.store if stored.key not in held]
        current = names.current_model
        return tuple(replace(row, current=bool(current and row.name == current.name)) for row in rows)

    def set_budget(self) -> None:
        """Let a changed `memory` setting take effect."""
        self.store.budget = self._budget()

    def _budget(self) -> int:
        share = self._session.settings.memory
        if _PLACEMENT not in sys.modules:  # no transformers model was wanted yet, so there is no torch to ask
            return int(share * processor_memory().total)
        from hfshell.models.placement import memory

        try:
            return int(share * memory(self._session.device).total)
        except ModelError:  # config.toml names a device that is not here: what wants it will say so
            return int(share * processor_memory().total)

    def _warm(
        self, key: ModelKey, found: ModelFolder | TaskSource | None, context: CommandContext
    ) -> WarmModel:
        if self.store.is_warm(key):
            warm = WarmModel(key, self._held(key, context), already_warm=True)
        else:
            warm = self._brought_in(key, found, context)
        if isinstance(warm.model, TaskModel):
            context.place = warm.model.device
        return warm

    def _brought_in(
        self, key: ModelKey, found: ModelFolder | TaskSource | None, context: CommandContext
    ) -> WarmModel:
        began = time.perf_counter()
        found = found or loading.find_again(key, context)
        expected = 0 if isinstance(found, TaskSource) else found.weight_bytes
        self.set_budget()
        self.store.get(key, partial(loading.bring, key, found, context), expected=expected)
        warm = WarmModel(key, self._held(key, context))
        name = context.binding if isinstance(context.command, LoadOptions) else None
        self.on_loaded(summarise(name or self._name_of(key), warm, time.perf_counter() - began))
        if warm.model.new_weights and key.task:
            message = f"the head for {key.task} is new: it knows nothing until it is fine-tuned"
            context.guard(Guard("fresh-head", "warn", message, hint="`finetune` it first"))
        return warm

    def _held(self, key: ModelKey, context: CommandContext) -> LoadedModel | TaskModel:
        """Return a warm model, which stays in memory until the command is over."""
        model = self.store.get(key)
        context.hold(self.store.pinned(key))
        assert isinstance(model, (LoadedModel, TaskModel))  # noqa: S101 - there is no third kind
        return model

    def _left(self, key: ModelKey, model: InMemory) -> None:
        self.on_unloaded(describe(self._name_of(key), key, model))

    def _name_of(self, key: ModelKey) -> str:
        bound = (binding for binding in self._session.names if binding.kind == "model")
        return next((binding.name for binding in bound if ModelKey(**binding.recipe) == key), "")

    def _stored(self, key: ModelKey) -> StoredModel | None:
        return next((stored for stored in self.store if stored.key == key), None)

    def _row(self, name: str, key: ModelKey, owner: str) -> ModelRow:
        stored = self._stored(key)
        model = stored.model if stored else None
        shared = bool(name) and owner != name
        return ModelRow(
            name=name,
            source=key.source,
            task=key.task,
            bytes=model.bytes if model and not shared else 0,
            device=(model.device or None) if model else None,
            state=stored.state if stored else "parked",
            used_seconds_ago=time.monotonic() - stored.used if stored else None,
            shared_with=owner if shared else None,
        )
