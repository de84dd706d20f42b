"""Predictions: one with bars, several as a table."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec
from rich.console import Group
from rich.table import Column
from rich.text import Text

from hfshell.render.bars import render_bars
from hfshell.render.layout import Flow, columns
from hfshell.render.quantities import many, whole
from hfshell.render.safe_text import one_line
from hfshell.render.sparkline import rule
from hfshell.render.structure import render_structure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from hfshell.api.results import PredictionResult
    from hfshell.render.look import Look

ROWS_SHOWN = 20
SCORES_SHOWN = 5
_LABEL = 24  # cells
_SMALL_BAR = 10
_WIDE = 100  # cells; from here on there is room for the second label
_UNSURE = 0.5  # below it the model thinks something else likelier than its answer

Scores = list[tuple[str, float]]


def render_predictions(result: PredictionResult, look: Look) -> RenderableType:
    """Return one prediction in full, or the first of many with a count of what was predicted."""
    rows = msgspec.to_builtins(result.rows, enc_hook=str)
    if not rows:
        return Text("no rows, no predictions", "dim")
    best = [label for row in rows if (label := _best(row)) is not None]
    if len(best) < len(rows):
        return _unscored(rows, result.inputs, look)
    if len(rows) == 1:
        return _one(_scores(rows[0]), look)
    table = _table([_scores(row) for row in rows[:ROWS_SHOWN]], result.inputs, look)
    return Group(table, _counts(best, look))


def _best(row: Any) -> str | None:
    """Return the first label of `{"label", "score"}`, or of a list of them, as pipelines give it."""
    first = row[0] if isinstance(row, list) and row else row
    return str(first["label"]) if _is_score(first) else None


def _scores(row: Any) -> Scores:
    items = row if isinstance(row, list) else [row]
    return [(str(item["label"]), float(item["score"])) for item in items if _is_score(item)]


def _is_score(item: Any) -> bool:
    return isinstance(item, dict) and "label" in item and isinstance(item.get("score"), (int, float))


def _one(scores: Scores, look: Look) -> RenderableType:
    shown = scores[:SCORES_SHOWN]
    left = len(scores) - len(shown)
    more = [Text(f"{look.symbols.ellipsis} {left} more", "dim")] if left else []
    return render_bars(shown, look, more=more)


def _table(shown: list[Scores], inputs: Sequence[str], look: Look) -> RenderableType:
    drawn = not look.plain and not look.narrow
    lines = [
        _cells(index, row, drawn=drawn, runner_up=look.width >= _WIDE) for index, row in enumerate(shown)
    ]
    widths = [max(cell.cell_len for cell in cells) for cells in zip(*lines, strict=True)]
    room = look.width - sum(widths) - 2 * len(widths) - 2
    table = columns(
        look, *(Column(no_wrap=True, min_width=width) for width in widths), Column(), header=False
    )
    for index, cells in enumerate(lines):
        text = inputs[index] if index < len(inputs) else ""
        table.add_row(*cells, one_line(text, max(room, 1), plain=look.plain))
    return table


def _cells(index: int, row: Scores, *, drawn: bool, runner_up: bool) -> list[Text]:
    label, score = row[0]
    sure = score >= _UNSURE
    cells = [
        Text(f"{index + 1:>2}", "dim"),
        Text(one_line(label, _LABEL), "name"),
        Text(f"{score:.2f}", "number" if sure else "number.warn"),
    ]
    if drawn:
        line, rest = rule(score, _SMALL_BAR)
        cells.append(Text.assemble((line, "bar" if sure else "warn"), (rest, "track")))
    if runner_up:
        cells.append(Text(f"{one_line(row[1][0], _LABEL)} {row[1][1]:.2f}" if len(row) > 1 else "", "dim"))
    return cells


def _counts(best: list[str], look: Look) -> RenderableType:
    counts = Counter(best).most_common()
    facts = [Text(many(len(best), "row"), "number")]
    facts += [Text.assemble(f"{label} ", (whole(count), "dim")) for label, count in counts[:ROWS_SHOWN]]
    if len(counts) > ROWS_SHOWN:
        facts.append(Text(f"{look.symbols.ellipsis} {len(counts) - ROWS_SHOWN} more labels", "dim"))
    if len(best) > ROWS_SHOWN:
        facts.append(
            Text.assemble(f"the first {ROWS_SHOWN} are shown, all with ", ("> predictions.jsonl", "command"))
        )
    return Flow(facts, look.symbols.separator)


def _unscored(rows: Sequence[Any], inputs: Sequence[str], look: Look) -> RenderableType:
    if len(rows) == 1:
        return render_structure(rows[0], look)
    table = columns(
        look, Column(justify="right", style="dim", no_wrap=True), Column(), Column(), header=False
    )
    for index, row in enumerate(rows[:ROWS_SHOWN]):
        text = inputs[index] if index < len(inputs) else ""
        shown = Text(one_line(text, 80, plain=look.plain), "dim")
        table.add_row(str(index + 1), shown, render_structure(row, look))
    return Group(table, Text(many(len(rows), "row"), "dim"))
