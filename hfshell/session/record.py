"""The run directory of a command: opened before the work, closed with what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from hfshell.api.observations import RunInfo
from hfshell.errors import Refused, UsageError
from hfshell.runs import Run, RunRequestRecord
from hfshell.runs.request import IMMATERIAL_OPTIONS
from hfshell.session.checkpointing.header import begin_anew
from hfshell.session.observed import observed

if TYPE_CHECKING:
    from hfshell.data import DataSet
    from hfshell.runs import RunStore
    from hfshell.session.checkpointing import LineProgress
    from hfshell.session.context import CommandContext
    from hfshell.session.warm_model import WarmModel


@contextmanager
def recorded(
    verb: str,
    context: CommandContext,
    options: Any,
    model: WarmModel,
    dataset: DataSet,
    task: str,
    *,
    own: Any = None,
    resume: str | None = None,
) -> Iterator[Run]:
    """Open a run directory for a command, or the one that it goes on with.

    Args:
        verb: `finetune`, `eval`.
        context: the command's surroundings; its `run` and `resume` are set.
        options: the command's options, all of which are written down.
        model: the model it works with.
        dataset: the data it works with.
        task: name of the task.
        own: the task's own options of the verb, written down beside the command's; None without any.
        resume: ID of an interrupted run, or `last`. Without it a line that a batch was killed in goes on with
            the run that it had.

    Raises:
        UsageError: there is no such run to go on with.
        Refused: the run was of another request.
        StorageError: the disk refused.
    """
    request = RunRequestRecord(
        task=task,
        command=context.line.text,
        options=asdict(options) | (asdict(own) if own is not None else {}),
        model=_described(model),
        data={"name": dataset.name, "source": dataset.source, "fingerprint": dataset.fingerprint},
        seed=context.seed,
        name=context.binding or "",
    )
    runs = context.session.runs
    if resume is not None:
        run, context.resume = _interrupted_run(context, verb, request, resume), True
    elif context.progress is not None:
        run, context.resume = _run_of_line(runs, context.progress, verb, request)
    else:
        run, context.resume = runs.create(verb, request), False
    context.run = run
    info = RunInfo(run.id, verb, task, model.key.source, dataset.name, run.folder, request.name)
    try:
        with run, observed(info, run, options, context):
            yield run
    finally:
        context.run = None


def _described(model: WarmModel) -> dict[str, Any]:
    key = model.key
    given = {"options": key.options} if key.options else {}
    return {"source": key.source, "dtype": key.dtype, **given}


def _run_of_line(
    runs: RunStore, progress: LineProgress, verb: str, request: RunRequestRecord
) -> tuple[Run, bool]:
    """Return the run that a line had before its batch was killed, or a new one; and which of them it is."""
    earlier = runs.find(progress.run) if progress.run else None
    if earlier is not None and earlier.request["fingerprint"] == request.fingerprint(verb):
        return earlier, True
    if earlier is not None and not progress.failed:
        raise Refused(
            "resume",
            f"run {earlier.id} of this line was of another request: "
            f"{_differences(earlier.request, request, verb)}",
            hint=begin_anew(progress.checkpoint),
        )
    if earlier is not None or progress.run is None:
        run_id = runs.new_id()
        progress.run_begins(run_id)  # before the run: one that nobody knows of would be left behind
    else:
        run_id = progress.run
    return runs.create(verb, request, run_id), False


def _interrupted_run(context: CommandContext, verb: str, request: RunRequestRecord, wanted: str) -> Run:
    runs = context.session.runs
    fingerprint = request.fingerprint(verb)
    if wanted == "last":
        run = runs.newest_unfinished(fingerprint)
        if run is None:
            raise UsageError(
                "there is no interrupted run of this model, data and options",
                hint="leave --resume out, or name the run: --resume=7f3a91",
            )
        return run
    run = runs.open(wanted)
    if run.status.state == "finished":
        raise UsageError(
            f"run {run.id} is finished: there is nothing to go on with", hint=f"load run:{run.id}"
        )
    if run.request["fingerprint"] != fingerprint:
        raise Refused(
            "resume",
            f"run {run.id} was of another request: {_differences(run.request, request, verb)}",
            hint="repeat its line, or leave --resume out to begin anew",
        )
    return run


def _differences(before: dict[str, Any], now: RunRequestRecord, verb: str) -> str:
    after = now.to_dict(verb)
    changed = [name for name in ("verb", "task", "model", "seed") if before[name] != after[name]]
    if before["data"].get("fingerprint") != after["data"].get("fingerprint"):
        changed.append("data")
    options, chosen = before["options"], after["options"]
    material = sorted(chosen.keys() - IMMATERIAL_OPTIONS)
    changed += [f"--{name.replace('_', '-')}" for name in material if options.get(name) != chosen[name]]
    return ", ".join(changed) + " changed"
