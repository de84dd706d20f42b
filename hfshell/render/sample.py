"""A few rows of a data set: a table of short values, or a record for each row that holds more than these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.table import Column
from rich.text import Text

from hfshell.render.layout import Block, columns
from hfshell.render.nested import NESTED, in_line, render_nested
from hfshell.render.quantities import many, whole
from hfshell.render.safe_text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from hfshell.api.results import DataSample
    from hfshell.render.look import Look

CELLS_SHOWN = 400  # of one value
_SHORT = 20


def render_sample(sample: DataSample, look: Look) -> RenderableType:
    """Return rows as a task sees them: a column or a line for each role, long values cut."""
    shown = f"{whole(len(sample.rows))} of {many(sample.total, 'row')}"
    title = Text.assemble(
        (f"{sample.name}.{sample.split}" if sample.split else sample.name, "name"), f"  {shown}"
    )
    if sample.task:
        title.append(f", as {sample.task} sees them", "dim")
    roles = list(dict.fromkeys(role for row in sample.rows for role in row))
    if not roles:
        return title
    nested = any(one.kind in NESTED for one in sample.roles)
    if look.narrow or nested:
        records = (_record(number, row, sample, look) for number, row in enumerate(sample.rows, 1))
        return Group(title, *records)
    short = [role for role in roles if _is_short(role, sample.rows)]
    ordered = [*short, *(role for role in roles if role not in short)]
    table = columns(
        look,
        Column("", justify="right", style="dim", no_wrap=True),
        *(Column(role, no_wrap=role in short) for role in ordered),
    )
    for number, row in enumerate(sample.rows, 1):
        table.add_row(str(number), *(_cell(row.get(role), look) for role in ordered))
    return Group(title, table)


def _is_short(role: str, rows: Sequence[dict[str, Any]]) -> bool:
    return all(len(in_line(row.get(role))) <= _SHORT for row in rows)  # a label, not a text


def _cell(value: Any, look: Look) -> str:
    return one_line(in_line(value), CELLS_SHOWN, plain=look.plain)


def _record(number: int, row: dict[str, Any], sample: DataSample, look: Look) -> RenderableType:
    kinds = {one.role: one for one in sample.roles}
    lines: list[RenderableType] = []
    for role, value in row.items():
        known = kinds.get(role)
        nested = render_nested(known, value, row, sample.roles, look) if known else None
        if nested is None:
            lines.append(Text.assemble((f"{role}  ", "dim"), _cell(value, look)))
        elif nested:
            lines += [Text(role, "dim"), Block(Group(*nested))]
    return Group(Text(str(number), "dim"), Block(Group(*lines)))
