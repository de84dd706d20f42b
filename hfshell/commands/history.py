"""`history`: lines typed before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hfshell.api.options import option
from hfshell.api.results import HistoryTable
from hfshell.api.specs import CommandSpec

if TYPE_CHECKING:
    from hfshell.commands.local import LocalContext


@dataclass(frozen=True)
class HistoryOptions:
    """Options of `history`."""

    n: int = option(20, "How many of the newest lines", minimum=1)


COMMAND = CommandSpec(
    name="history",
    summary="Show the newest lines of the history",
    options=HistoryOptions,
    target="hfshell.commands.history:show_history",
    where="local",
    section="Shell",
    examples=(("history", "the last twenty"), ("history --n 100", "more of them")),
)


def show_history(context: LocalContext, options: HistoryOptions) -> HistoryTable:
    """Return the newest lines, oldest first."""
    lines = context.history()
    newest = lines[-options.n :]
    return HistoryTable(first=len(lines) - len(newest) + 1, lines=tuple(newest))
