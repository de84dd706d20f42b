"""`finetune`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hfshell.api.events import Note
from hfshell.api.results import FinetuneOutcome, FinetuneResult, result_from_dict
from hfshell.compute.checkpoints import clear
from hfshell.errors import HfshellError
from hfshell.evaluation.labels import match_labels, parse_label_map
from hfshell.models.inspection import inspect_folder
from hfshell.models.store import ModelKey
from hfshell.models.task_model import TaskModel
from hfshell.session import own_training
from hfshell.session.checkpointing import fingerprints
from hfshell.session.measurable import label_role
from hfshell.session.record import recorded
from hfshell.session.relabel import RelabelledData
from hfshell.session.scoring import Score, check_metrics, score
from hfshell.storage import verify

if TYPE_CHECKING:
    from hfshell.api.context import TaskData
    from hfshell.api.models import LoadedModel
    from hfshell.commands.finetune import FinetuneOptions
    from hfshell.data import DataSet
    from hfshell.runs import Run
    from hfshell.session.context import CommandContext
    from hfshell.session.tasks import ChosenTask
    from hfshell.session.warm_model import WarmModel

_INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class Plan:
    """What is trained, for what, and on what.

    Attributes:
        dataset: the data as read.
        data: the same, its labels by the names that `--label-map` gives them.
        names: that map, for all labels of the data; empty without one.
    """

    options: FinetuneOptions
    chosen: ChosenTask
    base: WarmModel
    dataset: DataSet
    data: TaskData
    names: Mapping[str, str]


def finetune(context: CommandContext, options: FinetuneOptions) -> FinetuneResult:
    """Train a copy of a model, keep its best epoch, measure it, and bind it."""
    session = context.session
    plan = _plan(context, options)
    task_name = plan.chosen.spec.name
    own = plan.chosen.options("finetune", context)
    with recorded(
        "finetune", context, options, plan.base, plan.dataset, task_name, own=own, resume=options.resume
    ) as run:
        key = ModelKey(f"run:{run.id}", task_name, plan.base.key.dtype, plan.base.key.device)
        if context.progress is not None and (earlier := _done_before(context, run)) is not None:
            run.finish(earlier)
            return _ended(context, run, key, earlier)
        outcome = _train(context, plan, run)
        trained = session.warm.adopt(key, outcome.model, context)
        result = _result(context, plan, outcome, run.id, _measure(context, plan, trained.model, run))
        run.finish(result, stopped=outcome.stopped)
        return _ended(context, run, key, result)


def _done_before(context: CommandContext, run: Run) -> FinetuneResult | None:
    """Return what came of a run that ended well just before its batch was killed."""
    result = run.result if context.resume and run.model_folder.is_dir() else None
    if result is None or result.get("stopped") == _INTERRUPTED or verify(run.model_folder):
        return None
    read = result_from_dict(result)
    return read if isinstance(read, FinetuneResult) else None


def _ended(context: CommandContext, run: Run, key: ModelKey, result: FinetuneResult) -> FinetuneResult:
    """Bind what was trained; checkpoints have served when all is written down, and not before."""
    if result.stopped != _INTERRUPTED:
        clear(run.checkpoints)
    if context.progress is not None and run.model_folder.is_dir():
        context.progress.wrote(run.model_folder, fingerprints.of_path(run.model_folder))
    context.session.warm.bind(context.binding, key)
    return result


def _plan(context: CommandContext, options: FinetuneOptions) -> Plan:
    session = context.session
    dataset = session.datasets.get(options.data, context).dataset
    asked = session.tasks.get(options.task) if options.task else None
    base = session.warm.get(options.model, context, asked if asked and not asked.is_head else None)
    chosen = asked or session.tasks.for_training(None, base.model, dataset)
    chosen.check("finetune", base.model)
    context.chosen = chosen
    check_metrics(chosen, context)
    if asked is None and base.model.task is None:
        _say_others(context, chosen, dataset)
    dataset = dataset.for_task(chosen.spec.roles)
    session.datasets.require(dataset, chosen.spec.roles, splits=("train", "validation"), training=True)
    if options.label_map is None:
        return Plan(options, chosen, base, dataset, dataset, {})
    role, pairs = label_role(chosen.spec), parse_label_map(options.label_map)
    known = base.model.labels or tuple(dict.fromkeys(pairs.values()))
    names = match_labels(known, dataset.labels, pairs, allowed=True)
    data = RelabelledData(dataset, role, names)
    return Plan(options, chosen, base, dataset, data, names)


def _say_others(context: CommandContext, chosen: ChosenTask, dataset: DataSet) -> None:
    """Say it when the columns alone chose the task, and others know the learnt column as well."""
    others = context.session.tasks.others_for(chosen, dataset)
    if others:
        said = f"{' and '.join(others)} could learn this too: --task {others[0]}"
        context.emit(Note(f"learnt by {chosen.spec.name}; {said}", once=True))


def _train(context: CommandContext, plan: Plan, run: Run) -> FinetuneOutcome:
    """Train, and leave the new model in the run's folder, unless its task cannot save."""
    chosen, base = plan.chosen, plan.base.model
    context.rows_seen = plan.dataset.row_keys("train")
    if isinstance(base, TaskModel):
        return own_training.train(chosen, base, plan.data, context)
    outcome: FinetuneOutcome = chosen.finetune(base, plan.data, chosen.options("finetune", context), context)
    if outcome.model.files.folder != run.model_folder:  # the task trained by itself, not with the engine
        outcome.model.trained_on = base.trained_on | context.rows_seen
        chosen.save(outcome.model, run.model_folder, context)
        outcome.model.files = inspect_folder(run.model_folder, source=f"run:{run.id}")
    return outcome


def _measure(
    context: CommandContext, plan: Plan, model: LoadedModel | TaskModel, run: Run
) -> tuple[str, Score | None]:
    """Score the trained model on the rows that chose it, else on the test rows; nothing where nothing can."""
    split = next((name for name in ("validation", "test") if plan.dataset.splits[name]), None)
    measurable = plan.chosen.has_eval or plan.chosen.spec.target_role is not None
    if split is None or not measurable or context.cancelled.is_set:
        return "", None
    rows = plan.dataset.split(split)
    try:
        return split, score(plan.chosen, model, rows, _label_names(plan, model), context)
    except HfshellError as error:
        if run.model_folder.is_dir():
            kept = f"what was trained is kept: load run:{run.id}"
            error.hint = f"{error.hint}\n{kept}" if error.hint else kept
        raise


def _label_names(plan: Plan, model: LoadedModel | TaskModel) -> Mapping[str, str]:
    """Return the model's name for each of the data's labels; nothing for a task that learns no labels."""
    target = plan.chosen.spec.target_role
    if plan.names or target is None or target.kind != "label":
        return plan.names
    return match_labels(model.labels, plan.dataset.labels, allowed=True)


def _result(
    context: CommandContext,
    plan: Plan,
    outcome: FinetuneOutcome,
    run: str,
    measured: tuple[str, Score | None],
) -> FinetuneResult:
    split, scored = measured
    report = scored.report if scored else None
    for guard in report.guards if report else ():
        context.guard(replace(guard, severity="warn"))
    return FinetuneResult(
        name=context.binding or "",
        run=run,
        task=plan.chosen.spec.name,
        base=plan.options.model,
        data=plan.dataset.name,
        labels=outcome.model.labels,
        metrics=report.metrics if report else (),
        measured_on=split,
        n=report.n if report else 0,
        baseline=report.baseline if report else None,
        guess=report.guess if report else "majority",
        epochs=outcome.epochs,
        steps=outcome.steps,
        rows=outcome.rows,
        losses=outcome.losses,
        validation=tuple({**epoch} for epoch in outcome.validation),
        best_epoch=outcome.best_epoch,
        seconds=outcome.seconds,
        rows_per_second=outcome.rows_per_second,
        new_head=plan.base.model.task != plan.chosen.spec.name,
        folder=outcome.folder,
        stopped=outcome.stopped,
        resumed_from=outcome.resumed_from,
    )
