"""The session's names: models, data, results and plain values, and how to make each of them again.

Every change is written to a journal, so that a kernel that comes back after a crash knows all names; what
they hold is made again on the next mention.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from hfshell.api.results import Result, result_from_dict
from hfshell.errors import UsageError
from hfshell.language.suggest import did_you_mean
from hfshell.storage import write_file_atomically

Kind = Literal["model", "data", "result", "value"]
CURRENT = "_"


@dataclass(frozen=True)
class Binding:
    """A name and what it holds.

    Attributes:
        name: the name.
        kind: what sort of thing it holds.
        recipe: JSON types from which the thing can be made again.
        value: the thing itself (a LoadedModel, a DataSet, a Result, a str); None while it is parked.
        used: `time.monotonic()` of the last mention, None when it was never mentioned.
    """

    name: str
    kind: Kind
    recipe: dict[str, Any]
    value: Any = None
    used: float | None = None


class Names:
    """The bindings of one session.

    Args:
        journal: file that outlives the process; None keeps nothing.
    """

    def __init__(self, journal: Path | None = None) -> None:
        self._journal = journal
        self._bindings: dict[str, Binding] = {}
        self._current_model: Binding | None = None
        self._current_result: Result | None = None
        if journal is not None and journal.exists():
            self._read(journal)

    def __iter__(self) -> Iterator[Binding]:
        """Go through the bindings, oldest first."""
        return iter(tuple(self._bindings.values()))

    def __contains__(self, name: object) -> bool:
        """Whether a name is bound."""
        return name in self._bindings

    @property
    def current_model(self) -> Binding | None:
        """The model that `_` means."""
        return self._current_model

    @property
    def current_result(self) -> Result | None:
        """The last result, which `show _` and `$_.field` mean."""
        return self._current_result

    def get(self, name: str) -> Binding:
        """Return a binding.

        Raises:
            UsageError: the name is not bound; the nearest one is offered.
        """
        if name in self._bindings:
            return self._bindings[name]
        hint = (
            did_you_mean(name, list(self._bindings))
            or "bind it first: NAME = load …, NAME = data …, let NAME = …"
        )
        raise UsageError(f"nothing is called {name}", hint=hint)

    def find(self, name: str, kind: Kind) -> Binding | None:
        """Return a binding of this kind, or None."""
        binding = self._bindings.get(name)
        return binding if binding is not None and binding.kind == kind else None

    def bind(self, binding: Binding) -> None:
        """Bind a name, over an older one of the same name."""
        self._bindings[binding.name] = replace(binding, used=time.monotonic())
        self._write()

    def bind_result(self, name: str, result: Result) -> None:
        """Bind a result."""
        self.bind(Binding(name, "result", result.to_dict(), result))

    def bind_value(self, name: str, text: str) -> None:
        """Bind a plain value."""
        self.bind(Binding(name, "value", {"text": text}, text))

    def use_model(self, binding: Binding) -> None:
        """Make a model the one that `_` means; it need not be bound to a name."""
        used = replace(binding, used=time.monotonic())
        if binding.name in self._bindings:
            self._bindings[binding.name] = used
        before, self._current_model = self._current_model, used
        if before is None or (before.name, before.recipe) != (used.name, used.recipe):
            self._write()

    def remember(self, result: Result) -> None:
        """Make a result the one that `show _` means."""
        self._current_result = result

    def revive(self, name: str, value: Any) -> None:
        """Put what was made again into its binding."""
        self._bindings[name] = replace(self._bindings[name], value=value, used=time.monotonic())

    def park(self, name: str) -> None:
        """Let go of what a name holds, and keep the name."""
        self._bindings[name] = replace(self._bindings[name], value=None)
        if self._current_model is not None and self._current_model.name == name:
            self._current_model = self._bindings[name]

    def forget(self, name: str) -> None:
        """Unbind a name."""
        del self._bindings[name]
        if self._current_model is not None and self._current_model.name == name:
            self._current_model = None
        self._write()

    def _read(self, journal: Path) -> None:
        try:
            self._restore(json.loads(journal.read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError):  # a damaged journal costs its names, not the session
            self._bindings.clear()
            journal.replace(journal.with_suffix(".damaged"))

    def _restore(self, journal: dict[str, Any]) -> None:
        for entry in journal["names"]:
            self._bindings[entry["name"]] = Binding(
                entry["name"], entry["kind"], entry["recipe"], _restored_value(entry["kind"], entry["recipe"])
            )
        current = journal.get("current_model")
        if current is not None:
            self._current_model = self._bindings.get(current["name"]) or Binding(
                current["name"], "model", current["recipe"]
            )

    def _write(self) -> None:
        if self._journal is None:
            return
        current = self._current_model
        journal = {
            "schema": 1,
            "names": [
                {"name": binding.name, "kind": binding.kind, "recipe": binding.recipe}
                for binding in self._bindings.values()
            ],
            "current_model": {"name": current.name, "recipe": current.recipe} if current else None,
        }
        write_file_atomically(self._journal, json.dumps(journal, ensure_ascii=True, indent=1))


def _restored_value(kind: Kind, recipe: dict[str, Any]) -> Any:
    if kind == "result":
        return result_from_dict(recipe)
    return recipe["text"] if kind == "value" else None
