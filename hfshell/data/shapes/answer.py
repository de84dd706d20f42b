"""An answer that is a text alone: looked up in its context."""

from __future__ import annotations

from typing import Any

from hfshell.data.kinds.cells import Unfit, quoted
from hfshell.data.shapes.shape import Made, Shape, are, has_texts
from hfshell.data.table import RowTable
from hfshell.data.targets import sampled_cells


def read_answer(table: RowTable) -> Shape | None:
    """Read an answer beside a question and a context as one with its offset there: where it stands first."""
    if not has_texts(table, "question", "context"):
        return None
    column = next((name for name in ("answer", "answers") if has_texts(table, name)), None)
    if column is None:
        return None
    pairs = list(zip(sampled_cells(table, "context"), sampled_cells(table, column), strict=True))
    given = [(context, answer) for context, answer in pairs if context and answer]
    if not are(given, lambda pair: pair[1] in pair[0]):
        return None
    name = "answers" if column != "answers" else "answers.found"
    made = Made(name, ("context", column), _answers, (("answers", "answers"),))
    return Shape(f"{column} read as where it stands first in its context; none where it is empty", (made,))


def _answers(context: Any, answer: Any) -> dict[str, list[Any]] | None:
    if answer is None or not isinstance(context, str):
        return None
    if not answer:
        return {"text": [], "answer_start": []}
    start = context.find(answer)
    if start < 0:
        raise Unfit(f"{quoted(answer)} does not stand in its context")
    return {"text": [answer], "answer_start": [start]}
