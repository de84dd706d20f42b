"""Whether a plugin keeps to the contract: what failed first, with what to do about it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from hfshell.render.layout import Flow, beside, prose
from hfshell.render.quantities import duration

if TYPE_CHECKING:
    from rich.console import RenderableType

    from hfshell.api.results import CheckRow, PluginCheck
    from hfshell.render.look import Look

_STATES = {"passed": "good", "failed": "bad", "skipped": "dim"}
_WIDEST = 12  # cells; of the checks' names


def render_plugin_check(check: PluginCheck, look: Look) -> RenderableType:
    """Return the counts, then for each task what failed, what did not apply, and what passed."""
    head = [
        Text.assemble((check.name, "name"), (f"  {check.distribution} {check.version}", "dim")),
        *_counts(check),
        Text(duration(check.seconds), "dim"),
    ]
    parts: list[RenderableType] = [Flow(head)]
    for task, rows in groupby(check.checks, key=lambda row: row.task):
        heading = [Text(f"task {task}", "heading")] if task else []
        parts += ["", *heading, *_rows(list(rows), look)]
    return Group(*parts)


def _counts(check: PluginCheck) -> list[Text]:
    counts = check.fields()
    return [Text(f"{counts[state]} {state}", style) for state, style in _STATES.items() if counts[state]]


def _rows(rows: list[CheckRow], look: Look) -> list[RenderableType]:
    by_state = {state: [row for row in rows if row.state == state] for state in _STATES}
    shown: list[RenderableType] = [_told(row, look) for row in by_state["failed"]]
    reasons = dict.fromkeys(row.message for row in by_state["skipped"])
    for reason in reasons:
        names = _names([row for row in by_state["skipped"] if row.message == reason])
        shown.append(beside(Text("skipped", "dim"), prose(f"{names}: {reason}", "dim"), look, least=_WIDEST))
    if by_state["passed"]:
        names = _names(by_state["passed"])
        shown.append(beside(Text("passed", "good"), Text(names), look, least=_WIDEST))
    return shown


def _names(rows: list[CheckRow]) -> str:
    return ", ".join(row.name for row in rows)


def _told(row: CheckRow, look: Look) -> RenderableType:
    body: list[RenderableType] = [prose(row.message)]
    if row.hint:
        body.append(prose(row.hint, "dim"))
    return beside(Text(row.name, "bad"), Group(*body), look, least=_WIDEST)
