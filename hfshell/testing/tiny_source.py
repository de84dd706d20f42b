"""`load tiny:TASK`: a plugin of the kit's own, which finds the tiny models of one bench."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hfshell.api.hooks import hookimpl
from hfshell.api.specs import ModelSourceSpec
from hfshell.testing.open_objects import close_object, open_object

if TYPE_CHECKING:
    from collections.abc import Callable


class TinySource:
    """A plugin that gives the model source `tiny:`.

    Args:
        find: called with a task's name; returns the folder of its tiny model.
    """

    def __init__(self, find: Callable[[str], Path]) -> None:
        self.find = find
        self._target = open_object(self)

    @hookimpl
    def hfshell_model_sources(self) -> list[ModelSourceSpec]:
        """Offer the source."""
        summary = "Tiny models for tests, one a task"
        return [ModelSourceSpec(scheme="tiny", summary=summary, target=f"{self._target}.find")]

    def close(self) -> None:
        """Forget the source."""
        close_object(self._target)
