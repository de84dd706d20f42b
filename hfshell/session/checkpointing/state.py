"""What lines change in a session: names, settings, conversations, last model and result; and it put back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from hfshell.api.results import Result, result_from_dict
from hfshell.api.results.base import Scalar
from hfshell.errors import HfshellError
from hfshell.models.store import ModelKey
from hfshell.session.names import Binding
from hfshell.session.steps import is_secret

if TYPE_CHECKING:
    from hfshell.session.session import Session

LARGEST_RESULT = 1 << 18
"""Bytes of a result that no name holds: of a larger one the fields are kept."""


@dataclass(frozen=True, kw_only=True)
class KeptFields(Result):
    """What is left of a large result that no name holds: `$_.field` and `expect _.field` know it still."""

    kind: ClassVar[str] = "kept-fields"
    values: dict[str, Scalar] = field(default_factory=dict)

    def fields(self) -> dict[str, Scalar]:
        """Return the fields of the result."""
        return self.values


@dataclass(frozen=True)
class State:
    """What a session holds at one moment.

    Attributes:
        names: the bindings.
        model, result: what `_` means.
        settings: what `set` said.
        conversations: what was said to models, and by them.
    """

    names: Mapping[str, Binding]
    model: Binding | None
    result: Result | None
    settings: Mapping[str, str]
    conversations: Mapping[str, dict[str, Any]]

    @classmethod
    def of(cls, session: Session) -> State:
        """Look at a session."""
        names = session.names
        talk = session.conversations.said() if "conversations" in session.__dict__ else {}
        return cls(
            {binding.name: binding for binding in names},
            names.current_model,
            names.current_result,
            session.preferences.configuration.said,
            talk,
        )


def changes(before: State, after: State) -> dict[str, Any]:
    """Return what is different afterwards, as JSON types."""
    bound = [binding for name, binding in after.names.items() if _differs(before.names.get(name), binding)]
    found: dict[str, Any] = {
        "bound": [_kept(binding) for binding in bound],
        "forgotten": [name for name in before.names if name not in after.names],
    }
    if _differs(before.model, after.model):
        found["model"] = _kept(after.model) if after.model else None
    if before.result is not after.result and after.result is not None:
        found["result"] = _kept_result(after.result, bound)
    if before.settings != after.settings:
        found["settings"] = dict(after.settings)
    if before.conversations != after.conversations:
        found["conversations"] = _went_on(before.conversations, after.conversations)
    return found


def brings_secret(before: State, after: State) -> bool:
    """Whether a name was bound to a value that nobody wants to find in a file."""
    return any(
        is_secret(binding) for name, binding in after.names.items() if before.names.get(name) is not binding
    )


def is_kept(made: Mapping[str, Any], session: Session) -> bool:
    """Whether what a line bound can be made again: a model that its task cannot save lives in memory only."""
    if "warm" not in session.__dict__:
        return True
    keys = {ModelKey(**entry["recipe"]) for entry in made["bound"] if entry["kind"] == "model"}
    return not any(stored.key in keys and stored.load is None for stored in session.warm.store)


def restore(made: Mapping[str, Any], command: str, session: Session) -> bool:
    """Put back what a line changed; what it bound is parked until its next mention.

    Args:
        made: as `changes` returned it.
        command: the line's.
        session: as it was before that line.

    Returns:
        Whether that could be done: not where a result is of a type that is known no more.
    """
    try:
        bound = [_binding(entry, command, session) for entry in made["bound"]]
        result = _result(made, bound, command, session)
    except (KeyError, msgspec.ValidationError):
        return False
    names = session.names
    for binding in bound:
        names.bind(binding)
    for name in made["forgotten"]:
        if name in names:
            names.forget(name)
    if model := made.get("model"):
        names.use_model(_binding(model, command, session))
    if result is not None:
        names.remember(result)
    if "settings" in made:
        _restore_settings(made["settings"], session)
    if "conversations" in made:
        _restore_conversations(made["conversations"], session)
    return True


def _differs(before: Binding | None, after: Binding | None) -> bool:
    if before is None or after is None:
        return before is not after
    return (before.name, before.kind) != (after.name, after.kind) or (
        before.recipe is not after.recipe and before.recipe != after.recipe
    )


def _kept(binding: Binding) -> dict[str, Any]:
    return {"name": binding.name, "kind": binding.kind, "recipe": binding.recipe}


def _kept_result(result: Result, bound: list[Binding]) -> dict[str, Any]:
    """Write a result down: the name that holds it, or itself, or its fields where it is large."""
    for binding in bound:
        if binding.value is result:
            return {"name": binding.name}
    whole = result.to_dict()
    if len(msgspec.json.encode(whole)) <= LARGEST_RESULT:
        return {"whole": whole}
    return {"fields": msgspec.json.decode(msgspec.json.encode(result.fields()))}


def _result(made: Mapping[str, Any], bound: list[Binding], command: str, session: Session) -> Result | None:
    kept = made.get("result")
    if kept is None:
        return None
    if "name" in kept:
        found: Result = next(binding.value for binding in bound if binding.name == kept["name"])
        return found
    return KeptFields(values=kept["fields"]) if "fields" in kept else _read(kept["whole"], command, session)


def _binding(entry: Mapping[str, Any], command: str, session: Session) -> Binding:
    recipe = entry["recipe"]
    value = None
    if entry["kind"] == "result":
        value = _read(recipe, command, session)
    elif entry["kind"] == "value":
        value = recipe["text"]
    return Binding(entry["name"], entry["kind"], recipe, value)


def _read(kept: dict[str, Any], command: str, session: Session) -> Result:
    """Read a result; a plugin's type is known once the code of its command is imported.

    Raises:
        KeyError, msgspec.ValidationError: it is of no type that is known.
    """
    if kept["kind"] == KeptFields.kind:
        return msgspec.convert({name: kept[name] for name in ("guards", "values")}, KeptFields)
    try:
        return result_from_dict(kept)
    except KeyError:
        pass
    try:
        spec = session.commands.get(command)
        session.plugins.resolve(spec.target, owner=spec.name)
    except HfshellError as error:
        raise KeyError(kept["kind"]) from error
    return result_from_dict(kept)


def _restore_settings(said: Mapping[str, str], session: Session) -> None:
    for name in session.preferences.configuration.said.keys() - said.keys():
        session.preferences.change(name, None)
    for name, text in said.items():
        session.preferences.change(name, text)


def _went_on(
    before: Mapping[str, dict[str, Any]], after: Mapping[str, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return how conversations changed: of long ones, not all of what was said before."""
    changed: dict[str, dict[str, Any]] = {}
    for source, now in after.items():
        old = before.get(source, {"messages": []})
        if old == now:
            continue
        kept = next(
            (
                at
                for at, pair in enumerate(zip(old["messages"], now["messages"], strict=False))
                if pair[0] != pair[1]
            ),
            min(len(old["messages"]), len(now["messages"])),
        )
        changed[source] = {**now, "kept": kept, "messages": now["messages"][kept:]}
    for source in before.keys() - after.keys():
        changed[source] = {"kept": 0, "messages": []}
    return changed


def _restore_conversations(changed: Mapping[str, dict[str, Any]], session: Session) -> None:
    before = session.conversations.said()
    said = {}
    for source, now in changed.items():
        old = before.get(source, {"messages": []})["messages"][: now["kept"]]
        rest = {name: value for name, value in now.items() if name not in ("kept", "messages")}
        said[source] = {**rest, "messages": [*old, *now["messages"]]}
    session.conversations.take_up(said)
