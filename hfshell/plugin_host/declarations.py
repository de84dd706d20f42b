"""What a plugin gives, held against the contract; as JSON types, so that nobody need import it."""

from __future__ import annotations

import re
import typing
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from hfshell.api.options import option_fields
from hfshell.api.roles import Role, RoleKind
from hfshell.api.specs import (
    API_VERSION,
    VERBS,
    CommandSpec,
    DataFormatSpec,
    MetricSpec,
    ModelSourceSpec,
    RendererSpec,
    Spec,
    TaskSpec,
)
from hfshell.errors import PluginError
from hfshell.plugin_host import option_types
from hfshell.plugin_host.printable import require_printable

S = TypeVar("S", bound=Spec)

KINDS: Mapping[str, type[Spec]] = MappingProxyType(
    {
        "hfshell_tasks": TaskSpec,
        "hfshell_commands": CommandSpec,
        "hfshell_model_sources": ModelSourceSpec,
        "hfshell_data_formats": DataFormatSpec,
        "hfshell_metrics": MetricSpec,
        "hfshell_renderers": RendererSpec,
    }
)
"""The type of declaration that each hook returns."""

MOST = 1000
"""Declarations that one plugin may return from a hook."""

_NAME = re.compile(r"[a-z][a-z0-9]*([-_.][a-z0-9]+)*")
_SCHEME = re.compile(r"[a-z][a-z0-9+-]*")
_TARGET = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")
_ENDING = re.compile(r"(\.[a-z0-9_+-]+)+")
# `starter` is that of a plugin of ours: where another declares it too, the catalogue takes ours.
_OWN_SCHEMES = frozenset({"run", "hub", "new"})


class NewerApiError(PluginError):
    """A declaration was written for a newer contract than the running hfshell speaks."""


@dataclass(frozen=True)
class Declarations:
    """What a plugin gives.

    Attributes:
        specs: declarations of all kinds, in the order of the hooks.
        observes: names of the observing hooks that it implements.
    """

    specs: tuple[Spec, ...] = ()
    observes: tuple[str, ...] = ()

    def of(self, kind: type[S]) -> tuple[S, ...]:
        """Return the declarations of one kind."""
        return tuple(spec for spec in self.specs if isinstance(spec, kind))

    def to_dict(self) -> dict[str, Any]:
        """Return the declarations as JSON types."""
        return {"specs": [_to_dict(spec) for spec in self.specs], "observes": list(self.observes)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Declarations:
        """Read declarations back. Options become stand-ins, see `option_types`."""
        return cls(tuple(_from_dict(item) for item in data["specs"]), tuple(data["observes"]))


NOTHING = Declarations()


def checked(hook: str, returned: Any) -> tuple[Spec, ...]:
    """Hold what a declaring hook returned against the contract.

    Raises:
        PluginError: it is something else; the message names the hook, the field and the fix.
    """
    if not isinstance(returned, typing.Iterable) or isinstance(returned, (str, bytes, Mapping)):
        kind = KINDS[hook].__name__
        raise PluginError(f"{hook} returned {_a(returned)}", hint=f"return a list: [{kind}(…)]")
    specs: list[Spec] = []
    for item in returned:
        if len(specs) == MOST:
            raise PluginError(f"{hook} returned more than {MOST:,} declarations")
        if not isinstance(item, KINDS[hook]):
            raise PluginError(f"{hook} returned {_a(item)} among its items, not a {KINDS[hook].__name__}")
        specs.append(_checked(item))
    return tuple(specs)


def _a(value: object) -> str:
    name = type(value).__name__
    return "None" if value is None else f"{'an' if name[:1] in 'aeiouAEIOU' else 'a'} {name}"


def _checked(spec: Spec) -> Spec:
    if isinstance(spec.api, int) and spec.api > API_VERSION:
        raise NewerApiError(
            f"{spec.name} was written for API {spec.api}; this hfshell speaks {API_VERSION}",
            hint="pip install -U hfshell",
        )
    try:
        plain = _to_dict(spec)
        require_printable(plain)
        whole = _from_dict(plain, like=spec)
    except (TypeError, ValueError, msgspec.ValidationError) as error:
        raise PluginError(f"{type(spec).__name__}({_called(spec)}): {error}") from None
    for wrong in _faults(whole):
        raise PluginError(f"{type(spec).__name__}({_called(spec)}): {wrong}")
    return whole


def _called(spec: Spec) -> str:
    return repr(spec.name)


def _faults(spec: Spec) -> typing.Iterator[str]:
    if not isinstance(spec, RendererSpec) and not (
        _SCHEME if isinstance(spec, ModelSourceSpec) else _NAME
    ).fullmatch(spec.name):
        yield "name is lower-case words joined by - _ or ."
    if not _TARGET.fullmatch(spec.target):
        yield f"target is package.module:attribute, not {spec.target!r}"
    if not isinstance(spec, RendererSpec) and (not spec.summary.strip() or "\n" in spec.summary):
        yield "summary is one line of text"
    match spec:
        case TaskSpec():
            yield from _task_faults(spec)
        case CommandSpec():
            yield from _command_faults(spec)
        case ModelSourceSpec() if spec.scheme in _OWN_SCHEMES:
            yield f"scheme: {spec.scheme}: is hfshell's own"
        case DataFormatSpec():
            yield from (
                f"endings: {end!r} is no ending such as .conllu"
                for end in spec.endings
                if not _ENDING.fullmatch(end)
            )
            if not spec.endings:
                yield "endings: name at least one"
        case _:
            return


def _task_faults(spec: TaskSpec) -> typing.Iterator[str]:
    names = [role.name for role in spec.roles]
    yield from (f"roles: {name} stands twice" for name in set(names) if names.count(name) > 1)
    if not spec.capabilities & {"predict", "eval"}:
        yield "capabilities: a task predicts, or evaluates"
    learns = {"finetune", "eval"} & spec.capabilities and not spec.self_supervised
    if learns and spec.roles and spec.target_role is None:
        yield (
            "roles: none has target=True, so nothing can be learnt or measured: add Role.label(), "
            'Role.labels() or Role.number(), or say capabilities=frozenset({"load", "predict"})'
        )
    for scheme in spec.schemes:
        if scheme in (*_OWN_SCHEMES, "starter") or not _SCHEME.fullmatch(scheme):
            yield f"schemes: {scheme!r} cannot be one"
    for verb, declared in spec.options.items():
        positional = [field.name for field in option_fields(declared) if field.info.positional]
        required = [field.name for field in option_fields(declared) if field.required]
        if positional:
            yield f"options[{verb!r}]: {positional[0]} is an argument; tasks add options only"
        if required:
            yield f"options[{verb!r}]: {required[0]} needs a default"


def _command_faults(spec: CommandSpec) -> typing.Iterator[str]:
    if spec.where != "kernel":
        yield "where: a plugin's command runs in the kernel; leave it out"
    if spec.binds not in ("result", "nothing"):
        yield f"binds: a plugin's command binds a result or nothing, not {spec.binds!r}"


def _to_dict(spec: Spec) -> dict[str, Any]:
    values = {item.name: getattr(spec, item.name) for item in fields(spec)}
    if isinstance(spec, TaskSpec):
        options = values.pop("options")
        if not isinstance(options, Mapping):
            raise TypeError("options is a mapping of verbs to dataclasses")
        unknown = [verb for verb in options if verb not in VERBS]
        if unknown:
            raise ValueError(f"options: there is no verb {unknown[0]!r}; there is {', '.join(VERBS)}")
        values["options"] = {verb: option_types.describe(kind) for verb, kind in options.items()}
        capabilities = values["capabilities"]
        if isinstance(capabilities, (set, frozenset)):
            values["capabilities"] = sorted(capabilities)
    elif isinstance(spec, CommandSpec):
        values["options"] = option_types.describe(values["options"])
    kind = next(hook for hook, kind in KINDS.items() if isinstance(spec, kind))
    return {"hook": kind, **{name: _plain(name, value) for name, value in values.items()}}


def _plain(name: str, value: Any) -> Any:
    """Return a field's value as JSON types.

    Raises:
        TypeError: it is none; a generator, say, of which nothing would be left for who reads it next.
    """
    if isinstance(value, typing.Iterator):
        raise TypeError(f"{name}: {_a(value)} can be read once only: write a tuple")
    try:
        return msgspec.to_builtins(value)
    except TypeError as error:
        raise TypeError(f"{name}: {_lowered(str(error))}") from None


def _from_dict(data: dict[str, Any], like: Spec | None = None) -> Spec:
    """Make a declaration from JSON types, checking each field's type.

    Args:
        data: as `_to_dict` gives it.
        like: the declaration that it was made of; its option classes are kept rather than stood in for.
    """
    kind = KINDS[data["hook"]]
    hints = _hints(kind)  # type: ignore[arg-type] # a class is hashable, whatever mypy thinks
    values: dict[str, Any] = {}
    for name, value in data.items():
        if name == "hook":
            continue
        if name == "options":
            values[name] = (
                like.options if isinstance(like, (TaskSpec, CommandSpec)) else _options(value, kind)
            )
            continue
        try:
            values[name] = msgspec.convert(value, hints[name])
        except msgspec.ValidationError as error:
            raise TypeError(f"{name}: {_said(error, value, hints[name])}") from None
    return kind(**values)


def _said(error: msgspec.ValidationError, value: Any, wanted: Any) -> str:
    """Say what is wrong with a field, and what would be right where that is known."""
    if isinstance(value, str) and typing.get_origin(wanted) is tuple:
        return f'a tuple is wanted: write ("{value}",)'
    if wanted == tuple[Role, ...] and isinstance(value, (list, tuple)):
        kinds = typing.get_args(RoleKind)
        wrong = [role["kind"] for role in value if isinstance(role, dict) and role.get("kind") not in kinds]
        if wrong:
            return f"there is no kind {wrong[0]!r}; there is {', '.join(kinds)}"
    return _lowered(str(error))


def _options(described: dict[str, Any], kind: type[Spec]) -> Any:
    if kind is CommandSpec:
        return option_types.rebuild(described)
    return option_types.StandIns(described)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _lowered(message: str) -> str:
    return message[:1].lower() + message[1:].replace("`", "")
