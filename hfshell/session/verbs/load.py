"""`load`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from hfshell.session.warm_model import summarise

if TYPE_CHECKING:
    from hfshell.api.results import ModelSummary
    from hfshell.commands.load import LoadOptions
    from hfshell.session.context import CommandContext


def load(context: CommandContext, options: LoadOptions) -> ModelSummary:
    """Bring a model into memory, and bind it; the name of a bound model gives it another name."""
    warm = context.session.warm
    began = time.perf_counter()
    if context.session.names.find(options.source, "model"):
        found = warm.get(options.source, context)
    else:
        found = warm.load(options.source, options.task, options.dtype, options.device, context)
    warm.bind(context.binding, found.key)
    return summarise(context.binding or "", found, time.perf_counter() - began)
