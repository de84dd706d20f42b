"""Tiny models for any task: a random head for a head, and for another task one that it makes itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hfshell.api.task import HeadTask
from hfshell.errors import ModelError
from hfshell.language import quote
from hfshell.testing.outcome import run_script
from hfshell.testing.tiny_data import CannotMakeError

if TYPE_CHECKING:
    from hfshell.api.context import TaskData
    from hfshell.api.specs import TaskSpec
    from hfshell.session.session import Session


@dataclass(frozen=True)
class Shelf:
    """Tiny models that were made, each once however many tests want it.

    Attributes:
        folder: holds them.
        made: their folders, by task and target.
    """

    folder: Path
    made: dict[tuple[str, str], Path] = field(default_factory=dict)

    def get(self, spec: TaskSpec, make: Callable[[Path], None]) -> Path:
        """Return a task's model; `make` is called with a folder that is not there yet to put it into."""
        known = (spec.name, spec.target)
        if known not in self.made:
            self.folder.mkdir(parents=True, exist_ok=True)
            folder = self.folder / f"{spec.name}-{len(self.made)}"
            make(folder)
            self.made[known] = folder
        return self.made[known]


def make_model(session: Session, spec: TaskSpec, data: Callable[[str], Path], folder: Path) -> None:
    """Make a model that a task can predict with.

    Args:
        session: a session of its own.
        spec: the task.
        data: gives a data file for the task.
        folder: where to; must not exist.

    Raises:
        CannotMakeError: the kit can make none, or has no data to train it on.
        ModelError: the task failed at it.
    """
    chosen = session.tasks.get(spec.name)
    if isinstance(chosen.task, HeadTask):
        from hfshell.testing.tiny_heads import write_tiny_head

        _run(session, spec, f"d = data {quote(str(data(spec.name)))}")
        write_tiny_head(chosen.task, bound_data(session, spec), folder)
        return
    lines = [f"m = load {name_of_a_model(spec)}"]
    if "finetune" in spec.capabilities:
        lines += [f"d = data {quote(str(data(spec.name)))}", f"m = finetune m d --task {spec.name}"]
    _run(session, spec, "\n".join([*lines, f"save m {quote(str(folder))}"]))


def bound_data(session: Session, spec: TaskSpec) -> TaskData:
    """Return the data set that `d` is bound to, as a task sees it."""
    dataset: Any = session.names.get("d").value
    seen: TaskData = dataset.for_task(spec.roles)
    return seen


def _run(session: Session, spec: TaskSpec, text: str) -> None:
    for error in run_script(session, text).errors:
        raise ModelError(f"no tiny model of {spec.name}: {error.message}", hint=error.hint)


def name_of_a_model(spec: TaskSpec) -> str:
    """Return the name of a model that a task makes itself: the first one that its examples mention.

    Raises:
        CannotMakeError: they mention none.
    """
    for scheme in spec.schemes:
        for example in spec.examples:
            if found := re.search(rf"(?<![\w:/.-]){re.escape(scheme)}:[^\s'\"]+", example):
                return found[0]
    scheme = spec.schemes[0] if spec.schemes else "SCHEME"
    raise CannotMakeError(
        f"no example of {spec.name} says which model it makes",
        hint=f'name one in the TaskSpec: examples=("m = load {scheme}:NAME",)',
    )
