"""`eval`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfshell.api.guards import Guard
from hfshell.api.results import EvaluationResult
from hfshell.evaluation.labels import match_labels, parse_label_map
from hfshell.session.record import recorded
from hfshell.session.scoring import score

if TYPE_CHECKING:
    from hfshell.api.models import LoadedModel
    from hfshell.commands.eval import EvalOptions
    from hfshell.data import DataSet
    from hfshell.session.context import CommandContext
    from hfshell.session.tasks import ChosenTask


def evaluate(context: CommandContext, options: EvalOptions) -> EvaluationResult:
    """Measure a model on a split, and record it in a run directory."""
    session = context.session
    found = session.datasets.get(options.data, context, whole=True)
    warm = session.warm.get(options.model, context)
    chosen = session.tasks.of_model(options.task, warm.model)
    chosen.check("eval")
    context.chosen = chosen
    split = found.measured_split
    found.dataset.require(chosen.spec.roles, splits=(split,))
    with recorded("eval", context, options, warm, found.dataset, chosen.spec.name) as run:
        result = _measure(context, options, warm.model, found.dataset, split, chosen, run.id)
        run.finish(result)
    return result


def _measure(
    context: CommandContext,
    options: EvalOptions,
    model: LoadedModel,
    dataset: DataSet,
    split: str,
    chosen: ChosenTask,
    run: str,
) -> EvaluationResult:
    rows = dataset.split(split)[: options.limit]
    names = match_labels(
        model.labels,
        dataset.labels,
        parse_label_map(options.label_map) if options.label_map else {},
        allowed="labels" in context.allowed,
    )
    _say_seen_rows(context, model, dataset, split)
    measured = score(chosen, model, rows, names, context)
    report = measured.report
    for guard in report.guards:
        context.guard(guard)
    return EvaluationResult(
        model=options.model,
        data=dataset.name,
        split=split,
        task=chosen.spec.name,
        run=run,
        n=report.n,
        metrics=report.metrics,
        baseline=report.baseline,
        labels=report.labels,
        per_label=report.per_label,
        confusion=report.confusion,
        wrong=report.wrong,
        worst=report.worst,
        seconds=measured.seconds,
        rows_per_second=measured.rows_per_second,
    )


def _say_seen_rows(context: CommandContext, model: LoadedModel, dataset: DataSet, split: str) -> None:
    seen = dataset.row_keys(split) & model.trained_on
    if seen:
        context.guard(
            Guard(
                "leakage",
                "warn",
                f"the model was trained on {len(seen):,} of these rows: the score flatters it",
                hint="measure on rows that it has not seen",
                count=len(seen),
            )
        )
