"""The hooks of hfshell. A plugin marks its functions with `hookimpl`; each returns declarations, as data.

A plugin's hook may take fewer arguments than its specification; adding one is never a breaking change.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from hfshell.api.specs import CommandSpec, ModelSourceSpec, TaskSpec

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
