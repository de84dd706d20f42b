"""Small results: lines, values, expectations, what was saved or forgotten, the history, the kernel."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.table import Column
from rich.text import Text

from hfshell.render.layout import Flow, columns, named
from hfshell.render.quantities import clock, memory, size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from hfshell.api.results import (
        Expectation,
        HistoryTable,
        KernelStatus,
        Message,
        Saved,
        Unloaded,
        Value,
    )
    from hfshell.render.look import Look

_KERNEL_STATES = {"idle": "good", "busy": "warn", "starting": "warn", "dead": "bad"}


def render_message(message: Message, look: Look) -> RenderableType:  # noqa: ARG001 - every renderer takes a look
    """Return the lines as they are."""
    return Text("\n".join(message.lines))


def render_value(value: Value, look: Look) -> RenderableType:  # noqa: ARG001
    """Return `name = value`."""
    return Text.assemble((value.name, "name"), (" = ", "dim"), value.value)


def render_expectation(held: Expectation, look: Look) -> RenderableType:
    """Return the expectation that held, and what was found."""
    line = Text.assemble((f"{look.symbols.holds} ", "good"), f"{held.left} {held.operator} {held.right}")
    return line.append(f"   it is {held.actual}", "dim") if held.actual != held.left else line


def render_saved(saved: Saved, look: Look) -> RenderableType:
    """Return where it was written, and how large it is."""
    where = Flow([Text.assemble(("saved in ", "dim"), saved.path), size(saved.bytes)])
    return named(saved.name, [where], look) if saved.name else where


def render_unloaded(unloaded: Unloaded, look: Look) -> RenderableType:
    """Return the names forgotten or parked, and the memory that came free."""
    names = ", ".join(unloaded.names) or "nothing"
    done = "parked " if unloaded.parked else "forgot "
    freed = [Text(f"{size(unloaded.bytes)} free again", "good")] if unloaded.bytes else []
    return Flow([Text.assemble((done, "dim"), (names, "name")), *freed], look.symbols.separator)


def render_history(history: HistoryTable, look: Look) -> RenderableType:
    """Return the lines with their numbers; what was searched for stands out in them."""
    if not history.lines:
        said = f"no line holds {history.sought}" if history.sought else "nothing was typed yet"
        return Text(said, "dim")
    table = columns(look, Column(justify="right", style="dim", no_wrap=True), Column(), header=False)
    numbers: Sequence[int] = range(history.first, history.first + len(history.lines))
    if len(history.numbers) == len(history.lines):
        numbers = history.numbers
    for number, line in zip(numbers, history.lines, strict=True):
        shown = Text(line)
        if history.sought:
            shown.highlight_regex(f"(?i){re.escape(history.sought)}", "mark")
        table.add_row(str(number), shown)
    return table


def render_kernel(kernel: KernelStatus, look: Look) -> RenderableType:
    """Return how the kernel is, its memory, and the versions it runs."""
    facts = [Text(kernel.state, _KERNEL_STATES.get(kernel.state, ""))]
    if kernel.device:
        facts.append(Text(kernel.device))
    if kernel.pid is not None:
        facts.append(Text(f"pid {kernel.pid}", "dim"))
    facts.append(Text(f"up {clock(kernel.uptime_seconds)}", "dim"))
    if kernel.restarts:
        facts.append(Text(f"restarted {kernel.restarts} {look.symbols.times}", "warn"))
    body: list[RenderableType] = [Flow(facts, look.symbols.separator)]
    if kernel.memory_total:
        body.append(Text.assemble(("memory ", "dim"), memory(kernel.memory_used, kernel.memory_total)))
    if kernel.versions:
        versions = [f"{name} {version}" for name, version in kernel.versions.items()]
        body.append(Flow([Text(version, "dim") for version in versions], look.symbols.separator))
    return named("kernel", body, look)
