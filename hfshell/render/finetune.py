"""A finished training run: how good, how it went, and what to do with it."""

from __future__ import annotations

import re
from math import nan
from typing import TYPE_CHECKING

from rich.text import Text

from hfshell.render.layout import Flow, named, prose
from hfshell.render.metrics import metric_facts
from hfshell.render.quantities import duration, many, rate, score
from hfshell.render.sparkline import sparkline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from hfshell.api.results import FinetuneResult
    from hfshell.render.look import Look

INTERRUPTED = "interrupted"  # as FinetuneResult.stopped has it
_CURVE = 12  # cells
_WORD = re.compile(r"[\w./:-]+")


def render_finetune(result: FinetuneResult, look: Look) -> RenderableType:
    """Return scores first, then the curves, the work done, and the run."""
    body: list[RenderableType] = []
    if result.metrics:
        body.append(Flow(metric_facts(result, look, result.measured_on)))
    curves = _curves(result, look)
    if curves:
        body.append(Flow(curves))
    if result.stopped:
        body.append(_stopped(result))
    body += [Flow(_work(result), look.symbols.separator), Flow(_next(result), look.symbols.separator)]
    return named(result.name or "_", body, look)


def _curves(result: FinetuneResult, look: Look) -> list[Text]:
    curves = [_curve("loss", result.losses, look)] if result.losses else []
    headline = result.metrics[0].name if result.metrics else ""
    scores = [epoch[headline] for epoch in result.validation if headline in epoch]
    if len(scores) > 1:
        curves.append(_curve("validation", scores, look))
    if result.best_epoch is not None and len(scores) > 1:
        curves.append(Text(f"epoch {result.best_epoch:g} kept"))
    return curves


def _curve(name: str, measured: Sequence[float | None], look: Look) -> Text:
    """Draw a course of numbers; one that is none (NaN crosses the socket as None) is seen in it."""
    values = [nan if value is None else value for value in measured]
    newest = score(values[-1], look)
    if look.plain:
        return Text.assemble((f"{name} ", "dim"), f"{score(values[0], look)} {look.symbols.becomes} {newest}")
    return Text.assemble((f"{name} ", "dim"), (sparkline(values, _CURVE), "bar"), f" {newest}")


def _stopped(result: FinetuneResult) -> RenderableType:
    if result.stopped == INTERRUPTED:
        kept = f"interrupted after {many(result.steps, 'step')}, what was learnt is kept"
        return Flow([Text(kept, "warn"), prose("`--resume` goes on")])
    return Text(f"stopped before its time: {result.stopped}", "dim")


def _work(result: FinetuneResult) -> list[Text]:
    facts = [
        _epochs(result.epochs),
        many(result.steps, "step"),
        many(result.rows, "row"),
        duration(result.seconds),
        rate(result.rows_per_second),
    ]
    if result.resumed_from is not None:
        facts.append(f"resumed from step {result.resumed_from}")
    return [Text(fact, "dim") for fact in facts]


def _epochs(epochs: float) -> str:
    if 0 < epochs < 0.005:  # what would be shown as 0.00
        return "less than 0.01 epochs"
    rounded = f"{epochs:.2f}".rstrip("0").rstrip(".")
    return f"{rounded} {'epoch' if rounded == '1' else 'epochs'}"


def _next(result: FinetuneResult) -> list[Text]:
    facts = [Text.assemble(("run ", "dim"), result.run)]
    if result.stopped != INTERRUPTED and result.measured_on != "test" and _WORD.fullmatch(result.data):
        split = ".test" if result.data.isidentifier() else ""
        facts.append(prose(f"`eval {result.name or '_'} {result.data}{split}`"))
    return facts
