"""Headers of delimited files: the delimiter, the names, and whether the first line is a header at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pyarrow.compute as pc

from hfshell.data.files import InputFile
from hfshell.data.naming import fold
from hfshell.data.table import RowTable
from hfshell.data.wording import counted, names_of, quoted
from hfshell.errors import DataError

DELIMITERS = {",": "comma", "\t": "tab", ";": "semicolon"}
_LONG_NAME = 80
_MANY_WORDS = 6


def find_delimiter(first: str) -> str:
    """Return the delimiter of a file that calls itself CSV, from its first line.

    A comma unless there is none outside quotes, and another one is.
    """
    outside = "".join(first.split('"')[::2])
    if "," in outside:
        return ","
    return max(("\t", ";", ","), key=outside.count) if outside.strip() else ","


def check_names(file: InputFile, names: Sequence[str], line: int | None) -> None:
    """Refuse column names that stand twice.

    Raises:
        DataError: as above.
    """
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if not repeated:
        return
    hint = "give each column a name of its own in the file"
    if "" in repeated:
        count = list(names).count("")
        raise DataError(
            f"the header leaves {counted(count, 'column')} without a name", place=file.place(line), hint=hint
        )
    named = names_of(quoted(name) for name in repeated)
    raise DataError(f"the header names {named} more than once", place=file.place(line), hint=hint)


def check_header(file: InputFile, line: int, table: RowTable, known: frozenset[str]) -> None:
    """Refuse a first line that looks like data, so that no row is eaten as column names in silence.

    A name that columns usually have makes it a header. Without one, a cell that stands again in its own
    column, a number, or a sentence makes it data.

    Raises:
        DataError: as above.
    """
    again = {name: _count(table, name) for name in table.columns}
    if any(fold(name) in known and again[name] < 2 for name in table.columns):
        return
    why = next((reason for name in table.columns if (reason := _looks_like_data(name, again[name]))), None)
    if why is None:
        return
    example = ",".join(
        ("text", "label", *(f"column{n}" for n in range(3, len(table.columns) + 1)))[: len(table.columns)]
    )
    raise DataError(
        f"the first line looks like data, not like column names: {why}",
        place=file.place(line),
        hint=f"`--columns {example}` names the columns · `--map text=COLUMN` says that it is a header",
    )


def _count(table: RowTable, name: str) -> int:
    return int(pc.sum(pc.equal(table.values.column(name), name)).as_py() or 0)


def _looks_like_data(name: str, again: int) -> str | None:
    shown = quoted(name if len(name) <= _LONG_NAME else name[:_LONG_NAME] + "…")
    if again >= 2 and name.strip():
        return f"{shown} stands in {again:,} rows of its column too"
    if _is_number(name):
        return f"{shown} is a number"
    if len(name) > _LONG_NAME or len(name.split()) >= _MANY_WORDS or "\n" in name:
        return f"{shown} is a text"
    return None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.strip().lower() not in ("nan", "inf", "infinity")
