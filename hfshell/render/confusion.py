"""Who is taken for whom: the confusion matrix beside each label's scores, or its worst cells in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.table import Column, Table
from rich.text import Text

from hfshell.render.layout import columns
from hfshell.render.quantities import share, whole
from hfshell.render.safe_text import one_line

if TYPE_CHECKING:
    from hfshell.api.results import EvaluationResult, LabelReport
    from hfshell.render.look import Look

LARGEST = 8  # labels
PAIRS_SHOWN = 5
_LABEL = 20  # cells
_MARGIN = 2
_GAP = 2
_SCORE = 4  # cells of `1.00`


def matrix_that_fits(result: EvaluationResult, look: Look) -> Table | None:
    """Return the matrix, its columns named or numbered as the width allows; None when it does not fit.

    Rows are what the labels are, columns what the model said; each label's precision, recall, F1 and count
    stand at its row's end.
    """
    labels = [one_line(label, _LABEL, plain=look.plain) for label in result.labels]
    rows = [len(row) for row in result.confusion]
    if not 2 <= len(labels) <= LARGEST or rows != [len(labels)] * len(labels):
        return None
    numbered = [f"{number} {label}" for number, label in enumerate(labels, 1)]
    counts = max(len(str(count)) for row in result.confusion for count in row)
    if _width(labels, labels, counts, result) <= look.width:
        return _matrix(result, labels, labels, look)
    numbers = [str(number) for number in range(1, len(labels) + 1)]
    if _width(numbered, numbers, counts, result) <= look.width:
        return _matrix(result, numbered, numbers, look)
    return None


def _width(names: list[str], headings: list[str], counts: int, result: EvaluationResult) -> int:
    cells = sum(_GAP + max(cell_len(heading), counts) for heading in headings)
    support = max((len(whole(report.support)) for report in result.per_label), default=1)
    scores = 3 * (_GAP + _SCORE) + _GAP + support if result.per_label else 0
    return _MARGIN + max(cell_len(name) for name in [*names, "is \\ said"]) + cells + _GAP + scores


def _matrix(result: EvaluationResult, names: list[str], headings: list[str], look: Look) -> Table:
    right = [Column(heading, justify="right", no_wrap=True) for heading in headings]
    corner = "is \\ said" if look.plain else "is ↓ said →"
    scores = [Column(heading, justify="right", no_wrap=True) for heading in ("P", "R", "F1", "n")]
    table = columns(look, Column(corner, no_wrap=True), *right, *(scores if result.per_label else []))
    reports = {report.label: report for report in result.per_label}
    for index, counts in enumerate(result.confusion):
        cells = [_count(count, look, own=column == index) for column, count in enumerate(counts)]
        table.add_row(names[index], *cells, *_scores(reports.get(result.labels[index]), look))
    return table


def _count(count: int, look: Look, *, own: bool) -> Text:
    if not count:
        return Text(look.symbols.zero, "dim")
    return Text(str(count), "number.good" if own else "bad")


def _scores(report: LabelReport | None, look: Look) -> list[Text]:
    if report is None:
        return []
    scores = [Text(share(value, look)) for value in (report.precision, report.recall)]
    return [*scores, Text(share(report.f1, look), "number"), Text(whole(report.support), "dim")]


def taken_for(result: EvaluationResult, look: Look) -> list[Text]:
    """Return the pairs of labels that are mistaken most often: `refund → billing 7`."""
    pairs = [
        (count, is_, said)
        for is_, row in zip(result.labels, result.confusion, strict=False)
        for said, count in zip(result.labels, row, strict=False)
        if count and is_ != said
    ]
    worst = sorted(pairs, key=lambda pair: -pair[0])[:PAIRS_SHOWN]
    arrow = look.symbols.becomes
    return [
        Text.assemble(
            one_line(is_, _LABEL, plain=look.plain),
            (f" {arrow} ", "dim"),
            one_line(said, _LABEL, plain=look.plain),
            (f" {whole(count)}", "bad"),
        )
        for count, is_, said in worst
    ]
