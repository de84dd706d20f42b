"""Files that rows name: pictures, sounds, and what else is no text."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Self

from hfshell.errors import DataError

if TYPE_CHECKING:
    from hfshell.errors import Place


class DataFile(str):
    """The path of a file that a row names: a text, with where the row stands.

    A path that somebody typed is a plain text; `at_its_row` takes both.

    Attributes:
        place: the row; without a line where the file itself is the row, in a folder named after its label.
        digest: SHA-256 of what it held when the data was read; `none PATH` when it could not be read, empty
            when nobody read it.
    """

    __slots__ = ("digest", "place")
    place: Place | None
    digest: str

    def __new__(cls, path: str, place: Place | None = None, digest: str = "") -> Self:
        """Make one."""
        made = super().__new__(cls, path)
        made.place, made.digest = place, digest
        return made

    @property
    def shown(self) -> str:
        """The path to look at: from the current folder, where it lies in that."""
        return self.removeprefix(f"{Path.cwd()}{os.sep}")


def at_its_row(error: DataError, path: str) -> DataError:
    """Return an error about a file as one of the row that names it, when a row does.

    Args:
        error: what is wrong with the file; its place is the file.
        path: as the row has it.
    """
    if not isinstance(path, DataFile) or path.place is None:
        return error
    message = error.message if path.place.line is None else f"{path.shown}: {error.message}"
    return DataError(message, place=path.place, hint=error.hint)
