"""Heads that give a label to what a file holds: a picture, a sound."""

from __future__ import annotations

import stat
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from hfshell.api.data_files import at_its_row
from hfshell.api.sequence_heads import LabelHead
from hfshell.errors import DataError, Place

if TYPE_CHECKING:
    from hfshell.api.context import Row
    from hfshell.api.features import Feature, Features
    from hfshell.api.model_view import ModelView

_FILE = "_file"


class FileHead(LabelHead):
    """One label for what a file holds; subclasses say how it is opened, and how a model takes it.

    Each file is opened when rows are encoded, so that one which cannot be read is named before anything is
    computed, and again for its batch: only a batch of them is in memory.

    Example::

        class Smell(FileHead):
            auto_class = "AutoModelForSmellClassification"
            file_role = "sample"

            def open(self, path, model):
                return read_sample(path)

            def tensors(self, contents, model):
                return model.processor(contents, return_tensors="pt")

    Attributes:
        file_role: name of the role of the files.
    """

    file_role: ClassVar[str] = "file"

    @abstractmethod
    def open(self, path: str, model: ModelView) -> Any:
        """Return what a file holds, whole.

        Args:
            path: as it was written, perhaps with a `~`; a pipe or a device is refused before.
            model: with its head.

        Raises:
            DataError: it cannot be read; its place is the file.
        """

    @abstractmethod
    def tensors(self, contents: Sequence[Any], model: ModelView) -> Mapping[str, Any]:
        """Make one batch of what some files hold: tensors by name, their first dimension the files."""

    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        """Open each file once, and keep its name.

        Raises:
            DataError: a row names no file that can be read; its place is the row.
        """
        features = []
        for row in rows:
            path = row.get(self.file_role)
            if not isinstance(path, str):
                raise DataError(f"a row names no {self.file_role}: {dict(row)!r:.80}")
            self._opened(path, model)
            features.append({_FILE: path})
        return features

    def collate(self, features: Sequence[Feature], model: ModelView) -> Mapping[str, Any]:
        """Open the files of a batch again, and add what is to be learnt of them.

        Raises:
            DataError: a file cannot be read any more.
        """
        batch = dict(self.tensors([self._opened(feature[_FILE], model) for feature in features], model))
        if "labels" in features[0]:
            batch["labels"] = model.pad([{"labels": feature["labels"]} for feature in features])["labels"]
        return batch

    def _opened(self, path: str, model: ModelView) -> Any:
        try:
            self._require_plain(path)
            return self.open(path, model)
        except DataError as error:
            raise at_its_row(error, path) from None

    def _require_plain(self, path: str) -> None:
        """Refuse what is not a plain file: reading a pipe or a device might never end."""
        refused = f"no {self.file_role} can be read"
        try:
            mode = Path(path).expanduser().stat().st_mode
        except RuntimeError as error:  # `~name`, where nobody is called so
            raise DataError(f"{refused}: {error}", place=Place(path)) from None
        except (OSError, ValueError):  # it is not there: `open` says so
            return
        if not stat.S_ISREG(mode):
            raise DataError(f"{refused}: it is no plain file", place=Place(path))
