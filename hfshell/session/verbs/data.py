"""`data`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfshell.data import summarise

if TYPE_CHECKING:
    from hfshell.api.results import DataSummary
    from hfshell.commands.data import DataCommandOptions
    from hfshell.session.context import CommandContext


def data(context: CommandContext, options: DataCommandOptions) -> DataSummary:
    """Read a data set, and bind it."""
    datasets = context.session.datasets
    dataset = datasets.read(options, context)
    return summarise(dataset, context.binding or dataset.name, datasets.tasks_for(dataset))
