"""Models by name: found, loaded once, kept warm, and loaded again when they were parked."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hfshell.api.guards import Guard
from hfshell.api.results import ModelRow, ModelSummary
from hfshell.errors import ModelError, UsageError
from hfshell.language import did_you_mean
from hfshell.models.inspection import inspect_folder
from hfshell.models.loading import Head, load_model
from hfshell.models.placement import choose_device, memory, release_memory
from hfshell.models.sources import PluginSource, Sources
from hfshell.models.store import ModelKey, ModelStore
from hfshell.session.names import CURRENT, Binding

if TYPE_CHECKING:
    from hfshell.api.models import LoadedModel, ModelFolder
    from hfshell.api.specs import ModelSourceSpec
    from hfshell.plugin_host import PluginHost
    from hfshell.session.context import CommandContext
    from hfshell.session.session import Session


@dataclass(frozen=True)
class WarmModel:
    """A model in memory, and what finds it again."""

    key: ModelKey
    model: LoadedModel
    already_warm: bool = False


class WarmModels:
    """The session's models. A binding holds a key; the store holds the weights."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.store = ModelStore(self._budget(), release_memory)

    def load(
        self, source: str, task: str | None, dtype: str, device: str, context: CommandContext
    ) -> WarmModel:
        """Find a model by its source and bring it into memory, unless it is there already.

        Raises:
            ModelError: it is not there, not whole, or does not fit.
            Refused: a guard refuses.
        """
        files = self._resolve(source, context)
        chosen = self._session.tasks.get(task) if task else self._session.tasks.of_files(files)
        key = ModelKey(files.source, chosen.spec.name if chosen else None, dtype, _placed(device, context))
        return self._warm(key, files, context)

    def get(self, word: str, context: CommandContext) -> WarmModel:
        """Find a model by bound name, by `_`, or by source; it becomes the one that `_` means.

        Raises:
            UsageError: nothing has that name.
            ModelError: it cannot be loaded.
        """
        names = self._session.names
        binding = names.current_model if word == CURRENT else names.find(word, "model")
        if binding is None and word == CURRENT:
            raise UsageError("no model was used yet", hint="load one: base = load minilm")
        if binding is None and word in names:
            raise UsageError(f"{word} is a {names.get(word).kind}, not a model")
        if binding is None:
            try:
                warm = self.load(word, None, "float32", self._session.settings.device, context)
            except ModelError as error:
                raise self._also_unbound(word, error) from None
            names.use_model(Binding(word, "model", asdict(warm.key)))
            return warm
        key = ModelKey(**binding.recipe)
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

    def adopt(self, key: ModelKey, model: LoadedModel, folder: Path) -> WarmModel:
        """Keep a model that was trained here and saved to `folder`."""
        model.files = inspect_folder(folder, source=key.source)
        self.store.add(key, model, self._loader(key, model.files))
        return WarmModel(key, model)

    def bind(self, name: str | None, key: ModelKey) -> None:
        """Bind a model's key to a name, if there is one, and make it the one that `_` means."""
        binding = Binding(name or key.source, "model", asdict(key))
        if name:
            self._session.names.bind(binding)
        self._session.names.use_model(binding)

    def is_warm(self, binding: Binding) -> bool:
        """Whether what a binding holds is in memory. May be called from any thread."""
        return self.store.is_warm(ModelKey(**binding.recipe))

    def park(self, binding: Binding) -> None:
        """Free a model's memory; its name stays."""
        key = ModelKey(**binding.recipe)
        if key in self.store:
            self.store.park(key)

    def release(self) -> int:
        """Forget models that no name holds any more. Returns the bytes that came free."""
        names = self._session.names
        held = {ModelKey(**binding.recipe) for binding in names if binding.kind == "model"}
        return sum(self.store.unload(stored.key) for stored in self.store if stored.key not in held)

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
        return int(self._session.settings.memory * memory(self._session.device).total)

    def _warm(self, key: ModelKey, files: ModelFolder | None, context: CommandContext) -> WarmModel:
        was_warm = self.store.is_warm(key)
        if not was_warm and files is None:
            files = self._resolve(key.source, context)
        load = self._loader(key, files) if files else None
        model = self.store.get(key, load, expected=files.weight_bytes if files else 0)
        context.hold(self.store.pinned(key))
        if model.new_weights and key.task and not was_warm:
            message = f"the head for {key.task} is new: it knows nothing until it is fine-tuned"
            context.guard(Guard("fresh-head", "warn", message, hint="`finetune` it first"))
        return WarmModel(key, model, already_warm=was_warm)

    def _loader(self, key: ModelKey, files: ModelFolder) -> Callable[[], LoadedModel]:
        def load() -> LoadedModel:
            task = self._session.tasks.get(key.task).task if key.task else None
            auto_class = getattr(task, "auto_class", None)
            if task is not None and auto_class is None:
                raise UsageError(f"{key.task} loads its models itself, which is not offered yet")
            problem_type = getattr(task, "problem_type", None)
            head = Head(auto_class, key.task, problem_type) if auto_class else Head()
            return load_model(files, head, dtype=key.dtype, device=key.device)

        return load

    def _resolve(self, source: str, context: CommandContext) -> ModelFolder:
        return self._sources().resolve(source, cancelled=context.cancelled, emit=context.emit)

    def _sources(self) -> Sources:
        plugins = self._session.plugins
        found = {
            spec.scheme: PluginSource(spec, partial(_find, plugins, spec)) for spec in plugins.model_sources()
        }
        return Sources(found, self._run_folder, offline=self._session.settings.offline)

    def _run_folder(self, run_id: str) -> Path | None:
        folder = self._session.runs.open(run_id).model_folder
        return folder if folder.is_dir() else None

    def _row(self, name: str, key: ModelKey, owner: str) -> ModelRow:
        stored = next((stored for stored in self.store if stored.key == key), None)
        warm = stored is not None and stored.model is not None
        shared = bool(name) and owner != name
        return ModelRow(
            name=name,
            source=key.source,
            task=key.task,
            bytes=stored.bytes if stored and warm and not shared else 0,
            device=key.device if warm else None,
            state=stored.state if stored else "parked",
            used_seconds_ago=time.monotonic() - stored.used if stored else None,
            shared_with=owner if shared else None,
        )


def _find(plugins: PluginHost, spec: ModelSourceSpec, name: str) -> Path:
    return Path(plugins.resolve(spec.target, owner=spec.scheme)(name))


def _placed(device: str, context: CommandContext) -> str:
    return context.device if device == "auto" else choose_device(device)


def summarise(name: str, warm: WarmModel, seconds: float) -> ModelSummary:
    """Describe a model in memory."""
    model = warm.model
    return ModelSummary(
        name=name,
        source=warm.key.source,
        architecture=type(model.module).__name__,
        task=warm.key.task,
        labels=model.labels,
        parameters=model.parameters,
        bytes=model.bytes,
        dtype=model.dtype,
        device=model.device,
        seconds=seconds,
        already_warm=warm.already_warm,
    )
