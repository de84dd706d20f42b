"""A data set as it was read, and what the audit noticed in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from hfshell.render.layout import Flow, beside, named, prose
from hfshell.render.quantities import duration, many, whole
from hfshell.render.sample import render_sample

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from hfshell.api.results import DataSummary, Finding, RoleFound
    from hfshell.render.look import Look

LABELS_SHOWN = 8
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
    summary = named(data.name or "_", body, look)
    return Group(summary, "", render_sample(data.examples, look)) if data.examples else summary


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
