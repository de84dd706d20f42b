"""JSON values as columns. A value comes back as it was written: 0 is not 0.0, and true is not 1."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from hfshell.data.table import TEXT, RowTable, encode_json

DEEPEST = 200
"""Levels of lists and objects in a row. Real rows have under ten; Python's own limit is near a thousand."""
TOO_MANY_DIGITS = "a whole number here has more digits than Python reads"
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_LARGEST_INTEGER = 2**63
_ARROW_TYPES = {str: TEXT, int: pa.int64(), float: pa.float64(), bool: pa.bool_()}


class RowFault(ValueError):  # noqa: N818 - a finding about a row, not a failure of the program
    """A JSON text that is no row; the message says why, `column` where (1-based), if that is known."""

    def __init__(self, reason: str, column: int | None = None) -> None:
        super().__init__(reason)
        self.column = column


def decoder() -> json.JSONDecoder:
    """Return a decoder that refuses an object with a key twice."""
    return json.JSONDecoder(object_pairs_hook=_object)


def check_row(value: Any, text: str) -> tuple[dict[str, Any], bool]:
    r"""Return a decoded value as a row, and whether halves of surrogate pairs in it were kept as escapes.

    JSON may hold one half of a surrogate pair (a text cut inside an emoji); UTF-8 cannot, so nothing behind
    this could print or tokenise it. It is kept as the six characters that the file has, `\ud83d`.

    Args:
        value: what `text` decodes to.
        text: the JSON text.

    Raises:
        RowFault: it is no object, or nested too deeply.
    """
    if not isinstance(value, dict):
        raise RowFault(f"this is {json_type(value)}, not an object with a value by column")
    if text.count("{") + text.count("[") > DEEPEST and _depth(value) > DEEPEST:
        raise RowFault(f"this row is nested more than {DEEPEST} levels deep")
    if not _SURROGATE.search(text):
        return value, False
    escaped = escape_surrogates(value)
    return escaped, escaped != value


def json_type(value: Any) -> str:
    """Return what JSON people call a value's type, with its article."""
    if value is None:
        return "null"
    names = {str: "a text", bool: "true or false", int: "a whole number", float: "a number with a fraction"}
    return names.get(type(value), "a list" if isinstance(value, (list, tuple)) else "an object")


def rows_to_table(rows: Sequence[Mapping[str, Any]], lines: Sequence[int], file: str) -> RowTable:
    """Make columns of rows; a row without a key has null there."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns: dict[str, Any] = {}
    encoded: list[str] = []
    for name in names:
        columns[name], is_encoded = column_of([row.get(name) for row in rows])
        if is_encoded:
            encoded.append(name)
    return RowTable.from_columns(columns, lines, file, encoded)


def column_of(values: Sequence[Any]) -> tuple[Any, bool]:
    """Return values of JSON types as an Arrow array, and whether it had to be one of JSON text."""
    kind = _arrow_type(values)
    return (encode_json(values), True) if kind is None else (pa.array(values, kind), False)


def _arrow_type(values: Sequence[Any]) -> Any | None:
    """Return the Arrow type that holds all values exactly; None when no plain one does."""
    types = {type(value) for value in values} - {type(None)}
    if not types:
        return pa.null()
    if len(types) > 1:
        return None
    kind = types.pop()
    if kind is int and not all(
        -_LARGEST_INTEGER <= value < _LARGEST_INTEGER for value in values if value is not None
    ):
        return None
    return _ARROW_TYPES.get(kind)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise RowFault(f"the key '{twice}' stands twice in one object")
    return made


def _depth(value: Any) -> int:
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        deepest = max(deepest, depth)
        children = item.values() if isinstance(item, dict) else item
        waiting += [(child, depth + 1) for child in children if isinstance(child, (dict, list))]
    return deepest


def escape_surrogates(value: Any) -> Any:
    """Return a value in which halves of surrogate pairs are written as their escapes."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, list):
        return [escape_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {escape_surrogates(name): escape_surrogates(item) for name, item in value.items()}
    return value
