"""What a column's values look like as something to learn: one label a row, several, or a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from hfshell.data.table import TEXT, RowTable
from hfshell.data.target_values import as_number, separator_of, split_labels

Target = Literal["label", "labels", "number"]

_LONGEST_LABEL = 60
_MOST_LABELS = 200
_SAMPLED = 1000


def natural_target(table: RowTable, column: str) -> Target:
    """Return what a column most naturally is to a task that would learn it.

    Several tasks may be able to learn a column: whole numbers are labels, and numbers. Unless the user says
    which is meant, it is what is said here.
    """
    return table.once(("target", column), lambda: _natural_target(table, column))


def _natural_target(table: RowTable, column: str) -> Target:
    values = table.values.column(column)
    if column in table.encoded:
        cells = sampled_cells(table, column)
        if any(isinstance(cell, list) for cell in cells):
            return "labels"
        return "number" if any(isinstance(cell, float) for cell in cells) else "label"
    if _is_list(values.type):
        return "labels"
    if pa.types.is_floating(values.type) or pa.types.is_decimal(values.type):
        return "number"
    if values.type != TEXT:
        return "label"
    texts = [text for text in pc.unique(values).to_pylist() if text and text.strip()]
    if are_measured(texts):
        return "number"
    return "labels" if _are_sets(texts) else "label"


def could_be_sets(table: RowTable, column: str) -> bool:
    """Tell whether a column may hold several labels a row."""
    if column in table.encoded:
        return any(_is_set(cell) for cell in sampled_cells(table, column))
    values = table.values.column(column)
    if _is_list(values.type):
        item = values.type.value_type
        return bool(_is_text(item) or pa.types.is_integer(item) or pa.types.is_boolean(item))
    if pa.types.is_integer(values.type) or pa.types.is_boolean(values.type):
        return _few_enough(int(pc.count_distinct(values).as_py()), len(values))
    if values.type != TEXT:
        return bool(pa.types.is_null(values.type))
    texts = [text for text in pc.unique(values).to_pylist() if text]
    parts = _parts(texts)
    short = sum(map(len, parts)) <= _LONGEST_LABEL * len(parts)
    return short and _few_enough(len(parts), len(values))


def could_be_numbers(table: RowTable, column: str) -> bool:
    """Tell whether a column may hold numbers: most of its values are, and the others are reported."""
    values = table.values.column(column)
    if column in table.encoded:
        cells = [cell for cell in sampled_cells(table, column) if cell is not None]
    elif values.type == TEXT:
        cells = [text for text in pc.unique(values).to_pylist()[:_SAMPLED] if text and text.strip()]
    else:
        kind = values.type
        is_number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
        return bool(is_number or pa.types.is_null(kind))
    numbers = sum(as_number(cell) is not None for cell in cells)
    return numbers > 0 and 2 * numbers >= len(cells)


def set_columns(table: RowTable, columns: Sequence[str]) -> list[str]:
    """Return the columns that must be sets of labels: lists of few values, none of them twice in a row."""
    return [column for column in columns if _holds_lists(table, column) and _all_differ(table, column)]


def are_measured(texts: list[str]) -> bool:
    """Tell whether texts are all numbers, some with a fraction: scores, prices, ratings."""
    return any("." in text for text in texts) and all(_reads_as_float(text) for text in texts)


def _are_sets(texts: list[str]) -> bool:
    """Tell whether texts are lists of labels: split, they are made of few words, some of which come again."""
    separator = separator_of(texts)
    if separator is None:
        return False
    sets = [split_labels(text, separator) for text in texts]
    parts = {label for labels in sets for label in labels}
    return len(parts) <= len(sets) and len(parts) < sum(map(len, sets))


def _parts(texts: list[str]) -> set[str]:
    separator = separator_of(texts)
    return {label for text in texts for label in split_labels(text, separator)}


def _holds_lists(table: RowTable, column: str) -> bool:
    return could_be_sets(table, column) and natural_target(table, column) == "labels"


def _all_differ(table: RowTable, column: str) -> bool:
    lists = [cell for cell in sampled_cells(table, column) if isinstance(cell, list)]
    items = {str(item) for cell in lists for item in cell}
    unlike = all(len(set(map(str, cell))) == len(cell) for cell in lists)
    return unlike and 2 <= len(items) <= _MOST_LABELS and len(items) < sum(map(len, lists))


def _few_enough(distinct: int, rows: int) -> bool:
    return distinct <= _MOST_LABELS or distinct * 2 <= rows


def _is_set(cell: Any) -> bool:
    items = cell if isinstance(cell, list) else [cell]
    return cell is not None and all(isinstance(item, (str, int)) for item in items)


def _is_list(kind: Any) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind))


def _is_text(kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def sampled_cells(table: RowTable, column: str) -> list[Any]:
    """Return the first thousand values of a column as Python objects."""
    return table.once(("sampled", column), lambda: table.take(range(min(len(table), _SAMPLED))).cells(column))


def _reads_as_float(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
