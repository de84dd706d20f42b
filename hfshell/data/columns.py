"""What a column's values look like: texts, labels, or neither."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hfshell.api.roles import RoleKind
from hfshell.data.table import RowTable

_LONGEST_LABEL = 60
_MOST_WORDS = 4
_MOST_LABELS = 200
_SHORTEST_TEXT = 12
_RATIO = 2.0


def could_be(kind: RoleKind, table: RowTable, column: str) -> bool:
    """Tell whether a column that has a role's name may have the role: `output` may be a label, or a story.

    Only what cannot be meant is refused; values of several types can, and are reported where they are used.
    """
    if column in table.encoded:
        return kind not in ("text", "label") or _has_plain_values(table, column)
    values = table.values.column(column)
    if kind == "text":
        return _is_text(values)
    if kind == "label":
        return not pa.types.is_nested(values.type) and _few_enough(values)
    return True


def text_columns(table: RowTable, columns: Sequence[str]) -> list[str]:
    """Return the columns that may be the text: the one of the longest, mostly distinct texts.

    Several when they are of a like length: the sides of a pair are none better than the other.
    """
    lengths = {
        column: _text_length(table.values.column(column)) for column in columns if column not in table.encoded
    }
    if len(table.columns) == 1:
        return [column for column in lengths if _is_text(table.values.column(column))]
    longest = max(lengths.values(), default=0.0)
    return [
        column for column, length in lengths.items() if length >= _SHORTEST_TEXT and length * _RATIO > longest
    ]


def label_columns(table: RowTable, columns: Sequence[str]) -> list[str]:
    """Return the columns that may be labels: few short values, each repeated, that are no measurements."""
    return [
        column
        for column in columns
        if column not in table.encoded
        and _repeats(table.values.column(column))
        and not _is_measured(table.values.column(column))
    ]


def _is_text(values: Any) -> bool:
    return bool(pa.types.is_large_string(values.type))


def _has_plain_values(table: RowTable, column: str) -> bool:
    return any(
        isinstance(value, (str, int, float))
        for value in table.take(range(min(len(table), 1000))).cells(column)
    )


def _text_length(values: Any) -> float:
    """Return the mean length of a column of mostly distinct texts, in characters; 0 for another column."""
    if not _is_text(values) or not len(values) or pc.count_distinct(values).as_py() * 2 < len(values):
        return 0.0
    return float(pc.mean(pc.utf8_length(values)).as_py() or 0.0)


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
    if not _is_text(values):
        return False
    texts = [text for text in pc.unique(values).to_pylist() if text]
    return any("." in text for text in texts) and all(_is_number(text) for text in texts)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
