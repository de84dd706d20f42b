"""Sessions on the screen: what is saved, what came back, what was undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Column
from rich.text import Text

from hfshell.render.layout import Flow, columns, prose
from hfshell.render.quantities import many, moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from hfshell.api.results.sessions import Holding, SessionChanged, SessionTable, Undone, UndoneName
    from hfshell.render.look import Look

_SHOWN_NAMES = 6


def render_sessions(table: SessionTable, look: Look) -> RenderableType:
    """Return the sessions, newest first; one without a name says how to bring it back."""
    if not table.sessions:
        return prose("no session is saved; `session save NAME` does it", "dim")
    rows = columns(
        look, Column("session", no_wrap=True), Column("saved", no_wrap=True), Column("names"), header=True
    )
    for row in table.sessions:
        name = Text(row.name, "name") if row.name else Text("(not left)", "warn")
        if row.open:
            name.append(" open", "good")
        rows.add_row(name, Text(moment(row.saved), "dim"), _names(row.names))
    if any(not row.name for row in table.sessions):
        return Group(rows, prose("`session restore` brings the newest that was not left back", "dim"))
    return rows


def render_session(changed: SessionChanged, look: Look) -> RenderableType:
    """Return what became of a session in a line, and which names hold something else now."""
    name = [Text(f"session {changed.name}", "name")] if changed.name else []
    facts = [*name, Text(changed.what, "dim"), Text(many(len(changed.names), "name"))]
    if changed.what in ("loaded", "restored"):
        facts.append(Text(f"of {moment(changed.saved)}", "dim"))
    lines: list[RenderableType] = [Flow(facts, look.symbols.separator)]
    if changed.names and changed.what != "removed":
        lines.append(_names(changed.names, limit=None))
    if changed.replaced:
        lines.append(Text(f"held something else before: {', '.join(changed.replaced)}", "warn"))
        lines.append(prose("`undo` takes it back", "dim"))
    return Group(*lines)


def render_undone(undone: Undone, look: Look) -> RenderableType:
    """Return the line that is undone, and what its names hold again."""
    what = undone.line.split("\n", 1)[0] or "the last change"
    lines: list[RenderableType] = [Text.assemble(("undone ", "dim"), (what, "command"))]
    lines += [_undone_name(name, look) for name in undone.names]
    return Group(*lines)


def _undone_name(name: UndoneName, look: Look) -> RenderableType:
    held = [Text(f"it was {_described(name.held)}", "dim")] if name.held else []
    holds = (
        Text("is not bound any more") if name.holds is None else Text(f"is {_described(name.holds)} again")
    )
    return Flow([Text.assemble((name.name, "name"), " ", holds), *held], look.symbols.separator)


def _described(holding: Holding) -> str:
    article = {"model": "the model ", "data": "the data ", "result": "the result ", "value": ""}
    return f"{article.get(holding.kind, '')}{holding.what}".strip()


def _names(names: Sequence[str], limit: int | None = _SHOWN_NAMES) -> Text:
    shown = ", ".join(names[:limit]) or "nothing is bound"
    rest = len(names) - (limit or len(names))
    return Text(f"{shown} and {rest} more" if rest > 0 else shown)
