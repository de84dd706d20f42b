"""A data set as it was read, what the audit noticed in it, and a few of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Column
from rich.text import Text

from hfshell.render.layout import Block, Flow, beside, columns, named, prose
from hfshell.render.quantities import duration, many, whole
from hfshell.render.safe_text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from hfshell.api.results import DataSample, DataSummary, Finding, RoleFound
    from hfshell.render.look import Look

LABELS_SHOWN = 8
CELLS_SHOWN = 400  # of one value
_SLOW = 3.0  # seconds; what took less needs no word

_SEVERITIES = {"info": "", "note": "", "warn": "warn", "error": "bad", "refuse": "bad"}
_HOW = {"values": "by its values", "only": "the only one"}


def render_data(data: DataSummary, look: Look) -> RenderableType:
    """Return rows and splits, the roles found, the labels, and the audit's findings."""
    body: list[RenderableType] = [_rows_line(data, look)]
    roles: list[Text | str] = [_role(found, look) for found in data.roles]
    if data.labels:
        roles.append(many(len(data.labels), "label"))
    if roles:
        body.append(Flow(roles, "     "))
    if data.labels:
        body.append(_labels(data, look))
    if not data.tasks:
        body.append(_no_task(data, look))
    if data.audit:
        body.append(_audit(data.audit, look))
    return named(data.name or "_", body, look)


def _rows_line(data: DataSummary, look: Look) -> RenderableType:
    separator = look.symbols.separator
    rows = Text.assemble((many(data.rows, "row"), "number"))
    if len(data.splits) > 1:
        splits = [Text(f"{split.name} {whole(split.rows)}") for split in data.splits]
        rows = Text.assemble(rows, (f" {look.symbols.becomes} ", "dim"), Text(separator).join(splits))
    facts = [rows]
    if data.how:
        facts.append(Text(data.how, "dim"))
    if data.seconds >= _SLOW:
        facts.append(Text(duration(data.seconds), "dim"))
    return Flow(facts)


def _role(found: RoleFound, look: Look) -> Text:
    role = Text.assemble(found.role, (f" {look.symbols.comes_from} ", "dim"), (found.column, "name"))
    how = _HOW.get(found.how)
    return role.append(f" ({how})", "dim") if how else role


def _labels(data: DataSummary, look: Look) -> RenderableType:
    commonest = sorted(data.labels, key=lambda label: -label.rows)[:LABELS_SHOWN]
    counts = [Text.assemble(f"{label.label} ", (whole(label.rows), "dim")) for label in commonest]
    left = len(data.labels) - len(counts)
    if left:
        counts.append(Text(f"{look.symbols.ellipsis} {whole(left)} more", "dim"))
    return Flow(counts, look.symbols.separator)


def _no_task(data: DataSummary, look: Look) -> RenderableType:
    found = ", ".join(data.columns[:LABELS_SHOWN])
    message = Text.assemble(("no installed task finds its columns here", "warn"), f", there are {found}")
    if any(finding.name.startswith("no-") for finding in data.audit):  # the audit says what is missing
        return message
    return Flow([message, prose("say them: `--map text=COLUMN --map label=COLUMN`")], look.symbols.separator)


def _audit(findings: Sequence[Finding], look: Look) -> RenderableType:
    lines = [prose(finding.message, _SEVERITIES.get(finding.severity, "warn")) for finding in findings]
    return beside(Text("audit", "dim"), Group(*lines), look)


def render_sample(sample: DataSample, look: Look) -> RenderableType:
    """Return rows as a task sees them: a column for each role, long values cut."""
    shown = f"{whole(len(sample.rows))} of {many(sample.total, 'row')}"
    title = Text.assemble(
        (f"{sample.name}.{sample.split}" if sample.split else sample.name, "name"), f"  {shown}"
    )
    roles = list(dict.fromkeys(role for row in sample.rows for role in row))
    if not roles:
        return title
    if look.narrow:
        return Group(title, *(_record(number, row, look) for number, row in enumerate(sample.rows, 1)))
    short = [role for role in roles if _is_short(role, sample.rows)]
    ordered = [*short, *(role for role in roles if role not in short)]
    table = columns(
        look,
        Column("", justify="right", style="dim", no_wrap=True),
        *(Column(role, no_wrap=role in short) for role in ordered),
    )
    for number, row in enumerate(sample.rows, 1):
        table.add_row(
            str(number), *(one_line(row.get(role, ""), CELLS_SHOWN, plain=look.plain) for role in ordered)
        )
    return Group(title, table)


def _is_short(role: str, rows: Sequence[dict[str, str]]) -> bool:
    return all(len(row.get(role, "")) <= 20 for row in rows)  # a label, not a text


def _record(number: int, row: dict[str, str], look: Look) -> RenderableType:
    lines = [
        Text.assemble((f"{role}  ", "dim"), one_line(value, CELLS_SHOWN, plain=look.plain))
        for role, value in row.items()
    ]
    return Group(Text(str(number), "dim"), Block(Group(*lines)))
