"""`eval`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hfshell.api.guards import Guard
from hfshell.api.results import EvaluationResult
from hfshell.evaluation.labels import match_labels, parse_label_map
from hfshell.session.measurable import label_role
from hfshell.session.record import recorded
from hfshell.session.scoring import Score, check_metrics, score

if TYPE_CHECKING:
    from hfshell.api.models import LoadedModel
    from hfshell.commands.eval import EvalOptions
    from hfshell.data import DataSet
    from hfshell.models.task_model import InMemory, TaskModel
    from hfshell.session.chosen import ChosenTask
    from hfshell.session.context import CommandContext


def evaluate(context: CommandContext, options: EvalOptions) -> EvaluationResult:
    """Measure a model on a split, and record it in a run directory."""
    session = context.session
    found = session.datasets.get(options.data, context, whole=True)
    warm = session.warm.get(options.model, context)
    chosen = session.tasks.of_model(options.task, warm.model)
    chosen.check("eval", warm.model)
    context.chosen = chosen
    check_metrics(chosen, context)
    dataset, split = found.dataset.for_task(chosen.spec.roles), found.measured_split
    session.datasets.require(dataset, chosen.spec.roles, splits=(split,))
    context.labels = dataset.labels
    own = chosen.options("eval", context)
    with recorded("eval", context, options, warm, dataset, chosen.spec.name, own=own) as run:
        rows = dataset.split(split)[: options.limit]
        names = _label_names(context, options, chosen, warm.model, dataset)
        _say_seen_rows(context, warm.model, dataset.row_keys(split, options.limit))
        measured = score(chosen, warm.model, rows, names, context)
        for guard in measured.report.guards:
            context.guard(guard)
        result = _result(options, dataset, split, chosen, run.id, measured)
        run.finish(result)
    return result


def _label_names(
    context: CommandContext,
    options: EvalOptions,
    chosen: ChosenTask,
    model: LoadedModel | TaskModel,
    dataset: DataSet,
) -> Mapping[str, str]:
    """Return the model's name for each of the data's labels; nothing where there are no labels to match.

    Raises:
        Refused: the model does not know a label of the data.
        UsageError: the map names a label that is not there, or the task has no labels.
    """
    pairs = parse_label_map(options.label_map) if options.label_map else {}
    if pairs:
        label_role(chosen.spec)
    own = chosen.labels(model)
    known = own or tuple(dict.fromkeys(pairs.values()))
    if not known or not dataset.labels:
        return {}
    allowed = "labels" in context.allowed or not own
    return match_labels(known, dataset.labels, pairs, allowed=allowed)


def _result(
    options: EvalOptions, dataset: DataSet, split: str, chosen: ChosenTask, run: str, measured: Score
) -> EvaluationResult:
    report = measured.report
    return EvaluationResult(
        model=options.model,
        data=dataset.name,
        split=split,
        task=chosen.spec.name,
        run=run,
        n=report.n,
        metrics=report.metrics,
        baseline=report.baseline,
        guess=report.guess,
        labels=report.labels,
        per_label=report.per_label,
        confusion=report.confusion,
        wrong=report.wrong,
        worst=report.worst,
        seconds=measured.seconds,
        rows_per_second=measured.rows_per_second,
    )


def _say_seen_rows(context: CommandContext, model: InMemory, measured: frozenset[str]) -> None:
    seen = measured & model.trained_on
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
