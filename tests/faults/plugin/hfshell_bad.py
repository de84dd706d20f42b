"""A plugin that misbehaves where and how it is told to, and another that does not: the declarations."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api import (
    CommandSpec,
    DataFormatSpec,
    MetricSpec,
    ModelSourceSpec,
    RendererSpec,
    Role,
    TaskSpec,
    argument,
    hookimpl,
)

WORK = "hfshell_bad_work"


@dataclass(frozen=True)
class MisbehaveOptions:
    """What to do."""

    kind: str = argument("How to misbehave", metavar="KIND")


@hookimpl
def hfshell_tasks():
    return [
        TaskSpec(
            name="bad",
            summary="Misbehaves",
            target=f"{WORK}:Bad",
            roles=(Role.text(), Role.label()),
            metrics=("bad-metric",),
            schemes=("bad",),
        ),
        TaskSpec(
            name="bad-import",
            summary="Misbehaves when its work is imported",
            target="hfshell_bad_import:Bad",
            roles=(Role.text(), Role.label()),
            schemes=("badimport",),
        ),
        TaskSpec(
            name="bad-eval",
            summary="Misbehaves when it measures",
            target=f"{WORK}:BadEval",
            roles=(Role.text(), Role.label()),
            schemes=("badeval",),
        ),
    ]


@hookimpl
def hfshell_commands():
    return [
        CommandSpec(
            name="misbehave", summary="Misbehave", options=MisbehaveOptions, target=f"{WORK}:misbehave"
        )
    ]


@hookimpl
def hfshell_data_formats():
    return [DataFormatSpec(name="bad", summary="Bad", endings=(".bad",), target=f"{WORK}:read")]


@hookimpl
def hfshell_model_sources():
    return [ModelSourceSpec(scheme="badsource", summary="Bad", target=f"{WORK}:find")]


@hookimpl
def hfshell_metrics():
    return [MetricSpec(name="bad-metric", summary="Bad", target=f"{WORK}:measure")]


@hookimpl
def hfshell_renderers():
    return [RendererSpec(kind="predictions", task="bad", target=f"{WORK}:show")]


@hookimpl
def hfshell_model_loaded(model):
    from hfshell_bad_work import act

    act("hfshell_model_loaded", model.source.partition(":")[2])


@hookimpl
def hfshell_run_event(run, event):  # noqa: ARG001 - of the hook
    from hfshell_bad_work import act

    act("hfshell_run_event", run.model.partition(":")[2])
