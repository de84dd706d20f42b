"""A plugin that misbehaves where and how it is told to, and another that does not: the declarations."""

from __future__ import annotations

from dataclasses import dataclass

from misbehaviour import MISBEHAVIOUR

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

ROLES = (Role.text(), Role("wanted", "text", ("wanted",), target=True))
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
            roles=ROLES,
            metrics=("bad-metric",),
            schemes=("bad",),
        ),
        *(
            TaskSpec(
                name=f"bad-import{number}",
                summary=f"Misbehaves when its work is imported: {kind}",
                target=f"hfshell_bad_import{number}:Bad",
                capabilities=frozenset({"load", "predict"}),
                schemes=(f"badimport{number}",),
            )
            for number, kind in enumerate(MISBEHAVIOUR)
        ),
        TaskSpec(
            name="bad-eval",
            summary="Misbehaves when it measures",
            target=f"{WORK}:BadEval",
            roles=ROLES,
            schemes=("badeval",),
        ),
        TaskSpec(
            name="bad-head",
            summary="Misbehaves on a transformers model",
            target="hfshell_bad_head:BadHead",
            roles=(Role.text(), Role.label()),
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
def hfshell_model_unloaded(model):
    from hfshell_bad_work import act

    act("hfshell_model_unloaded", model.source.partition(":")[2])


@hookimpl
def hfshell_session_started(session):
    from hfshell_bad_work import act_once

    act_once("hfshell_session_started")


@hookimpl
def hfshell_session_ended(session):
    from hfshell_bad_work import act_once

    act_once("hfshell_session_ended")


@hookimpl
def hfshell_run_event(run, event):
    from hfshell_bad_work import act

    act("hfshell_run_event", run.model.partition(":")[2])
