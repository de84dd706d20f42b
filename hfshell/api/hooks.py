"""The hooks of hfshell: what a plugin may give, and what it may listen to.

A plugin marks its functions with `hookimpl`. Hooks that declare return data and are called once, in a process
of their own, when the plugin is installed or changes. Hooks that observe are called while a session runs, one
plugin after another, so that one that fails stops no other.

A plugin's hook may take fewer arguments than its specification; adding one is never a breaking change.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from hfshell.api.observations import RunInfo, RunObservation, SessionInfo
    from hfshell.api.results import ModelSummary
    from hfshell.api.specs import (
        CommandSpec,
        DataFormatSpec,
        MetricSpec,
        ModelSourceSpec,
        RendererSpec,
        TaskSpec,
    )

PROJECT = "hfshell"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class HookSpecs:
    """The hooks, with their types."""

    @hookspec
    def hfshell_tasks(self) -> Iterable[TaskSpec]:  # type: ignore[empty-body]
        """Return the tasks that the plugin offers."""

    @hookspec
    def hfshell_commands(self) -> Iterable[CommandSpec]:  # type: ignore[empty-body]
        """Return the commands that the plugin adds."""

    @hookspec
    def hfshell_model_sources(self) -> Iterable[ModelSourceSpec]:  # type: ignore[empty-body]
        """Return the model sources that the plugin knows by name."""

    @hookspec
    def hfshell_data_formats(self) -> Iterable[DataFormatSpec]:  # type: ignore[empty-body]
        """Return the formats of data files that the plugin reads."""

    @hookspec
    def hfshell_metrics(self) -> Iterable[MetricSpec]:  # type: ignore[empty-body]
        """Return the metrics that tasks, the plugin's own or others, may name."""

    @hookspec
    def hfshell_renderers(self) -> Iterable[RendererSpec]:  # type: ignore[empty-body]
        """Return how results look that the usual way does not suit."""

    @hookspec
    def hfshell_session_started(self, session: SessionInfo) -> None:
        """Hear that a session began. It has done nothing yet."""

    @hookspec
    def hfshell_session_ended(self, session: SessionInfo) -> None:
        """Hear that a session ends. It is not called when its process is killed."""

    @hookspec
    def hfshell_model_loaded(self, model: ModelSummary) -> None:
        """Hear that a model came into memory."""

    @hookspec
    def hfshell_model_unloaded(self, model: ModelSummary) -> None:
        """Hear that a model left memory: unloaded, parked, or pushed out by another."""

    @hookspec
    def hfshell_run_event(self, run: RunInfo, event: RunObservation) -> None:
        """Hear what happens in a run (`finetune`, `eval`): its beginning, its progress, its end."""


DECLARING: tuple[str, ...] = (
    "hfshell_tasks",
    "hfshell_commands",
    "hfshell_model_sources",
    "hfshell_data_formats",
    "hfshell_metrics",
    "hfshell_renderers",
)
"""Hooks that return declarations."""

OBSERVING: tuple[str, ...] = (
    "hfshell_session_started",
    "hfshell_session_ended",
    "hfshell_model_loaded",
    "hfshell_model_unloaded",
    "hfshell_run_event",
)
"""Hooks that listen."""
