"""`load`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from hfshell.api.events import Note
from hfshell.api.models import LoadedModel
from hfshell.session.warm_model import summarise

if TYPE_CHECKING:
    from hfshell.api.results import ModelSummary
    from hfshell.commands.load import LoadOptions
    from hfshell.models.task_model import InMemory
    from hfshell.session.context import CommandContext


def load(context: CommandContext, options: LoadOptions) -> ModelSummary:
    """Bring a model into memory, and bind it; the name of a bound model gives it another name."""
    warm = context.session.warm
    began = time.perf_counter()
    if context.session.names.find(options.source, "model"):
        found = warm.get(options.source, context)
    else:
        found = warm.load(options.source, options.task, options.dtype, options.device, context)
        _say_other_tasks(context, options, found.model)
    warm.bind(context.binding, found.key)
    return summarise(context.binding or "", found, time.perf_counter() - began)


def _say_other_tasks(context: CommandContext, options: LoadOptions, model: InMemory) -> None:
    """Say it where a model could be used for other tasks as well, and nobody said which."""
    if options.task or model.task is None or not isinstance(model, LoadedModel):
        return
    tasks = context.session.tasks
    others = tasks.others_of_files(tasks.get(model.task), model.files)
    if others:
        context.emit(Note(f"taken for {model.task}; --task has it do {', '.join(others)}"))
