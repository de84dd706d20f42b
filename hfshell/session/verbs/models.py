"""`models`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfshell.api.results import ModelTable

if TYPE_CHECKING:
    from hfshell.commands.models import ModelsOptions
    from hfshell.session.context import CommandContext


def models(context: CommandContext, options: ModelsOptions) -> ModelTable:  # noqa: ARG001 - a verb's signature
    """List the session's models."""
    session = context.session
    used, total = session.memory()
    return ModelTable(models=session.warm.rows(), memory_used=used, memory_total=total)
