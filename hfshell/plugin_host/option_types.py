"""Option dataclasses as data: what a plugin declares, kept in a file, and a stand-in made from it again."""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, asdict
from typing import Any

from hfshell.api.options import OptionInfo, option_field, option_fields
from hfshell.plugin_host.option_faults import option_faults

_TYPES: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool}
_ORIGIN = "__hfshell_origin__"
"""Attribute of a stand-in: the class that it stands for, `package.module:Class`."""


def describe(declared: type) -> dict[str, Any]:
    """Return an options dataclass as JSON types.

    Raises:
        TypeError: it is no frozen dataclass made with `option()` and `argument()`.
        ValueError: an option is declared wrongly, see `option_faults`.
    """
    if dataclasses.is_dataclass(declared) and not isinstance(declared, type):
        raise TypeError(
            f"options: {type(declared).__name__}() is an instance: write {type(declared).__name__}"
        )
    if not dataclasses.is_dataclass(declared) or not isinstance(declared, type):
        raise TypeError(f"{declared!r} is no dataclass of options")
    if not declared.__dataclass_params__.frozen:  # type: ignore[attr-defined] # every dataclass has it
        raise TypeError(f"{declared.__qualname__} is not frozen: write @dataclass(frozen=True)")
    declared_fields = option_fields(declared)
    for field in declared_fields:
        for wrong in option_faults(field):
            raise ValueError(f"{declared.__qualname__}.{field.name}: {wrong}")
    return {
        "name": declared.__name__,
        "origin": getattr(declared, _ORIGIN, f"{declared.__module__}:{declared.__qualname__}"),
        "about": (declared.__doc__ or "").strip(),
        "fields": [_describe_field(field) for field in declared_fields],
    }


def rebuild(described: dict[str, Any]) -> type:
    """Make a stand-in for a described dataclass: the same fields, none of the plugin's code."""
    fields: list[Any] = [
        (item["name"], _annotation(item), _declared_field(item)) for item in described["fields"]
    ]
    made = dataclasses.make_dataclass(described["name"], fields, frozen=True)
    made.__doc__ = described["about"]
    setattr(made, _ORIGIN, described["origin"])
    return made


class StandIns(Mapping[str, type]):
    """Stand-ins by verb, each made when it is looked at: making a class takes a millisecond.

    Args:
        described: what `describe` gave, by verb.
    """

    def __init__(self, described: Mapping[str, dict[str, Any]]) -> None:
        self._described = dict(described)
        self._made: dict[str, type] = {}

    def __getitem__(self, verb: str) -> type:
        if verb not in self._made:
            self._made[verb] = rebuild(self._described[verb])
        return self._made[verb]

    def __iter__(self) -> Iterator[str]:
        return iter(self._described)

    def __len__(self) -> int:
        return len(self._described)


def as_declared(declared: type, given: Any) -> Any:
    """Return an instance of the plugin's own class with the values that were given.

    Args:
        declared: the class, or a stand-in for it, whose plugin is imported now.
        given: any object with fields of the same names, or None; what it lacks takes the default.

    Raises:
        ValueError, TypeError: the class refuses the values.
    """
    names = [field.name for field in dataclasses.fields(declared)]
    values = {name: getattr(given, name) for name in names if hasattr(given, name)}
    return _original(declared)(**values)


def _original(declared: type) -> type:
    origin = getattr(declared, _ORIGIN, None)
    if origin is None:
        return declared
    module, _, path = origin.partition(":")
    found: Any = importlib.import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    kind: type = found
    return kind


def _describe_field(field: Any) -> dict[str, Any]:
    described = {
        "name": field.name,
        "type": field.type.__name__,
        "many": field.many,
        "optional": field.optional,
        "info": asdict(field.info),
    }
    return described if field.default is MISSING else {**described, "default": field.default}


def _annotation(item: dict[str, Any]) -> Any:
    plain: Any = _TYPES[item["type"]]
    whole: Any = tuple[plain, ...] if item["many"] else plain
    return whole | None if item["optional"] else whole


def _declared_field(item: dict[str, Any]) -> Any:
    info = OptionInfo(**{**item["info"], "choices": tuple(item["info"]["choices"])})
    default = item.get("default", MISSING)
    return option_field(info, tuple(default) if isinstance(default, list) else default)
