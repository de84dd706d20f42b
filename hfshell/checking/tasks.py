"""Tasks that a line names: whether they offer what it asks of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hfshell.checking.diagnostics import Diagnostic

if TYPE_CHECKING:
    from hfshell.checking.reading import ReadLine
    from hfshell.checking.scene import Scene


def check_tasks(read: ReadLine, scene: Scene) -> Iterator[Diagnostic]:
    """Check that the task behind `--task` offers the verb of the command."""
    verb = read.spec.verb
    for given in read.of("task"):
        spec = next((spec for spec in scene.plugins.tasks() if spec.name == given.text), None)
        if spec is not None and verb in ("finetune", "eval", "predict") and verb not in spec.capabilities:
            offered = ", ".join(sorted(spec.capabilities))
            yield Diagnostic("usage", f"{spec.name} has no {verb}", given.place, f"it offers {offered}")
