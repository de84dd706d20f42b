"""From a model's name to the model: found, and brought into memory by whoever can read it."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hfshell.api.specs import ModelSourceSpec
from hfshell.commands.load import LoadOptions
from hfshell.errors import ModelError
from hfshell.home import locate_home
from hfshell.models.sidecar import read_trained_on
from hfshell.models.sources import PluginSource, Sources
from hfshell.models.store import ModelKey
from hfshell.models.task_model import TaskModel, TaskSource

if TYPE_CHECKING:
    from hfshell.api.models import LoadedModel, ModelFolder
    from hfshell.session.context import CommandContext
    from hfshell.session.session import Session
    from hfshell.session.tasks import ChosenTask


def find(source: str, chosen: ChosenTask | None, context: CommandContext) -> ModelFolder | TaskSource:
    """Find what a name means, and prove its folder whole.

    Args:
        source: the name as typed, or as a key has it.
        chosen: the task that is to load it; None when that is not known yet.
        context: the command's surroundings.

    Raises:
        ModelError: there is no such model, or its folder is not whole.
        Refused: the folder asks to run code of its own.
        PluginError: a plugin's source failed.
    """
    session = context.session
    given = session.plugins.model_sources()
    sources = Sources(
        {spec.scheme: PluginSource(spec, partial(_folder_of, session, spec)) for spec in given},
        partial(_folder_of_run, session),
        offline=session.settings.offline,
        tasks=session.tasks.schemes(),
        giver_hint=partial(session.plugins.giver_hint, ModelSourceSpec),
        new=new_models(),
        any_files=chosen is not None and not chosen.is_head,
    )
    return sources.resolve(source, cancelled=context.cancelled, emit=context.emit)


def new_models() -> Path:
    """Return the folder of models with random weights."""
    return locate_home().data / "new"


def find_again(key: ModelKey, context: CommandContext) -> ModelFolder | TaskSource:
    """Find what a key means, in this session or a later one.

    Raises:
        ModelError: it is gone, or its task is no longer installed; and whatever else `find` raises.
    """
    tasks = context.session.tasks
    if key.task is not None and not tasks.has(key.task):
        tasks.of_source(find(key.source, None, context), None)  # its folder says who gave the task
    return find(key.source, tasks.get(key.task) if key.task else None, context)


def key_of(
    source: str, chosen: ChosenTask | None, dtype: str, device: str, context: CommandContext
) -> ModelKey:
    """Return what a model is known by, once it is known which task loads it.

    Raises:
        ModelError: this machine has no such device.
    """
    given = _write_options(chosen, context)
    if chosen is None:
        return ModelKey(source, None, dtype, _placed(device, context))
    if chosen.is_head:
        return ModelKey(source, chosen.spec.name, dtype, _placed(device, context), given)
    place = "" if device == "auto" else _placed(device, context)
    return ModelKey(source, chosen.spec.name, "", place, given)


def bring(key: ModelKey, found: ModelFolder | TaskSource, context: CommandContext) -> LoadedModel | TaskModel:
    """Bring a model into memory: through its task, or plainly when it has none.

    Raises:
        ModelError: it cannot be read.
        PluginError: its task failed.
    """
    if key.task is not None:
        return _through_task(context.session.tasks.get(key.task), key, found, context)
    if isinstance(found, TaskSource):
        raise ModelError(f"{key.source} is a model of {found.task} alone")
    from hfshell.models.loading import load_model

    return load_model(found, dtype=key.dtype, device=key.device)


def _through_task(
    chosen: ChosenTask, key: ModelKey, found: ModelFolder | TaskSource, context: CommandContext
) -> LoadedModel | TaskModel:
    """Let a task load a model; it sees the options of `load`, whatever command wants the model now."""
    command = LoadOptions(key.source, key.task, key.dtype or "float32", key.device or "auto")
    loading = replace(context, command=command, task_options=None, chosen=chosen, place=key.device)
    model = chosen.load(found, chosen.options_of("load", _read_options(key.options)), loading)
    if isinstance(model, TaskModel):
        model.device = loading.place
        model.trained_on = read_trained_on(model.folder) if model.folder else frozenset()
    return model


def _folder_of(session: Session, spec: ModelSourceSpec, name: str) -> Path:
    find_folder = session.plugins.resolve(spec.target, owner=spec.scheme)
    return Path(session.plugins.run(spec, f"the model source {spec.scheme}:", find_folder, name))


def _folder_of_run(session: Session, run_id: str) -> Path:
    run = session.runs.open(run_id)
    if not run.model_folder.is_dir():
        raise ModelError(
            f"run {run.id} kept no model",
            hint="`finetune` keeps one, unless its task cannot save: such a model lives in memory only",
        )
    return run.model_folder


def _placed(device: str, context: CommandContext) -> str:
    if device == "cpu":
        return device  # every machine has it: no torch is asked
    if device == "auto":
        return context.session.device
    from hfshell.models.placement import choose_device

    return choose_device(device)


def _write_options(chosen: ChosenTask | None, context: CommandContext) -> str:
    """Write down the options that a model is loaded with: it must be the same when it is loaded again."""
    options = chosen.options("load", context) if chosen else None
    if options is None:
        return ""
    given = {
        item.name: getattr(options, item.name)
        for item in fields(options)
        if item.default is MISSING or getattr(options, item.name) != item.default
    }
    return json.dumps(given, sort_keys=True) if given else ""


def _read_options(text: str) -> dict[str, Any]:
    given: dict[str, Any] = json.loads(text) if text else {}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
