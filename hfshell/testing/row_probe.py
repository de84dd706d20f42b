"""Whole predictions of rows that a check makes up: a command of the kit's own, run as any other is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hfshell.api.hooks import hookimpl
from hfshell.api.options import argument
from hfshell.api.specs import CommandSpec
from hfshell.testing.open_objects import close_object, open_object

if TYPE_CHECKING:
    from hfshell.session.context import CommandContext

Row = Mapping[str, Any]
Rows = Sequence[Row]

COMMAND = "predict-rows"


@dataclass(frozen=True)
class ProbeOptions:
    """Options of the command."""

    model: str = argument("A bound model", complete="model", metavar="MODEL")
    data: str = argument("A bound data set", complete="data", metavar="DATA")


class RowProbe:
    """A plugin that gives the command.

    Attributes:
        choose: makes the rows to predict from those of the data set, which come without their target.
        predicted: what the task gave for them, whole.
    """

    def __init__(self) -> None:
        self.choose: Callable[[Rows], Rows] = lambda rows: rows
        self.predicted: list[Any] = []
        self._target = open_object(self)

    @hookimpl
    def hfshell_commands(self) -> list[CommandSpec]:
        """Offer the command."""
        return [
            CommandSpec(
                name=COMMAND,
                summary="Predict rows that a check makes up",
                options=ProbeOptions,
                target=f"{self._target}.run",
                binds="nothing",
            )
        ]

    def run(self, context: CommandContext, options: ProbeOptions) -> None:
        """Predict, and keep what comes."""
        session = context.session
        dataset = session.datasets.get(options.data, context).dataset
        model = session.warm.get(options.model, context).model
        chosen = session.tasks.of_model(None, model)
        context.chosen = chosen
        context.labels = dataset.for_task(chosen.spec.roles).labels
        target = chosen.spec.target_role
        rows = [
            {name: value for name, value in row.items() if target is None or name != target.name}
            for row in dataset.split("train")[:8]
        ]
        given = list(self.choose(rows))
        self.predicted = list(chosen.predict(model, given, chosen.options("predict", context), context))

    def close(self) -> None:
        """Forget the command."""
        close_object(self._target)
