"""Multiple choice in other words: labelled choices with a key, a column for each choice, COPA's questions."""

from __future__ import annotations

import re
from typing import Any

from hfshell.data.kinds.cells import Unfit, quoted
from hfshell.data.shapes.shape import Made, Shape, are, has_texts, looks
from hfshell.data.table import GoesBy, RowTable

_KEYS = ("answerKey", "answer_key", "answer", "label")
_NUMBERED = re.compile(r"(ending|choice|option|sol|opt)[_ ]?(\d)", re.IGNORECASE)
_GOES_ON = {"cause": "because", "effect": "so"}
"""What leads from a premise to its cause or its effect, so that a choice goes on with a sentence."""


def read_labelled_choices(table: RowTable) -> Shape | None:
    """Read `choices: {"text": […], "label": […]}` with the label of the right one in another column."""
    if not are(looks(table, "choices"), _is_labelled):
        return None
    key = next((name for name in _KEYS if name in table.columns), None)
    made = [
        Made(
            "choices.text",
            ("choices",),
            lambda cell: None if cell is None else _parts(cell)[0],
            (("choices", "choices"),),
        )
    ]
    if key is not None:
        known: GoesBy = (("index", key), ("index", "label"), ("index", "answer"))
        made.append(Made(f"{key}.index", ("choices", key), _index, known))
    return Shape("choices with labels of their own read as choices, and the key as their number", tuple(made))


def read_numbered_choices(table: RowTable) -> Shape | None:
    """Read `ending0` to `ending3`, `choice1` and `choice2`, … as choices."""
    by_stem: dict[str, list[tuple[int, str]]] = {}
    for column in table.columns:
        found = _NUMBERED.fullmatch(column)
        if found and has_texts(table, column):
            by_stem.setdefault(found[1].lower(), []).append((int(found[2]), column))
    for numbered in by_stem.values():
        numbered.sort()
        first = numbered[0][0]
        if len(numbered) < 2 or [number for number, _ in numbered] != list(
            range(first, first + len(numbered))
        ):
            continue
        columns = tuple(column for _, column in numbered)
        made = Made("choices", columns, lambda *cells: None if None in cells else list(cells))
        return Shape(f"{columns[0]} to {columns[-1]} read as choices", (made,))
    return None


def read_cause_or_effect(table: RowTable) -> Shape | None:
    """Read a premise with `question: "cause"` or `"effect"` as what a choice goes on with: `It fell so`."""
    asked = looks(table, "question")
    if (
        not has_texts(table, "premise", "question")
        or not all(cell in _GOES_ON for cell in asked)
        or not asked
    ):
        return None
    made = Made("premise+question", ("premise", "question"), _question, (("text", "question"),))
    return Shape(
        "premise with question (cause, effect) read as the beginning of a sentence: because, so", (made,)
    )


def _question(premise: Any, question: Any) -> str | None:
    if premise is None or question is None:
        return None
    if question not in _GOES_ON:
        return f"{premise} {question}"
    return f"{str(premise).rstrip().rstrip('.')} {_GOES_ON[question]}"


def _is_labelled(cell: Any) -> bool:
    if isinstance(cell, dict):
        return {"text", "label"} <= cell.keys()
    return isinstance(cell, list) and all(
        isinstance(item, dict) and {"text", "label"} <= item.keys() for item in cell
    )


def _parts(cell: Any) -> tuple[list[Any], list[Any]]:
    if not _is_labelled(cell):
        raise Unfit("the choices have no text and label")
    if isinstance(cell, list):
        return [item["text"] for item in cell], [item["label"] for item in cell]
    return list(cell["text"]), list(cell["label"])


def _index(cell: Any, key: Any) -> int | None:
    if cell is None or key is None or key == "":
        return None
    labels = [str(label) for label in _parts(cell)[1]]
    if labels.count(str(key)) != 1:
        raise Unfit(f"{quoted(str(key))} is the label of no choice: they are {', '.join(labels)}")
    return labels.index(str(key))
