"""What lines did to the session's names, kept so that it can be undone; bounded in number and in size."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hfshell.redact import redact, redact_all

if TYPE_CHECKING:
    from hfshell.session.names import Binding

MOST_STEPS = 20
MOST_BYTES = 1 << 20
"""Of all steps together in a journal. The last one is kept whatever its size."""


@dataclass(frozen=True)
class Step:
    """What one line did.

    Attributes:
        line: the line.
        before: what each name that it changed held before; None where it was not bound. Models and data are
            parked.
        model: the model that `_` meant before.
    """

    line: str
    before: dict[str, Binding | None] = field(default_factory=dict)
    model: Binding | None = None


class Steps:
    """The newest steps, oldest first."""

    def __init__(self) -> None:
        self._steps: list[Step] = []
        self._line = ""
        self._open = False

    def __len__(self) -> int:
        return len(self._steps)

    def begin(self, line: str) -> None:
        """What changes from now on is this line's."""
        self._line, self._open = line, False

    def note(self, name: str, before: Binding | None, model: Binding | None) -> None:
        """Keep what a name holds that is about to change; of one line the first time counts."""
        if not self._open:
            self._steps.append(Step(self._line, model=model))
            del self._steps[:-MOST_STEPS]
            self._open = True
        self._steps[-1].before.setdefault(name, before)

    def take(self) -> Step | None:
        """Return the last step, and forget it."""
        self._open = False
        return self._steps.pop() if self._steps else None

    def written(self) -> list[dict[str, Any]]:
        """Return the steps as JSON types, without what has become too much."""
        entries = [_written(step) for step in self._steps]
        sizes = [len(json.dumps(entry)) for entry in entries]
        while len(entries) > 1 and sum(sizes) > MOST_BYTES:
            del self._steps[0], entries[0], sizes[0]
        return entries

    def restore(
        self, entries: list[dict[str, Any]], read: Callable[[str, Mapping[str, Any]], Binding]
    ) -> None:
        """Take over the steps of a journal.

        Args:
            entries: as `written` returned them.
            read: makes a binding of a name and what the journal says of it.
        """
        for entry in entries:
            before = {name: read(name, held) if held else None for name, held in entry["before"].items()}
            model = entry["model"]
            self._steps.append(Step(entry["line"], before, read(model["name"], model) if model else None))
        self._open = False


def is_secret(binding: Binding) -> bool:
    """Whether a name is bound to a value that nobody wants to find in a file."""
    text = binding.recipe.get("text")
    return binding.kind == "value" and redact_all(text, binding.name) != text


def _written(step: Step) -> dict[str, Any]:
    return {
        "line": redact(step.line),
        "before": {
            name: {"kind": held.kind, "recipe": held.recipe} if held and not is_secret(held) else None
            for name, held in step.before.items()
        },
        "model": step.model
        and {"name": step.model.name, "kind": step.model.kind, "recipe": step.model.recipe},
    }
