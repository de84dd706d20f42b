"""Columns that name files: which file each row means, and whether it is there."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hfshell.api.data_files import DataFile
from hfshell.data.files import InputFile, check_regular, file_digest
from hfshell.data.labels import Converted, type_counts
from hfshell.data.table import TEXT, RowTable
from hfshell.errors import DataError, Place

_STORED = pa.struct([("path", TEXT), ("content", TEXT), ("file", TEXT), ("line", pa.int64())])
_UNREAD = "none "
"""Begins what stands for the digest of a file that could not be read: each path is a file of its own."""


def as_files(table: RowTable, column: str) -> Converted:
    """Return the files that a column names, by paths from the folder of the data file that names them.

    What they hold is hashed: rows are the same that name copies of one file.

    Returns:
        Values as `data_file` reads them. One that is not there does not fit.
    """
    cells = table.cells(column)
    stored: list[dict[str, Any] | None] = []
    missing: list[int] = []
    unfit: list[int] = []
    reason = ""
    for row, cell in enumerate(cells):
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            missing.append(row)
            stored.append(None)
            continue
        found, fault = _found(str(cell), table.place(row), table.folder)
        if not isinstance(cell, str) or fault:
            unfit.append(row)
            reason = reason or fault
        stored.append(found)
    mixed = any(not isinstance(cells[row], str) for row in unfit)
    return Converted(
        pa.chunked_array([pa.array(stored, _STORED)]),
        tuple(missing),
        tuple(unfit),
        type_counts(cells) if unfit else "",
        reason="" if mixed else reason,
    )


def data_file(stored: Mapping[str, Any] | None) -> DataFile | None:
    """Return a stored value as a task sees it."""
    if stored is None:
        return None
    return DataFile(stored["path"], Place(stored["file"], stored["line"]), stored["content"])


def digests_of(stored: Any) -> list[str | None]:
    """Return what the files of a stored column held, as SHA-256; None where none could be read."""
    held = pc.struct_field(stored, "content").to_pylist()
    return [None if digest is None or digest.startswith(_UNREAD) else digest for digest in held]


def could_be_files(cells: Sequence[Any], endings: Sequence[str]) -> bool:
    """Tell whether most cells are names that end as they should; without endings, any texts are."""
    given = [cell for cell in cells if cell]
    ends = tuple(ending.lower() for ending in endings)
    fitting = sum(isinstance(cell, str) and (not ends or cell.lower().endswith(ends)) for cell in given)
    return 2 * fitting > len(given)


def _found(name: str, place: Place, folder: str) -> tuple[dict[str, Any], str]:
    """Return what is stored of a file, and why it cannot be read, if it cannot."""
    named_in = Path(folder) / Path(place.file).expanduser()
    path = Path(os.path.normpath(named_in.parent / name))
    line = None if path == named_in else place.line
    file, fault = InputFile(path, DataFile(str(path)).shown), ""
    digest = f"{_UNREAD}{path}"
    try:
        check_regular(file)
        digest = file_digest(file)
    except (DataError, ValueError) as error:  # a name with a NUL is a ValueError
        fault = f"{file.shown}: {error.message if isinstance(error, DataError) else error}"
    return {"path": str(path), "content": digest, "file": place.file, "line": line}, fault
