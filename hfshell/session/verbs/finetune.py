"""`finetune`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hfshell.api.results import FinetuneOutcome, FinetuneResult
from hfshell.evaluation.labels import match_labels, parse_label_map
from hfshell.models.store import ModelKey
from hfshell.session.record import Record, recorded
from hfshell.session.scoring import Score, score

if TYPE_CHECKING:
    from hfshell.commands.finetune import FinetuneOptions
    from hfshell.data import DataSet
    from hfshell.session.context import CommandContext
    from hfshell.session.tasks import ChosenTask
    from hfshell.session.warm import WarmModel


def finetune(context: CommandContext, options: FinetuneOptions) -> FinetuneResult:
    """Train a copy of a model, keep its best epoch, measure it, and bind it."""
    session = context.session
    dataset = session.datasets.get(options.data, context).dataset
    base = session.warm.get(options.model, context)
    chosen = session.tasks.for_training(options.task, base.model, dataset)
    chosen.check("finetune")
    dataset.require(chosen.spec.roles)
    dataset = _relabelled(dataset, options)
    with recorded(
        "finetune", context, options, base, dataset, chosen.spec.name, resume=options.resume
    ) as record:
        outcome = chosen.task.finetune(base.model, dataset, options, context)
        key = ModelKey(f"run:{record.run.id}", chosen.spec.name, base.key.dtype, base.key.device)
        trained = session.warm.adopt(key, outcome.model, record.run.model_folder)
        measured = _measure(context, options, chosen, trained, dataset)
        result = _result(context, options, chosen, base, dataset, outcome, measured, record)
        record.keep(result, stopped=outcome.stopped)
    session.warm.bind(context.binding, key)
    return result


def _relabelled(dataset: DataSet, options: FinetuneOptions) -> DataSet:
    """Call the data's labels by the names that a model with a head knows, when the user says how."""
    if options.label_map is None:
        return dataset
    pairs = parse_label_map(options.label_map)
    return dataset.relabelled(match_labels(tuple(pairs.values()), dataset.labels, pairs, allowed=True))


def _measure(
    context: CommandContext,
    options: FinetuneOptions,
    chosen: ChosenTask,
    trained: WarmModel,
    dataset: DataSet,
) -> tuple[str, Score | None]:
    split = next((name for name in ("validation", "test") if len(dataset.split(name))), None)
    if split is None or context.cancelled.is_set:
        return "", None
    names = match_labels(trained.model.labels, dataset.labels, allowed=True)
    return split, score(chosen, trained.model, dataset.split(split), names, options, context)


def _result(
    context: CommandContext,
    options: FinetuneOptions,
    chosen: ChosenTask,
    base: WarmModel,
    dataset: DataSet,
    outcome: FinetuneOutcome,
    measured: tuple[str, Score | None],
    record: Record,
) -> FinetuneResult:
    split, scored = measured
    report = scored.report if scored else None
    for guard in report.guards if report else ():
        context.guard(replace(guard, severity="warn"))
    return FinetuneResult(
        name=context.binding or "",
        run=record.run.id,
        task=chosen.spec.name,
        base=options.model,
        data=dataset.name,
        labels=outcome.model.labels,
        metrics=report.metrics if report else (),
        measured_on=split,
        n=report.n if report else 0,
        baseline=report.baseline if report else None,
        epochs=outcome.epochs,
        steps=outcome.steps,
        rows=outcome.rows,
        losses=outcome.losses,
        validation=outcome.validation,
        best_epoch=outcome.best_epoch,
        seconds=outcome.seconds,
        rows_per_second=outcome.rows_per_second,
        new_head=base.model.task != chosen.spec.name,
        folder=outcome.folder,
        stopped=outcome.stopped,
        resumed_from=outcome.resumed_from,
    )
