"""A model measured on a split: the scores, who is taken for whom, each label, and the surest mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Column, Table
from rich.text import Text

from hfshell.render.confusion import matrix_that_fits, taken_for
from hfshell.render.layout import Flow, beside, columns
from hfshell.render.metric_names import metric_name
from hfshell.render.metrics import metric_facts, signatures
from hfshell.render.quantities import duration, many, rate, score, share, whole
from hfshell.render.safe_text import one_line
from hfshell.render.sparkline import rule

if TYPE_CHECKING:
    from rich.console import RenderableType

    from hfshell.api.results import EvaluationResult, LabelReport, WrongRow
    from hfshell.render.look import Look

LABELS_SHOWN = 20
WORST_SHOWN = 3  # and two more where the screen is wide
_LABEL = 24  # cells
_BAR = 10
_WIDE = 120  # cells
_SCORES = 42  # cells of the scores and the bar beside a label


def render_evaluation(result: EvaluationResult, look: Look) -> RenderableType:
    """Return the headline first, then what there is of matrix and labels, as the width takes it."""
    facts = metric_facts(result, look)
    parts: list[RenderableType] = [Flow(facts)]
    matrix = matrix_that_fits(result, look)
    if matrix is not None:
        parts += ["", matrix]
    elif result.per_label:
        parts += ["", *_label_parts(result, look)]
    if result.wrong is not None:
        parts += ["", *_wrong_parts(result, result.wrong, look)]
    elif any(row.grade is not None for row in result.worst):
        parts += ["", *_graded_parts(result, look)]
    parts += signatures(result, look)
    speed = [
        result.split and f"{result.data}.{result.split}",
        duration(result.seconds),
        rate(result.rows_per_second),
    ]
    speed.append(f"run {result.run}" if result.run else "")
    parts.append(Flow([Text(fact, "dim") for fact in speed if fact], look.symbols.separator))
    return Group(*parts)


def _label_parts(result: EvaluationResult, look: Look) -> list[RenderableType]:
    reports = list(result.per_label)
    hidden = len(reports) - LABELS_SHOWN
    if hidden > 0:
        reports = sorted(reports, key=_f1_or_last)[:LABELS_SHOWN]
    parts: list[RenderableType] = [_label_table(reports, look)]
    if hidden > 0:
        parts.append(Text(f"the {LABELS_SHOWN} hardest labels; {whole(hidden)} more fare better", "dim"))
    mistaken = taken_for(result, look)
    if mistaken:
        parts.append(beside(Text("most mistaken", "dim"), Flow(mistaken), look))
    return parts


def _f1_or_last(report: LabelReport) -> float:
    return 2.0 if report.f1 is None else report.f1


def _label_table(reports: list[LabelReport], look: Look) -> Table:
    right = {"justify": "right", "no_wrap": True}
    table = columns(
        look,
        Column("label", no_wrap=True, max_width=max(look.width - _SCORES, _LABEL // 2)),
        *(Column(heading, **right) for heading in ("P", "R", "F1", "n")),  # type: ignore[arg-type]
        Column("", no_wrap=True),
    )
    for report in reports:
        line, rest = ("", "") if look.plain or look.narrow else rule(report.f1 or 0.0, _BAR)
        table.add_row(
            report.label,
            share(report.precision, look),
            share(report.recall, look),
            Text(share(report.f1, look), "number"),
            Text(whole(report.support), "dim"),
            Text.assemble((line, "bar"), (rest, "track")),
        )
    return table


def _wrong_parts(result: EvaluationResult, wrong: int, look: Look) -> list[RenderableType]:
    if not wrong:
        return [Text(f"no row of {whole(result.n)} wrong", "good")]
    title = Text(f"{whole(wrong)} of {many(result.n, 'row')} wrong")
    if not result.worst:
        return [title]
    shown = _shown(result, look)
    scored = any(row.score is not None for row in shown)
    title.append(", the surest first:" if scored else ", the first of them:", "dim")
    digits = max(len(str(row.row)) for row in shown)
    return [title, *(_worst_row(row, digits, look) for row in shown), *_more(result, shown)]


def _graded_parts(result: EvaluationResult, look: Look) -> list[RenderableType]:
    """Return the rows that the headline grades lowest: what was said, and what is, one above the other."""
    shown = _shown(result, look)
    digits = max(len(str(row.row)) for row in shown)
    headline = metric_name(result.metrics[0].name) if result.metrics else "grade"
    heading = Text.assemble(("the worst by ", "dim"), headline, (":", "dim"))
    return [heading, *(_graded_row(row, digits, look) for row in shown), *_more(result, shown)]


def _more(result: EvaluationResult, shown: tuple[WrongRow, ...]) -> list[RenderableType]:
    if len(result.worst) == len(shown):
        return []
    count = "all" if len(result.worst) == result.wrong else whole(len(result.worst))
    return [Text(f"  `show _.errors` has {count} of them", "dim")]


def _graded_row(row: WrongRow, digits: int, look: Look) -> RenderableType:
    start = f"  row {row.row:>{digits}}  {score(row.grade, look)}  "
    room = max(look.width - len(start) - 6, _LABEL // 2)
    if not row.expected:  # a task graded it that holds nothing against the data
        read = Text.assemble((start, "dim"), f'"{one_line(row.text, room, plain=look.plain)}"')
        if not row.predicted:
            return read
        answer = one_line(row.predicted, room, plain=look.plain)
        return Group(read, Text.assemble(" " * len(start), "said ", (answer, "bad")))
    said, expected = (one_line(text, room, plain=look.plain) for text in (_answer(row), row.expected))
    return Group(
        Text.assemble((start, "dim"), "said ", (said, "bad")),
        Text.assemble(" " * len(start), "is   ", (expected, "good")),
    )


def _answer(row: WrongRow) -> str:
    return row.predicted if row.predicted.strip() else "nothing"


def _shown(result: EvaluationResult, look: Look) -> tuple[WrongRow, ...]:
    return result.worst[: WORST_SHOWN if look.width < _WIDE else WORST_SHOWN + 2]


def _worst_row(row: WrongRow, digits: int, look: Look) -> RenderableType:
    start = Text.assemble(
        (f"  row {row.row:>{digits}}  ", "dim"),
        "said ",
        (one_line(_answer(row), _LABEL, plain=look.plain), "bad"),
        "" if row.score is None else f" {share(row.score, look)}",
        ", is " if row.expected else "",
        (one_line(row.expected, _LABEL, plain=look.plain), "good"),
    )
    room = look.width - start.cell_len - 6
    if room < 20:  # too little to recognise a text by
        text = one_line(row.text, max(look.width - 10, 10), plain=look.plain)
        return Group(start, Text(f'    "{text}"'))
    return start.append(f'  "{one_line(row.text, room, plain=look.plain)}"')
