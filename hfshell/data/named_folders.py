"""Folders named after labels, of files that no reader reads: pictures, sounds. Each row names one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from hfshell.data.files import InputFile
from hfshell.data.fingerprint import combined
from hfshell.data.reading import FileRead, Reading
from hfshell.data.table import TEXT, RowTable
from hfshell.errors import DataError


def read_named_folders(folders: Sequence[InputFile], reading: Reading) -> FileRead:
    """Read folders named after labels: a row for each file, with its path and its label.

    The column of the paths is called as the role that such files have. The digest is of names alone: what the
    files hold is hashed with the column.

    Raises:
        DataError: they hold files for several roles, pictures and sounds.
    """
    paths: list[str] = []
    labels: list[str] = []
    files: list[str] = []
    named: list[str] = []
    roles: dict[str, str] = {}
    for folder in folders:
        for path, role in named_in(folder.path, reading.named):
            file = InputFile(path, f"{folder.shown}/{path.name}")
            roles.setdefault(role, file.shown)
            named.append(f"{folder.path.name}/{path.name}")
            paths.append(str(path.absolute()))
            labels.append(folder.path.name)
            files.append(file.shown)
            reading.advance(1)
    if len(roles) > 1:
        kinds = ", ".join(f"{file} ({role})" for role, file in roles.items())
        raise DataError(f"these folders hold files of several kinds: {kinds}", place=folders[0].place())
    columns = {next(iter(roles)): pa.array(paths, TEXT), "label": pa.array(labels, TEXT)}
    return FileRead(RowTable.from_columns(columns, [1] * len(files), files), combined(named))


def named_in(folder: Path, named: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    """Yield the files of a folder that rows could name, by name, with the roles that they have.

    Args:
        folder: the folder.
        named: roles by the ends of files' names.
    """
    for path in sorted(folder.iterdir()) if named else ():
        role = next((role for end, role in named.items() if path.name.lower().endswith(end)), None)
        if role and path.name[0] != "." and path.is_file():
            yield path, role
