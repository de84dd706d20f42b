"""What a column's values look like: texts, labels, or neither."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hfshell.api.roles import Role
from hfshell.data.kinds import KINDS, could_hold
from hfshell.data.named_files import could_be_files
from hfshell.data.table import RowTable
from hfshell.data.targets import are_measured, could_be_numbers, could_be_sets, sampled_cells

_LONGEST_LABEL = 60
_MOST_WORDS = 4
_MOST_LABELS = 200
_FEWEST_WORDS = 3
_SHORTEST_UNSPACED = 8
_SAMPLED = 1000


def could_be(role: Role, table: RowTable, column: str, beside: str | None = None) -> bool:
    """Tell whether a column that has a role's name may have the role: `output` may be a label, or a story.

    Only what cannot be meant is refused; values of several types can, and are reported where they are used.

    Args:
        role: the role.
        table: the rows.
        column: the column.
        beside: the column that values of this role speak of; None when there is none.
    """
    kind = role.kind
    if kind in KINDS:
        if role.of and beside is None:
            return False
        spoken_of = sampled_cells(table, beside) if beside else None
        return could_hold(KINDS[kind], sampled_cells(table, column), spoken_of)
    if kind == "file":
        return could_be_files(sampled_cells(table, column), role.endings)
    if kind == "number":
        return could_be_numbers(table, column)
    if kind == "label" and role.multiple:
        return could_be_sets(table, column)
    if column in table.encoded:
        return kind not in ("text", "label") or _has_plain_values(table, column)
    values = table.values.column(column)
    if kind == "text":
        return _is_text(values) and _contains(table, column, role.containing)
    if kind == "label":
        return pa.types.is_null(values.type) or (_is_countable(values) and _few_enough(values))
    return True


def text_columns(table: RowTable, columns: Sequence[str]) -> list[str]:
    """Return the columns that may be the text: most values are prose, and most are distinct.

    All of them: of a premise and a hypothesis, of a title and a body, none is the text by its looks.
    """
    texts = {
        column: table.values.column(column)
        for column in columns
        if column not in table.encoded and _is_text(table.values.column(column))
    }
    alone = len(table.columns) == 1
    return [column for column, values in texts.items() if alone or _is_prose(values)]


def label_columns(table: RowTable, columns: Sequence[str]) -> list[str]:
    """Return the columns that may be labels: few short values, each repeated, that are no measurements."""
    return [
        column
        for column in columns
        if column not in table.encoded
        and _repeats(table.values.column(column))
        and not _is_measured(table.values.column(column))
    ]


def is_worded(table: RowTable, column: str) -> bool:
    """Tell whether a column has texts of words, be they few: not labels, not the names of files."""
    if label_columns(table, [column]):
        return False
    cells = sampled_cells(table, column)
    return any(isinstance(cell, str) and (" " in cell.strip() or not cell.isascii()) for cell in cells)


def _contains(table: RowTable, column: str, marks: Sequence[str]) -> bool:
    """Tell whether most texts hold all marks."""
    if not marks:
        return True
    texts = [text for text in sampled_cells(table, column) if text]
    return 2 * sum(all(mark in text for mark in marks) for text in texts) > len(texts)


def _is_countable(values: Any) -> bool:
    return _is_text(values) or bool(pa.types.is_primitive(values.type))


def _is_text(values: Any) -> bool:
    return bool(pa.types.is_large_string(values.type))


def _has_plain_values(table: RowTable, column: str) -> bool:
    return any(
        isinstance(value, (str, int, float))
        for value in table.take(range(min(len(table), 1000))).cells(column)
    )


def _is_prose(values: Any) -> bool:
    """Tell whether values are sentences rather than names, numbers or paths, by a sample of them."""
    sampled = values.take(pa.array(range(0, len(values), max(1, len(values) // _SAMPLED)))).to_pylist()
    texts = [text for text in sampled if text and text.strip()]
    prose = sum(len(text.split()) >= _FEWEST_WORDS or _is_unspaced_prose(text) for text in texts)
    return 2 * prose > len(texts) and 2 * len(set(texts)) >= len(texts)


def _is_unspaced_prose(text: str) -> bool:
    """Tell whether a text is of a script without spaces between words, and as long as a few words."""
    return not text.isascii() and len(text) >= _SHORTEST_UNSPACED


def _few_enough(values: Any) -> bool:
    distinct = int(pc.count_distinct(values).as_py())
    short = not _is_text(values) or (pc.mean(pc.utf8_length(values)).as_py() or 0) <= _LONGEST_LABEL
    return short and (distinct <= _MOST_LABELS or distinct * 2 <= len(values))


def _repeats(values: Any) -> bool:
    if not (_is_text(values) or pa.types.is_integer(values.type) or pa.types.is_boolean(values.type)):
        return False
    if _is_text(values):
        values = values.filter(pc.not_equal(pc.utf8_trim_whitespace(values), ""))
    distinct = pc.unique(values.drop_null())
    if not 2 <= len(distinct) <= _MOST_LABELS or len(distinct) * 2 > len(values):
        return False
    return not _is_text(values) or all(len(label.split()) <= _MOST_WORDS for label in distinct.to_pylist())


def _is_measured(values: Any) -> bool:
    """Tell whether texts are all numbers, some with a fraction: scores, prices, ratings."""
    return _is_text(values) and are_measured([text for text in pc.unique(values).to_pylist() if text])
