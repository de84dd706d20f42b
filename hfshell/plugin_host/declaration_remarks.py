"""What an author should mend in declarations that do no harm as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hfshell.api.options import OptionField, option_fields
from hfshell.api.specs import CommandSpec, MetricSpec, RendererSpec, Spec, TaskSpec
from hfshell.language.suggest import nearest
from hfshell.plugin_host.records import Record

OWN_METRICS = (
    "accuracy", "balanced_accuracy", "macro_f1", "mcc", "log_loss", "ece",
    "micro_f1", "roc_auc", "subset_accuracy", "hamming_loss",
    "rmse", "mae", "pearson", "spearman", "r2",
)  # fmt: skip
"""Names of hfshell's own metrics: to import what measures them takes numpy."""

OWN_RESULTS = ("predictions", "evaluation")
"""Kinds of result that renderers are usually for."""


def option_remarks(specs: Sequence[Spec]) -> Iterator[str]:
    """Remark on options that `help` has nothing to say of. Needs the plugin's own classes."""
    for spec in specs:
        declared = [spec.options] if isinstance(spec, CommandSpec) else []
        if isinstance(spec, TaskSpec):
            declared = list(spec.options.values())
        for field in (field for options in declared for field in option_fields(options)):
            yield from (f"{field.flag} of {spec.name} {wrong}" for wrong in _option_remarks(field))


def remarks_among(record: Record, records: Sequence[Record]) -> Iterator[str]:
    """Remark on what a plugin names and nobody gives, and on what it gives and nobody uses.

    Args:
        record: the plugin.
        records: all plugins, asked what they give.
    """
    declarations = [other.declarations for other in records]
    metrics = {*OWN_METRICS, *(spec.name for given in declarations for spec in given.of(MetricSpec))}
    for spec in record.declarations.specs:
        match spec:
            case TaskSpec():
                for name in spec.metrics:
                    if name not in metrics:
                        yield f"metrics of {spec.name}: nobody gives {name}{_meant(name, metrics)}"
            case MetricSpec() if spec.name in OWN_METRICS:
                yield (
                    f"metric {spec.name} is never used: hfshell has one of that name; "
                    f"call that of {record.plugin.distribution} otherwise"
                )
            case RendererSpec():
                yield from _renderer_remarks(spec, record, records)


def _option_remarks(field: OptionField) -> Iterator[str]:
    if not field.info.help.strip():
        yield "has no help: say what it is for"
    if field.default == "" and not field.optional:
        yield "has an empty default, which `help` cannot show: write `str | None`, and None"


def _renderer_remarks(spec: RendererSpec, record: Record, records: Sequence[Record]) -> Iterator[str]:
    if spec.kind not in OWN_RESULTS and (meant := _meant(spec.kind, OWN_RESULTS)):
        yield f"screen for {spec.name}: hfshell has no result of kind {spec.kind}{meant}"
    if spec.task is None:
        return
    own = [other for other in records if other.plugin.distribution == record.plugin.distribution]
    tasks = [task.name for other in own for task in other.declarations.of(TaskSpec)]
    if spec.task not in tasks:
        yield (
            f"screen for {spec.name} is never used: {record.plugin.distribution} gives no task "
            f"{spec.task}{_meant(spec.task, tasks)}"
        )


def _meant(word: str, candidates: Sequence[str] | set[str]) -> str:
    found = nearest(word, sorted(candidates))
    return f"; did you mean {' or '.join(found)}?" if found else ""
