"""A model in memory, and the table of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Column
from rich.text import Text

from hfshell.render.layout import Block, Flow, columns, named
from hfshell.render.quantities import ago, duration, large, many, memory, size

if TYPE_CHECKING:
    from rich.console import RenderableType

    from hfshell.api.results import ModelRow, ModelSummary, ModelTable
    from hfshell.render.look import Look

LABELS_SHOWN = 12

_DTYPES = {"float32": "fp32", "float16": "fp16", "bfloat16": "bf16", "float64": "fp64"}
_STATES = {"warm": "good", "parked": "dim", "dirty": "bad"}


def render_model(model: ModelSummary, look: Look) -> RenderableType:
    """Return what was loaded, on what, and how long it took."""
    what = Text(model.architecture or "model")
    if model.parameters:
        what.append(f" {large(model.parameters)}", "number")
    where = [_DTYPES.get(model.dtype, model.dtype), f"on {model.device}" if model.device else ""]
    facts: list[Text | str] = [
        what,
        " ".join(word for word in where if word),
        size(model.bytes) if model.bytes else "",
        Text("already warm", "good") if model.already_warm else duration(model.seconds),
    ]
    facts = [fact for fact in facts if fact]  # a task's own model need not know all of them
    body: list[RenderableType] = [Flow(facts, look.symbols.separator)]
    if model.task:
        body.append(
            Flow([model.task, label_list(model.labels, look)], "   ") if model.labels else Text(model.task)
        )
    if model.source != model.name:
        body.append(Text(f"from {model.source}", "dim"))
    return named(model.name or "_", body, look)


def label_list(labels: tuple[str, ...], look: Look) -> Text:
    """Return `5 labels: billing, refunds, …`."""
    shown = ", ".join(labels[:LABELS_SHOWN])
    more = f", {look.symbols.ellipsis}" if len(labels) > LABELS_SHOWN else ""
    return Text.assemble(many(len(labels), "label"), (f": {shown}{more}", "dim"))


def render_models(table: ModelTable, look: Look) -> RenderableType:
    """Return the models, one a line, and the memory they live in."""
    total = f"memory {memory(table.memory_used, table.memory_total)}"
    if not table.models:
        return Text.assemble("no model is loaded   ", (total, "dim"))
    if look.narrow:
        return Group(*(_lines(model, look) for model in table.models), Text(total, "dim"))
    rows = columns(
        look,
        Column("name", no_wrap=True),
        Column("task", no_wrap=True),
        Column("size", justify="right", no_wrap=True),
        Column("where", no_wrap=True),
        Column("state"),
        Column("used", no_wrap=True),
    )
    for model in table.models:
        rows.add_row(
            _name(model),
            model.task or look.symbols.absent,
            _own_size(model, look),
            model.device or look.symbols.absent,
            _state(model),
            Text(ago(model.used_seconds_ago), "dim"),
        )
    return Group(rows, Text(total, "dim"))


def _lines(model: ModelRow, look: Look) -> RenderableType:
    """Return a model below its name, for a screen that has no room for columns."""
    task = [model.task] if model.task else []
    facts = [
        *task,
        _own_size(model, look),
        model.device,
        _state(model),
        Text(ago(model.used_seconds_ago), "dim"),
    ]
    return Group(_name(model), Block(Flow([fact for fact in facts if fact], look.symbols.separator)))


def _name(model: ModelRow) -> Text:
    """A model that no name is bound to goes by its source."""
    name = (model.name, "name") if model.name else (model.source, "dim")
    return Text.assemble(name, ("*" if model.current else "", "good"))


def _own_size(model: ModelRow, look: Look) -> str:
    if model.shared_with:
        return f"+{size(model.bytes)}"
    return size(model.bytes) if model.bytes else look.symbols.absent


def _state(model: ModelRow) -> Text:
    shares = f", shares {model.shared_with}" if model.shared_with else ""
    return Text.assemble((model.state, _STATES.get(model.state, "")), (shares, "dim"))
