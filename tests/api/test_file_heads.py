"""Heads that give a label to a file: what may be opened."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from hfshell.api import DataError, DataFile, FileHead, ModelView, Place


class Reading(FileHead):
    """Opens files, and keeps which."""

    file_role = "sample"

    def __init__(self) -> None:
        self.opened: list[str] = []

    def open(self, path: str, model: ModelView) -> Any:
        """Keep the path."""
        self.opened.append(path)

    def tensors(self, contents: Sequence[Any], model: ModelView) -> Mapping[str, Any]:
        """Make nothing."""
        return {}


@pytest.mark.parametrize("folder", ["{home}", "~"])
def test_a_pipe_is_never_waited_for(home: Path, folder: str) -> None:
    """Reading one might never end, however its path is written."""
    os.mkfifo(home / "pipe")
    path, head = f"{folder.format(home=home)}/pipe", Reading()
    with pytest.raises(DataError, match="no sample can be read: it is no plain file") as error:
        head.encode([{"sample": path}], ModelView(None))
    assert error.value.place == Place(path)
    with pytest.raises(DataError, match="no plain file") as error:
        head.encode([{"sample": DataFile(path, Place("rows.csv", 3))}], ModelView(None))
    assert error.value.place == Place("rows.csv", 3)
    assert head.opened == []


def test_the_home_of_nobody_is_said() -> None:
    """It is a mistake in a path, and none of hfshell's."""
    with pytest.raises(DataError, match="no sample can be read"):
        Reading().encode([{"sample": "~nobody-is-called-so/a"}], ModelView(None))


def test_files_are_opened_and_so_is_what_is_not_there(home: Path) -> None:
    """Who opens a file knows best how to say that it is missing."""
    (home / "a").write_bytes(b"a")
    head = Reading()
    head.encode([{"sample": "~/a"}, {"sample": "~/missing"}], ModelView(None))
    assert head.opened == ["~/a", "~/missing"]
