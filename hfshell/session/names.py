"""The session's names: models, data, results and plain values, and how to make each of them again.

Every change is written to a journal, so that a kernel that comes back after a crash knows all names; what
they hold is made again on the next mention.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from hfshell.api.results import Result
from hfshell.errors import UsageError
from hfshell.language.suggest import did_you_mean
from hfshell.session.steps import Steps, is_secret
from hfshell.session.stored_result import StoredResult, read_result
from hfshell.storage import write_file_atomically

Kind = Literal["model", "data", "result", "value"]
A_KIND = {"model": "a model", "data": "data", "result": "a result", "value": "a plain value"}
"""What a name is said to be."""

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


@dataclass(frozen=True)
class Undone:
    """What was undone.

    Attributes:
        line: the line that had changed the names.
        names: of each name what it held until now, and what it holds again; None where it is not bound.
    """

    line: str
    names: dict[str, tuple[Binding | None, Binding | None]]


class Names:
    """The bindings of one session.

    Args:
        journal: file that outlives the process; None keeps nothing.

    Attributes:
        saved_as: the session that these names are saved as; None for one without a name.
    """

    def __init__(self, journal: Path | None = None) -> None:
        self._journal = journal
        self._bindings: dict[str, Binding] = {}
        self._current_model: Binding | None = None
        self._current_result: Result | None = None
        self._steps = Steps()
        self.saved_as: str | None = None
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
            return self._whole(self._bindings[name])
        hint = (
            did_you_mean(name, list(self._bindings))
            or "bind it first: NAME = load …, NAME = data …, let NAME = …"
        )
        raise UsageError(f"nothing is called {name}", hint=hint)

    def find(self, name: str, kind: Kind) -> Binding | None:
        """Return a binding of this kind, or None."""
        binding = self._bindings.get(name)
        return self._whole(binding) if binding is not None and binding.kind == kind else None

    def begin(self, line: str) -> None:
        """Let what changes from now on be undone with this line."""
        self._steps.begin(line)

    def bind(self, binding: Binding) -> None:
        """Bind a name, over an older one of the same name."""
        self._note(binding.name)
        self._bindings[binding.name] = replace(binding, used=time.monotonic())
        self._write()

    def bind_all(self, bindings: Iterable[Binding], model: Binding | None = None) -> None:
        """Bind several names at once: in the journal are all of them, or none.

        Args:
            bindings: the names.
            model: what `_` means from now on; None leaves it.
        """
        for binding in bindings:
            self._note(binding.name)
            self._bindings[binding.name] = binding
        self._current_model = model or self._current_model
        self._write()

    @property
    def undoable(self) -> int:
        """How many lines can be undone."""
        return len(self._steps)

    def undo(self) -> Undone:
        """Give the names that the last line changed back what they held before it.

        Raises:
            UsageError: nothing was changed, or what came before is no longer known.
        """
        step = self._steps.take()
        if step is None:
            raise UsageError("there is nothing to undo", hint="`undo` takes back what a name was bound to")
        changed = {name: (self._bindings.get(name), before) for name, before in step.before.items()}
        for name, before in step.before.items():
            if before is None:
                self._bindings.pop(name, None)
            else:
                self._bindings[name] = before
        if self._current_model is None or self._current_model.name in step.before:
            self._current_model = step.model
        self._write()
        return Undone(step.line, changed)

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
        self._note(name)
        del self._bindings[name]
        if self._current_model is not None and self._current_model.name == name:
            self._current_model = None
        self._write()

    def journal(self) -> dict[str, Any]:
        """Return the names as JSON types: what brings them back, here or in another session.

        Values that look like secrets are left out: they are written nowhere, and do not come back.
        """
        current = self._current_model
        return {
            "schema": 1,
            "folder": _here(),
            "saved_as": self.saved_as,
            "names": [
                {"name": binding.name, "kind": binding.kind, "recipe": binding.recipe}
                for binding in self._bindings.values()
                if not is_secret(binding)
            ],
            "current_model": {"name": current.name, "recipe": current.recipe} if current else None,
        }

    def _note(self, name: str) -> None:
        """Keep what a name holds, parked, before it changes."""
        before, model = self._bindings.get(name), self._current_model
        self._steps.note(name, before and _parked(before), model and _parked(model))

    def _whole(self, binding: Binding) -> Binding:
        """Read a result whose type was not known when it came back; a plugin may have brought it since."""
        if isinstance(binding.value, StoredResult):
            binding = replace(binding, value=read_result(binding.recipe))
            self._bindings[binding.name] = binding
        return binding

    def _read(self, journal: Path) -> None:
        try:
            self._restore(json.loads(journal.read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError, AttributeError):  # it costs its names, not the session
            self._bindings.clear()
            self._steps = Steps()
            journal.replace(journal.with_suffix(".damaged"))

    def _restore(self, journal: dict[str, Any]) -> None:
        bindings, self._current_model = read_journal(journal)
        self._bindings = {binding.name: binding for binding in bindings}
        self._steps.restore(journal.get("steps", []), _binding)
        self.saved_as = journal.get("saved_as")

    def _write(self) -> None:
        if self._journal is None:
            return
        journal = {**self.journal(), "steps": self._steps.written()}
        write_file_atomically(self._journal, json.dumps(journal, ensure_ascii=True, indent=1))


def read_journal(journal: Mapping[str, Any]) -> tuple[list[Binding], Binding | None]:
    """Return the bindings of a journal, models and data parked, and the model that `_` means.

    Raises:
        KeyError, TypeError, ValueError: it is damaged.
    """
    bindings = [_binding(entry["name"], entry) for entry in journal["names"]]
    current = journal.get("current_model")
    if current is None:
        return bindings, None
    bound = (binding for binding in bindings if binding.name == current["name"])
    return bindings, next(bound, None) or Binding(current["name"], "model", current["recipe"])


def _binding(name: str, entry: Mapping[str, Any]) -> Binding:
    kind, recipe = entry["kind"], entry["recipe"]
    if kind == "result":
        return Binding(name, kind, recipe, read_result(recipe))
    return Binding(name, kind, recipe, recipe["text"] if kind == "value" else None)


def _here() -> str:
    """Return the folder that relative names of models start from; empty when it is gone."""
    try:
        return str(Path.cwd())
    except FileNotFoundError:
        return ""


def _parked(binding: Binding) -> Binding:
    """Let go of what takes memory; results and plain values stay."""
    return replace(binding, value=None) if binding.kind in ("model", "data") else binding
